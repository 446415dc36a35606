/// The state of one rendering: the bytes written so far, and what the nodes need to go on.
struct Renderer {
    /// A `{% for %}` in progress.
    struct Loop {
        var index: Int
        let count: Int
        /// Tells this run of the loop from others.
        let run: Int
    }

    let engine: TemplateEngine
    let environment: RenderEnvironment
    var output: [UInt8] = []
    var scope: Scope
    var autoescape = true
    var loops: [Loop] = []
    /// Loops below this are not seen, after `{% include … only %}`.
    var loopFloor = 0
    /// The template being rendered and its parents, the child first.
    var inheritance: [Template] = []
    /// The block being rendered, and its place in ``inheritance``.
    var block: (name: String, level: Int)?
    /// What tags such as `cycle` remember while their template is rendered.
    var memory: [ObjectIdentifier: TemplateValue] = [:]
    /// What `ifchanged` saw last, and in which run of a loop.
    var changes: [ObjectIdentifier: (run: Int, value: TemplateValue)] = [:]
    /// What debug tools are told; `nil` where nobody listens.
    var trace: TemplateTrace?
    private var runs = 0
    /// The names of the templates being rendered, the outermost first.
    var includes: [String] = []
    private var depth = 0

    /// Templates that include each other deeper than this are refused.
    static let maximumIncludes = 50
    /// Bodies of tags, over all included templates; a bound on the stack's use.
    static let maximumDepth = 150

    init(engine: TemplateEngine, environment: RenderEnvironment, context: [String: TemplateValue]) {
        self.engine = engine
        self.environment = environment
        scope = Scope(context)
    }

    /// Renders nodes in order. An error without a place gets that of its node.
    mutating func render(_ nodes: [any Node]) throws {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw TemplateProblem(
                "Tags and included templates are nested more than \(Self.maximumDepth) deep.",
                remedy: "Templates: \(includes.suffix(8).joined(separator: " → ")).", kind: .recursion)
        }
        for node in nodes {
            do {
                try node.render(&self)
            } catch {
                throw node.origin.locate(error)
            }
        }
    }

    /// Renders a template and its parents where another one stands.
    ///
    /// - Parameter names: The names that it alone is given; only debug tools want to know.
    mutating func render(_ template: Template, names: @autoclosure () -> [String] = []) throws {
        guard trace != nil else { return try renderWithParents(template) }
        trace?.begin(template.name, names: includes.isEmpty ? scope.names.sorted() : names())
        do {
            try renderWithParents(template)
        } catch {
            trace?.end(hasFailed: true)
            throw error
        }
        trace?.end(hasFailed: false)
    }

    private mutating func renderWithParents(_ template: Template) throws {
        includes.append(template.name)
        guard includes.count <= Self.maximumIncludes else {
            throw TemplateProblem(
                "Templates include each other more than \(Self.maximumIncludes) deep: "
                    + includes.suffix(6).joined(separator: " → ") + ".",
                remedy: "Give the recursion an end with {% if %}.", kind: .recursion)
        }
        let outer = (inheritance, block, memory, changes)
        inheritance = [template]
        block = nil
        memory = [:]
        changes = [:]
        while let parent = inheritance[inheritance.count - 1].parent {
            inheritance.append(try loadParent(parent))
        }
        if trace != nil { trace?.found(parents: inheritance.dropFirst().map(\.name)) }
        try render(inheritance[inheritance.count - 1].nodes)
        (inheritance, block, memory, changes) = outer
        includes.removeLast()
    }

    private mutating func loadParent(_ node: ExtendsNode) throws -> Template {
        do {
            let value = try value(node.parent)
            let names = inheritance.map(\.name)
            guard names.count <= Self.maximumIncludes else { throw cycle(names) }
            let name = try node.name(value.text)
            // A template that extends its own name means the one that it hides, in a later loader.
            let hidden = inheritance.last { $0.name == name }
            guard let hidden else { return try engine.template(name) }
            guard let template = try engine.template(name, afterLoader: hidden.loader) else {
                throw cycle(names + [name])
            }
            return template
        } catch {
            throw node.origin.locate(error)
        }
    }

    private func cycle(_ names: [String]) -> TemplateProblem {
        TemplateProblem(
            "Templates extend each other in a circle: \(names.suffix(8).joined(separator: " → ")).",
            remedy: "Let one of them extend nothing.", kind: .recursion)
    }

    /// Enters a loop; the loops are left in reverse order with `loops.removeLast()`.
    mutating func enterLoop(count: Int) {
        runs += 1
        loops.append(Loop(index: 0, count: count, run: runs))
    }

    /// What `body` writes, as text, without writing it.
    mutating func capture(_ body: (inout Renderer) throws -> Void) throws -> String {
        let outer = output
        output = []
        defer { output = outer }
        try body(&self)
        return String(decoding: output, as: UTF8.self)
    }

    /// Writes a value as `{{ }}` does.
    mutating func write(_ value: TemplateValue) throws {
        switch value {
        case .string(let text):
            if autoescape { output.appendEscaped(text) } else { output.append(raw: text) }
        case .safe(let text): output.append(raw: text)
        case .int(let number): output.append(raw: String(number))
        case .bool, .null, .decimal, .uuid: output.append(raw: value.text)
        case .double(let number): output.append(raw: plainText(of: number))
        case .date(let date):
            let moment = CalendarMoment(date, in: environment.services.timeZone)
            output.append(raw: DateFormat.dateTime.text(of: moment))
        case .day(let day): output.append(raw: DateFormat("DATE_FORMAT").text(of: CalendarMoment(day)))
        case .time(let time): output.append(raw: DateFormat("TIME_FORMAT").text(of: CalendarMoment(time)))
        case .duration: output.append(raw: value.text)
        case .object(let object):
            if let html = try object.templateHTML {
                output.append(raw: html)
            } else {
                try write(.string(object.templateText))
            }
        case .list, .dictionary: try write(.string(value.text))
        }
    }
}
