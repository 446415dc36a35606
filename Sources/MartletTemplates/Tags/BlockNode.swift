/// `{% extends "base.html" %}`. It writes nothing: the renderer looks for it before it begins.
final class ExtendsNode: Node {
    let origin: Origin
    let parent: Expression

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        guard tag.words.count == 1 else {
            throw tag.syntax("The tag needs the name of one template.", "Write {% extends \"base.html\" %}.")
        }
        guard !parser.isPastFirstTag else {
            throw tag.syntax("The tag must be the first of its template.", "Move it to the top.")
        }
        origin = tag.origin
        parent = try parser.expression(tag.words[0])
        parser.parent = self
        if let literal = parent.literalText {
            let name = try absoluteName(literal, from: tag.origin.template)
            parser.references.append(TemplateReference(tag: .extends, name: name, origin: origin))
        }
    }

    func name(_ text: String) throws -> String { try absoluteName(text, from: origin.template) }

    func render(_ renderer: inout Renderer) {}
}

/// `{% block name %}…{% endblock %}`.
final class BlockNode: Node {
    let origin: Origin
    private let name: String
    private let body: [any Node]

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        guard tag.words.count == 1 else {
            throw tag.syntax("The tag needs one name.", "Write {% block content %}.")
        }
        origin = tag.origin
        name = tag.words[0]
        let (body, end) = try parser.parse(until: ["endblock"], opening: tag)
        if let closing = end?.words.first, closing != name, let end {
            throw end.origin.locate(
                TemplateProblem.syntax(
                    "The block '\(name)' of line \(tag.token.line) is still open.",
                    "Close it with {% endblock \(name) %}."))
        }
        self.body = body
        if let first = parser.blocks[name] {
            throw tag.syntax(
                "The block '\(name)' exists already, in line \(first.origin.line).", "Give one of them another name.")
        }
        parser.blocks[name] = self
    }

    /// Renders the block of the youngest template that has it.
    func render(_ renderer: inout Renderer) throws {
        for (level, template) in renderer.inheritance.enumerated() {
            if let block = template.blocks[name] {
                return try block.render(&renderer, level: level)
            }
        }
        // A block of a template compiled on its own is always its template's.
        try render(&renderer, level: 0)
    }

    /// Renders this block, which the template at `level` of the inheritance has.
    func render(_ renderer: inout Renderer, level: Int) throws {
        let outer = renderer.block
        renderer.block = (name, level)
        let mark = renderer.scope.open()
        try renderer.render(body)
        renderer.scope.close(mark)
        renderer.block = outer
    }
}

/// `{{ block.super }}` without filters, written in place.
final class SuperNode: Node {
    let origin: Origin

    init(origin: Origin) {
        self.origin = origin
    }

    func render(_ renderer: inout Renderer) throws {
        try renderer.renderSuper()
    }
}

extension Renderer {
    /// Writes the block of the next older template that has the one being rendered; nothing if none has.
    mutating func renderSuper() throws {
        guard let block else {
            throw TemplateProblem("'block.super' stands outside a block.", remedy: "Use it inside {% block %}.")
        }
        guard inheritance.count > 1 else {
            throw TemplateProblem(
                "'block.super' stands in a template that extends none.", remedy: "Remove it, or add {% extends %}.")
        }
        for level in (block.level + 1)..<max(inheritance.count, block.level + 1) {
            if let older = inheritance[level].blocks[block.name] { return try older.render(&self, level: level) }
        }
    }
}

/// `./name` and `../name` as seen from the template they stand in; other names as they are.
func absoluteName(_ name: String, from template: String) throws -> String {
    guard name.hasPrefix("./") || name.hasPrefix("../") else { return name }
    var parts = template.split(separator: "/").dropLast().map(String.init)
    for part in name.split(separator: "/") {
        switch part {
        case ".": continue
        case ".." where parts.isEmpty:
            throw TemplateProblem.syntax("'\(name)' leads out of the templates.", "Remove a '../'.")
        case "..": parts.removeLast()
        default: parts.append(String(part))
        }
    }
    return parts.joined(separator: "/")
}
