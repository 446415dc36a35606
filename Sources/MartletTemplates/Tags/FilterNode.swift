/// `{% filter upper|cut:" " %}…{% endfilter %}`: filters over the content.
final class FilterNode: Node {
    let origin: Origin
    private let expression: Expression
    private let content = Name("content of the filter tag")
    private let body: [any Node]

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        origin = tag.origin
        let filters = tag.token.content.dropFirst(tag.name.utf8.count)
        let parsed = try parser.expression("var|" + filters.drop { $0 == " " })
        for use in parsed.filters where use.name == "escape" || use.name == "safe" {
            throw tag.syntax("'\(use.name)' does not work on content.", "Use {% autoescape %} instead.")
        }
        expression = Expression(
            text: parsed.text, operand: .variable(Variable(content)), filters: parsed.filters)
        body = try parser.body(of: tag, until: "endfilter")
    }

    func render(_ renderer: inout Renderer) throws {
        let text = try renderer.capture { try $0.render(body) }
        let mark = renderer.scope.open()
        renderer.scope.bind(content, .safe(text))
        let result = try renderer.value(expression)
        renderer.scope.close(mark)
        // The content was escaped as it was made.
        renderer.output.append(raw: result.text)
    }
}
