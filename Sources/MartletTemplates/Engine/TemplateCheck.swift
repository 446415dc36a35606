/// What is wrong in the templates of an engine, found without rendering any.
public struct TemplateCheck: Sendable {
    /// A page that a template links to by name.
    public struct URLUse: Sendable, Equatable {
        /// The page's name, for example `blog:detail`.
        public let name: String
        /// The template.
        public let template: String
        /// The line, counted from 1.
        public let line: Int
        /// How many arguments without a name it is given.
        public let positional: Int
        /// The names of the other arguments.
        public let keywords: [String]
        /// Whether the template asks whether the page exists, with `as`.
        public let isOptional: Bool
    }

    /// The names of all templates, in order.
    public let templates: [String]
    /// All errors, in the order of templates and lines.
    public let errors: [TemplateError]
    /// The pages that templates name in `{% url %}`, to be compared with the routes.
    public let urls: [URLUse]
}

extension TemplateEngine {
    /// Compiles every template of the loaders and reports all errors at once.
    ///
    /// Also resolved are the names in `{% extends %}` and `{% include %}` that are written out.
    ///
    /// - Throws: ``TemplateError`` if a loader cannot list its templates.
    public func check() throws(TemplateError) -> TemplateCheck {
        var names: Set<String> = []
        do {
            for loader in loaders { names.formUnion(try loader.names()) }
        } catch {
            throw Origin(template: "(all)", line: 0, text: "").locate(error)
        }
        var compiled: [String: Template] = [:]
        var errors: [TemplateError] = []
        for name in names.sorted() {
            let (template, found) = compileForCheck(name)
            compiled[name] = template
            errors += found
        }
        for template in compiled.values {
            errors += template.references.compactMap { missingReference($0, among: names) }
        }
        errors += circles(in: compiled)
        errors.sort { ($0.template, $0.line) < ($1.template, $1.line) }
        let urls = compiled.values.flatMap(\.urls).sorted { ($0.template, $0.line) < ($1.template, $1.line) }
        return TemplateCheck(templates: names.sorted(), errors: errors, urls: urls)
    }

    private func compileForCheck(_ name: String) -> (template: Template?, errors: [TemplateError]) {
        do {
            for (index, loader) in loaders.enumerated() {
                guard let source = try loader.load(name) else { continue }
                return compile(name, source.text, loader: index, collects: true)
            }
            return (nil, [])
        } catch {
            return (nil, [Origin(template: name, line: 0, text: "").locate(error)])
        }
    }

    private func missingReference(_ reference: TemplateReference, among names: Set<String>) -> TemplateError? {
        names.contains(reference.name) ? nil : reference.origin.locate(missing(reference.name))
    }

    /// Templates that extend each other in a circle, each circle once.
    private func circles(in templates: [String: Template]) -> [TemplateError] {
        var done: Set<String> = []
        var errors: [TemplateError] = []
        for start in templates.keys.sorted() {
            var chain: [String] = []
            var name: String? = start
            while let current = name, !done.contains(current), !chain.contains(current) {
                chain.append(current)
                // A template that extends its own name means the one that it hides.
                name = templates[current]?.references.first { $0.tag == .extends && $0.name != current }?.name
            }
            if let name, let first = chain.firstIndex(of: name), let origin = templates[name]?.parent?.origin {
                let circle = chain[first...] + [name]
                errors.append(
                    origin.locate(
                        TemplateProblem(
                            "Templates extend each other in a circle: \(circle.joined(separator: " → ")).",
                            remedy: "Let one of them extend nothing.", kind: .recursion)))
            }
            done.formUnion(chain)
        }
        return errors
    }
}
