public import FoundationEssentials

/// What templates need from the web around them; the engine itself knows none.
public struct TemplateServices: Sendable {
    /// A page's address from its name, the arguments without and those with a name, for `{% url %}`.
    public typealias URLMaker = @Sendable (String, [TemplateValue], [String: TemplateValue]) throws -> String

    /// Makes the address of a page.
    public var url: URLMaker
    /// Makes the address of a static file from its name, for `{% static %}`.
    public var staticURL: @Sendable (String) throws -> String
    /// The token that forms send back, for `{% csrf_token %}`; nil where there is none.
    public var csrfToken: @Sendable () -> String?
    /// The fields of the page's own query, for `{% querystring %}`.
    public var query: @Sendable () throws -> [(name: String, value: String)]
    /// The nonce of the response's content security policy, for `{{ csp_nonce }}`; nil where there is none.
    public var cspNonce: @Sendable () -> String?
    /// What is known of the parts within `{% cache %}`; nil where nothing is kept.
    public var fragments: TemplateFragments?
    /// The clock, for `{% now %}` and `timesince`.
    public var now: @Sendable () -> Date
    /// The zone in which dates are written.
    public var timeZone: TemplateTimeZone

    /// Services of one request; those not given fail with an error that says so, or have nothing to give.
    public init(
        url: @escaping URLMaker = noURLs,
        staticURL: @escaping @Sendable (String) throws -> String = noStaticFiles,
        csrfToken: @escaping @Sendable () -> String? = { nil },
        query: @escaping @Sendable () throws -> [(name: String, value: String)] = noQuery,
        cspNonce: @escaping @Sendable () -> String? = { nil },
        now: @escaping @Sendable () -> Date = { Date.now },
        timeZone: TemplateTimeZone = .utc
    ) {
        self.url = url
        self.staticURL = staticURL
        self.csrfToken = csrfToken
        self.query = query
        self.cspNonce = cspNonce
        self.now = now
        self.timeZone = timeZone
    }

    /// The ``url`` of a rendering without routes: always an error.
    public static let noURLs: URLMaker = { name, _, _ in
        throw TemplateProblem(
            "There are no routes to find '\(name)' in.", remedy: "Render with TemplateServices that have 'url'.")
    }

    /// The ``staticURL`` of a rendering without static files: always an error.
    public static let noStaticFiles: @Sendable (String) throws -> String = { name in
        throw TemplateProblem(
            "There is no address for the static file '\(name)'.",
            remedy: "Render with TemplateServices that have 'staticURL'.")
    }
}

extension TemplateServices {
    /// The ``query`` of a rendering without a request: always an error.
    public static let noQuery: @Sendable () throws -> [(name: String, value: String)] = {
        throw TemplateProblem(
            "There is no request whose query could be changed.",
            remedy: "Give the tag a dictionary, or render with TemplateServices that have 'query'.")
    }
}

/// What stays the same during one rendering; a class, so that handing it to each filter costs one reference.
final class RenderEnvironment: Sendable {
    let services: TemplateServices
    let undefined: TemplateEngine.Undefined

    init(services: TemplateServices, undefined: TemplateEngine.Undefined) {
        self.services = services
        self.undefined = undefined
    }
}
