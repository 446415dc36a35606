/// `{% autoescape off %}…{% endautoescape %}`.
final class AutoescapeNode: Node {
    let origin: Origin
    private let isOn: Bool
    private let body: [any Node]

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        guard tag.words == ["on"] || tag.words == ["off"] else {
            throw tag.syntax("The tag needs 'on' or 'off'.", "Write {% autoescape off %}.")
        }
        origin = tag.origin
        isOn = tag.words == ["on"]
        body = try parser.body(of: tag, until: "endautoescape")
    }

    func render(_ renderer: inout Renderer) throws {
        let outer = renderer.autoescape
        renderer.autoescape = isOn
        try renderer.render(body)
        renderer.autoescape = outer
    }
}
