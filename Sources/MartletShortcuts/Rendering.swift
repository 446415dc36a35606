public import MartletHTTP
import MartletMessages
import MartletMiddleware
import MartletRouting
public import MartletTemplates

/// What `render` needs of the running site; bound to the task of each request.
public struct Rendering: Sendable {
    /// The site's templates.
    public let engine: TemplateEngine

    /// The prefix of static files' addresses, such as `/static/`.
    public let staticURL: String

    /// The names of static files in production, by those that templates know; `nil` where they are the same.
    public let staticNames: [String: String]?

    /// The rendering of the current task's site.
    @TaskLocal public static var current: Rendering?

    /// Makes a rendering.
    public init(engine: TemplateEngine, staticURL: String, staticNames: [String: String]? = nil) {
        self.engine = engine
        self.staticURL = staticURL
        self.staticNames = staticNames
    }

    /// Renders a template for a request.
    ///
    /// Templates see the request as `request` (`method`, `path`, `query`), can make addresses with `{% url %}` and
    /// `{% static %}`, see `messages`, and get the CSRF token and, as `csp_nonce`, the nonce of the content security
    /// policy.
    public func bytes(
        _ request: Request, _ template: String, _ context: TemplateContext
    ) throws(TemplateError) -> [UInt8] {
        try bytes(request, template, context, fragments: nil)
    }

    /// - Parameter fragments: What is known of the parts within `{% cache %}`; `nil` renders them each time.
    func bytes(
        _ request: Request, _ template: String, _ context: TemplateContext, fragments: TemplateFragments?
    ) throws(TemplateError) -> [UInt8] {
        var context = context
        context.addDefaults(["request": RequestView(request: request)])
        if let messages = request.messagesIfAny { context.addDefaults(messages.templateContext) }
        var services = services(for: request, fragments)
        services.fragments = fragments
        return try engine.render(template, context, services: services)
    }

    /// The address of a static file. What follows `?` or `#` stays.
    ///
    /// - Throws: `TemplateProblem` for a file that was not collected: its old name would be found nowhere.
    private func address(ofStatic name: String) throws -> String {
        guard let staticNames else { return staticURL + PathEncoding.encode(name) }
        let file = name.prefix { $0 != "?" && $0 != "#" }
        // Folders have no content to make a name of.
        if file.hasSuffix("/") { return staticURL + PathEncoding.encode(name) }
        guard let hashed = staticNames[String(file)] else {
            throw TemplateProblem(
                "The static file '\(file)' is not among those that were collected.",
                remedy: "Correct the name, or run manage collectstatic again.")
        }
        return staticURL + PathEncoding.encode(hashed) + name[file.endIndex...]
    }

    private func services(for request: Request, _ fragments: TemplateFragments?) -> TemplateServices {
        TemplateServices(
            url: { name, positional, named in
                try request.reverse(name, texts: positional.map(\.text), named: named.mapValues(\.text))
            },
            staticURL: { try address(ofStatic: $0) },
            csrfToken: {
                fragments?.noteOneTimeUse()
                return try? request.csrfToken
            },
            query: { request.query.map { ($0.name, $0.value) } },
            cspNonce: {
                fragments?.noteOneTimeUse()
                return try? request.cspNonce
            })
    }
}

/// Renders a template as an HTML response.
///
/// ```swift
/// return try render(request, "blog/post_detail.html", ["post": post])
/// ```
///
/// A page with `{% cache %}` in it is finished when the view has returned, since the cache may have to be waited for.
///
/// - Parameters:
///   - template: The template's name in the site's template folders.
///   - context: The names the template can use.
///   - status: 200 unless told.
/// - Throws: `TemplateError` with the template, the line and the remedy.
///
/// Source: [Django, `render()`](https://docs.djangoproject.com/en/5.2/topics/http/shortcuts/#render).
public func render(
    _ request: Request, _ template: String, _ context: TemplateContext = [:], status: HTTPStatus = .ok
) throws -> Response {
    guard let rendering = Rendering.current else {
        throw TemplateProblem(
            "No site is bound to this task.", remedy: "Call render in a view, or in `site.bound { … }`.")
    }
    let messages = request.messagesIfAny
    let fragments = TemplateFragments { messages?.asks ?? 0 }
    let content = try rendering.bytes(request, template, context, fragments: fragments)
    if fragments.wanted.isEmpty { return Response(content: content, contentType: .html, status: status) }
    let page = FragmentedPage(rendering, request, template, context, fragments)
    return Response(later: page.content, contentType: .html, status: status)
}

/// A request as templates see it.
private struct RequestView: TemplateObject {
    let request: Request

    var templateText: String { "\(request.method) \(request.path)" }

    func templateMember(_ name: String) -> TemplateValue? {
        switch name {
        case "method": .string(request.method.rawValue)
        case "path": .string(request.path)
        case "query_string": .string(request.queryString)
        case "GET", "query":
            .dictionary(TemplateDictionary(request.query.map { ($0.name, TemplateValue.string($0.value)) }))
        default: nil
        }
    }
}
