/// The arguments of a tag that an application registered.
struct TagArguments: Sendable {
    let name: String
    let positional: [Expression]
    let keyword: [(name: String, value: Expression)]

    init(_ name: String, _ words: [String], _ parser: TemplateParser) throws {
        self.name = name
        (positional, keyword) = try arguments(words, parser)
    }

    func call(_ renderer: inout Renderer) throws -> TagCall {
        let positional = try positional.map { try renderer.value($0) }
        var keyword: [String: TemplateValue] = [:]
        for (name, value) in self.keyword { keyword[name] = try renderer.value(value) }
        return TagCall(
            positional: positional, keyword: keyword, tag: name, scope: renderer.scope,
            environment: renderer.environment)
    }
}

/// A tag whose value a function makes.
final class SimpleTagNode: Node {
    let origin: Origin
    private let arguments: TagArguments
    private let target: Name?
    private let body: @Sendable (TagCall) throws -> TemplateValue

    init(_ parser: TemplateParser, _ tag: Tag, _ body: @escaping @Sendable (TagCall) throws -> TemplateValue) throws {
        var words = tag.words
        target = takeTarget(&words)
        origin = tag.origin
        arguments = try TagArguments(tag.name, words, parser)
        self.body = body
    }

    func render(_ renderer: inout Renderer) throws {
        let value = try body(arguments.call(&renderer))
        if let target { renderer.scope.bind(target, value) } else { try renderer.write(value) }
    }
}

/// A tag with content, whose value a function makes.
final class SimpleBlockTagNode: Node {
    let origin: Origin
    private let arguments: TagArguments
    private let target: Name?
    private let content: [any Node]
    private let body: @Sendable (TagCall, String) throws -> TemplateValue

    init(
        _ parser: TemplateParser, _ tag: Tag, _ body: @escaping @Sendable (TagCall, String) throws -> TemplateValue
    ) throws {
        var words = tag.words
        target = takeTarget(&words)
        origin = tag.origin
        arguments = try TagArguments(tag.name, words, parser)
        content = try parser.body(of: tag, until: "end" + tag.name)
        self.body = body
    }

    func render(_ renderer: inout Renderer) throws {
        let text = try renderer.capture { try $0.render(content) }
        let value = try body(arguments.call(&renderer), text)
        if let target { renderer.scope.bind(target, value) } else { try renderer.write(value) }
    }
}

/// A tag that renders a template with a context of its own.
final class InclusionTagNode: Node {
    let origin: Origin
    private let arguments: TagArguments
    private let template: String
    private let body: @Sendable (TagCall) throws -> TemplateContext

    init(
        _ parser: TemplateParser, _ tag: Tag, _ template: String,
        _ body: @escaping @Sendable (TagCall) throws -> TemplateContext
    ) throws {
        origin = tag.origin
        arguments = try TagArguments(tag.name, tag.words, parser)
        self.template = template
        self.body = body
        parser.references.append(TemplateReference(tag: .include, name: template, origin: origin))
    }

    func render(_ renderer: inout Renderer) throws {
        let context = try body(arguments.call(&renderer))
        let template = try renderer.engine.template(template)
        let mark = renderer.scope.open(isolated: true)
        let loops = renderer.loopFloor
        renderer.loopFloor = renderer.loops.count
        for (name, value) in context.values { renderer.scope.bind(Name(name), value) }
        try renderer.render(template)
        renderer.loopFloor = loops
        renderer.scope.close(mark)
    }
}
