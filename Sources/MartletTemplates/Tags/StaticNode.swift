/// `{% static 'css/site.css' as address %}`.
final class StaticNode: Node {
    let origin: Origin
    private let name: Expression
    private let target: Name?

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        var words = tag.words
        target = takeTarget(&words)
        guard words.count == 1 else {
            throw tag.syntax("The tag needs the name of one file.", "Write {% static 'css/site.css' %}.")
        }
        origin = tag.origin
        name = try parser.expression(words[0])
    }

    func render(_ renderer: inout Renderer) throws {
        let address = try renderer.environment.services.staticURL(renderer.value(name).text)
        if let target { renderer.scope.bind(target, .string(address)) } else { try renderer.write(.string(address)) }
    }
}
