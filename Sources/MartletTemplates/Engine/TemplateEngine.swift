import Synchronization

/// Finds templates, compiles each once, and renders them.
///
/// ```swift
/// let engine = TemplateEngine(loaders: [.directory("Templates")])
/// let page = try engine.render("blog/detail.html", ["post": post, "title": "Swifts"])
/// ```
///
/// The language is Django's; `Docs/templates.md` has the tags and filters.
/// Source: [The Django template language](https://docs.djangoproject.com/en/5.2/ref/templates/language/).
public final class TemplateEngine: Sendable {
    /// What a name without a value does.
    public struct Undefined: Sendable, Equatable {
        private let name: String
        /// It prints nothing, as in Django.
        public static let empty = Undefined(name: "empty")
        /// It is an error, except before `|default`. Conditions may still ask whether a name is in the context.
        public static let error = Undefined(name: "error")
    }

    private struct Key: Hashable {
        let name: String
        /// The position of the first loader that is asked.
        let firstLoader: Int
    }

    private struct Entry {
        let template: Template
        let version: String
    }

    let library: TemplateLibrary
    let undefined: Undefined
    let loaders: [TemplateLoader]
    private let reload: Bool
    /// Called after each rendering, on the task that asked for it; `nil` where nobody listens, which costs nothing.
    package let observer: (@Sendable (TemplateEvent) -> Void)?
    /// Asked only where somebody listens.
    private let now: @Sendable () -> ContinuousClock.Instant
    /// Shared by all renderings; held only to look up or store, never while a template is read or compiled.
    private let cache = Mutex<[Key: Entry]>([:])

    /// - Parameters:
    ///   - loaders: Where templates are found; the first that has a name wins.
    ///   - library: The tags and filters.
    ///   - undefined: What a name without a value does.
    ///   - reload: Whether templates are compiled again when they change; for development.
    ///   - observer: Called after each rendering.
    ///   - now: The time by which renderings are measured; the system's unless told.
    public init(
        loaders: [TemplateLoader], library: TemplateLibrary = .standard, undefined: Undefined = .empty,
        reload: Bool = false, observer: (@Sendable (TemplateEvent) -> Void)? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.loaders = loaders
        self.library = library
        self.undefined = undefined
        self.reload = reload
        self.observer = observer
        self.now = now
    }

    /// Renders a template to bytes in UTF-8.
    ///
    /// - Parameters:
    ///   - name: The template's name, for example `blog/detail.html`.
    ///   - context: The names that the template can use.
    ///   - services: What the web gives: addresses, the CSRF token, the clock.
    /// - Throws: ``TemplateError`` with the template, the line and the remedy.
    public func render(
        _ name: String, _ context: TemplateContext = [:], services: TemplateServices = TemplateServices()
    ) throws(TemplateError) -> [UInt8] {
        do {
            return try render(template(name), context, services)
        } catch {
            throw Origin(template: name, line: 0, text: "").locate(error)
        }
    }

    /// Renders the first of several templates that exists, as Django's `select_template` does.
    ///
    /// - Throws: ``TemplateError`` if none exists or the rendering fails.
    public func render(
        firstOf names: [String], _ context: TemplateContext = [:], services: TemplateServices = TemplateServices()
    ) throws(TemplateError) -> [UInt8] {
        do {
            for name in names {
                if let template = try template(name, afterLoader: -1) { return try render(template, context, services) }
            }
            throw TemplateProblem("No loader has any of the templates.", remedy: "Create one of them.", kind: .notFound)
        } catch {
            throw Origin(template: names.joined(separator: ", "), line: 0, text: "").locate(error)
        }
    }

    /// Renders a template to text.
    ///
    /// - Throws: ``TemplateError`` with the template, the line and the remedy.
    public func renderText(
        _ name: String, _ context: TemplateContext = [:], services: TemplateServices = TemplateServices()
    ) throws(TemplateError) -> String {
        String(decoding: try render(name, context, services: services), as: UTF8.self)
    }

    /// Whether a loader has a template of that name.
    public func hasTemplate(_ name: String) -> Bool {
        loaders.contains { $0.version(name) != nil }
    }

