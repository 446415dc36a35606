/// `{% ifchanged value %}…{% else %}…{% endifchanged %}`: the body where a value differs from that of the last pass.
final class IfChangedNode: Node {
    let origin: Origin
    private let values: [Expression]
    private let body: [any Node]
    private let otherwise: [any Node]

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        origin = tag.origin
        values = try tag.words.map(parser.expression)
        let (body, end) = try parser.parse(until: ["else", "endifchanged"], opening: tag)
        self.body = body
        otherwise = end?.name == "else" ? try parser.body(of: tag, until: "endifchanged") : []
    }

    func render(_ renderer: inout Renderer) throws {
        var content: String?
        let now: TemplateValue
        if values.isEmpty {
            let text = try renderer.capture { try $0.render(body) }
            content = text
            now = .string(text)
        } else {
            now = .list(try values.map { try renderer.value($0, missing: .null) })
        }
        let run = renderer.loops.count > renderer.loopFloor ? renderer.loops[renderer.loops.count - 1].run : 0
        if let before = renderer.changes[ObjectIdentifier(self)], before.run == run,
            TemplateValue.areEqual(before.value, now)
        {
            return try renderer.render(otherwise)
        }
        renderer.changes[ObjectIdentifier(self)] = (run, now)
        if let content { renderer.output.append(raw: content) } else { try renderer.render(body) }
    }
}
