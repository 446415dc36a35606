/// `{% verbatim %}…{% endverbatim %}`; the lexer has made plain text of what lies between.
final class VerbatimNode: Node {
    let origin: Origin
    private let body: [any Node]

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        origin = tag.origin
        body = try parser.body(of: tag, until: "endverbatim")
    }

    func render(_ renderer: inout Renderer) throws {
        try renderer.render(body)
    }
}