    private func render(
        _ template: Template, _ context: TemplateContext, _ services: TemplateServices
    ) throws -> [UInt8] {
        guard let observer else { return try output(of: template, context, services) }
        let listener = TemplateListener.current
        let start = now()
        let result = Result { try output(of: template, context, services, heardBy: listener) }
        let isFailed = if case .failure = result { true } else { false }
        observer(TemplateEvent(name: template.name, duration: start.duration(to: now()), hasFailed: isFailed))
        return try result.get()
    }

    private func output(
        of template: Template, _ context: TemplateContext, _ services: TemplateServices,
        heardBy listener: TemplateListener? = nil
    ) throws -> [UInt8] {
        let environment = RenderEnvironment(services: services, undefined: undefined)
        var renderer = Renderer(engine: self, environment: environment, context: context.values)
        if listener != nil { renderer.trace = TemplateTrace(now: now) }
        defer { if let root = renderer.trace?.root { listener?.hear(root) } }
        renderer.output.reserveCapacity(template.lastSize.load(ordering: .relaxed))
        try renderer.render(template)
        template.lastSize.store(renderer.output.count, ordering: .relaxed)
        return renderer.output
    }

    /// The compiled template of that name.
    func template(_ name: String) throws -> Template {
        if let template = try template(name, afterLoader: -1) { return template }
        throw missing(name)
    }

    /// The compiled template of that name, if a loader after the one at that position has it.
    func template(_ name: String, afterLoader position: Int) throws -> Template? {
        let key = Key(name: name, firstLoader: position + 1)
        if let entry = cache.withLock({ $0[key] }), !reload || isCurrent(entry, key) { return entry.template }
        for index in loaders.indices.dropFirst(key.firstLoader) {
            guard let source = try load(name, from: loaders[index]) else { continue }
            let (template, errors) = compile(name, source.text, loader: index)
            guard let template else { throw errors[0] }
            cache.withLock { $0[key] = Entry(template: template, version: source.version) }
            return template
        }
        return nil
    }

    /// Whether the entry's loader still has that version, and none before it has come to have the template.
    private func isCurrent(_ entry: Entry, _ key: Key) -> Bool {
        for index in loaders.indices.dropFirst(key.firstLoader) {
            guard let version = loaders[index].version(key.name) else { continue }
            return index == entry.template.loader && version == entry.version
        }
        return false
    }

    private func load(_ name: String, from loader: TemplateLoader) throws -> TemplateLoader.Source? {
        do {
            return try loader.load(name)
        } catch {
            throw Origin(template: name, line: 0, text: "").locate(error)
        }
    }

    func missing(_ name: String) -> TemplateProblem {
        let names = loaders.flatMap { (try? $0.names()) ?? [] }
        let suggestion = nearest(to: name, among: names).map { "Did you mean '\($0)'? " } ?? ""
        return TemplateProblem(
            "No loader has the template '\(name)'.",
            remedy: suggestion + "Create it in a folder of templates, with this path, or correct the name.",
            kind: .notFound)
    }

    /// Compiles a template's text; without a template there is at least one error.
    ///
    /// - Parameter collects: Whether to go on after unknown tags and filters.
    func compile(
        _ name: String, _ text: [UInt8], loader: Int, collects: Bool = false
    ) -> (template: Template?, errors: [TemplateError]) {
        let origin = Origin(template: name, line: 0, text: "")
        guard String(validating: text, as: UTF8.self) != nil else {
            let problem = TemplateProblem("The template is not UTF-8.", remedy: "Save it in UTF-8.", kind: .unreadable)
            return (nil, [origin.locate(problem)])
        }
        let parser = TemplateParser(template: name, tokens: Lexer.tokens(of: text), library: library)
        if collects { parser.collected = [] }
        do {
            let nodes = try parser.parse()
            return (Template(parser, nodes: nodes, loader: loader), parser.collected ?? [])
        } catch {
            return (nil, (parser.collected ?? []) + [origin.locate(error)])
        }
    }
}
