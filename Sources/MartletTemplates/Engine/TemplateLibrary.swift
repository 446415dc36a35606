/// The tags and filters that templates may use.
///
/// ```swift
/// var library = TemplateLibrary.standard
/// library.register("blog_extras") { tags in
///     tags.filter("shout") { value, _ in .string(value.text.uppercased() + "!") }
///     tags.simpleTag("greet") { call in .string("Hello \(try call.argument(0).text)") }
///     tags.inclusionTag("tag_cloud", template: "blog/tag_cloud.html") { call in ["tags": try call.argument(0)] }
/// }
/// ```
///
/// What is registered can be used in every template; `{% load blog_extras %}` is accepted and checks the name.
///
/// Source: [Custom template tags and filters](https://docs.djangoproject.com/en/5.2/howto/custom-template-tags/).
public struct TemplateLibrary: Sendable {
    typealias TagParser = @Sendable (TemplateParser, Tag) throws -> (any Node)?

    var filters: [String: TemplateFilter] = [:]
    var tags: [String: TagParser] = [:]
    var names: Set<String> = []

    /// A library without any tag or filter.
    public init() {}

    /// The tags and filters of Django that Martlet has; see `Docs/templates.md`.
    public static let standard: TemplateLibrary = {
        var library = TemplateLibrary()
        library.addStandardTags()
        library.addStandardFilters()
        library.names = ["cache", "humanize", "static"]
        return library
    }()

    /// Adds tags and filters under the name that `{% load name %}` uses.
    public mutating func register(_ name: String, _ add: (inout TemplateLibrary) -> Void) {
        names.insert(name)
        add(&self)
    }

    /// Adds a filter, replacing one of the same name.
    ///
    /// - Parameters:
    ///   - name: What stands after `|`.
    ///   - argument: Whether a value follows the name after a colon.
    ///   - keepsSafe: Whether the result of HTML without new special characters is HTML, too (Django's `is_safe`).
    ///   - body: Makes the result of the value before `|`.
    public mutating func filter(
        _ name: String, argument: TemplateFilter.Argument = .optional, keepsSafe: Bool = false,
        _ body: @escaping @Sendable (_ value: TemplateValue, _ call: FilterCall) throws -> TemplateValue
    ) {
        filters[name] = TemplateFilter(argument: argument, keepsSafe: keepsSafe, body: body)
    }

    /// Adds a tag whose value a function makes of the tag's arguments: `{% greet user.name loud=True as text %}`.
    ///
    /// The value is escaped unless it is ``TemplateValue/safe(_:)``.
    public mutating func simpleTag(
        _ name: String, _ body: @escaping @Sendable (TagCall) throws -> TemplateValue
    ) {
        tags[name] = { parser, tag in try SimpleTagNode(parser, tag, body) }
    }

    /// Adds a tag with content, up to `{% endNAME %}`; the content is rendered first.
    ///
    /// The value is escaped unless it is ``TemplateValue/safe(_:)``.
    public mutating func simpleBlockTag(
        _ name: String, _ body: @escaping @Sendable (_ call: TagCall, _ content: String) throws -> TemplateValue
    ) {
        tags[name] = { parser, tag in try SimpleBlockTagNode(parser, tag, body) }
    }

    /// Adds a tag that renders another template with a context that a function makes of the tag's arguments.
    public mutating func inclusionTag(
        _ name: String, template: String, _ body: @escaping @Sendable (TagCall) throws -> TemplateContext
    ) {
        tags[name] = { parser, tag in try InclusionTagNode(parser, tag, template, body) }
    }
}

/// A filter as a library keeps it.
public struct TemplateFilter: Sendable {
    /// Whether a filter takes an argument.
    public enum Argument: Sendable {
        /// `value|name` only.
        case none
        /// `value|name` or `value|name:argument`.
        case optional
        /// `value|name:argument` only.
        case required
    }

    let argument: Argument
    let keepsSafe: Bool
    let body: @Sendable (TemplateValue, FilterCall) throws -> TemplateValue
}

/// What a filter knows beside its value.
public struct FilterCall: Sendable {
    /// The value after the colon, or nil.
    public let argument: TemplateValue?
    /// Whether output is escaped where the filter stands.
    public let autoescape: Bool
    let environment: RenderEnvironment

    /// What the web gives to this rendering.
    public var services: TemplateServices { environment.services }
}

/// What a tag of an application is called with.
public struct TagCall: Sendable {
    /// The arguments without a name.
    public let positional: [TemplateValue]
    /// The arguments with a name.
    public let keyword: [String: TemplateValue]
    let tag: String
    let scope: Scope
    let environment: RenderEnvironment

    /// What the web gives to this rendering.
    public var services: TemplateServices { environment.services }

    /// The argument at `index`, or called `name`.
    ///
    /// - Throws: ``TemplateProblem`` if the tag has neither.
    public func argument(_ index: Int, _ name: String? = nil) throws -> TemplateValue {
        if positional.indices.contains(index) { return positional[index] }
        if let name, let value = keyword[name] { return value }
        throw TemplateProblem(
            "The tag '\(tag)' needs \(name.map { "an argument '\($0)'" } ?? "more arguments").",
            remedy: "It got \(positional.count) without and \(keyword.count) with a name.")
    }

    /// The value that `name` has where the tag stands, or nil.
    public func variable(_ name: String) -> TemplateValue? {
        scope.find(Name(name))
    }
}
