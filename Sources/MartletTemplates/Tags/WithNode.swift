/// `{% with total=posts|length name=user.name %}…{% endwith %}`, or the older `{% with value as name %}`.
final class WithNode: Node {
    let origin: Origin
    private let bindings: [(name: Name, value: Expression)]
    private let body: [any Node]

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        origin = tag.origin
        if tag.words.count == 3, tag.words[1] == "as" {
            bindings = [(Name(tag.words[2]), try parser.expression(tag.words[0]))]
        } else {
            bindings = try tag.words.map { word in
                guard let (name, value) = keyword(in: word) else {
                    throw tag.syntax("'\(word)' is not a name with a value.", "Write name=value without spaces.")
                }
                return (Name(name), try parser.expression(value))
            }
        }
        guard !bindings.isEmpty else {
            throw tag.syntax("The tag needs at least one name=value.", "Write {% with name=value %}.")
        }
        body = try parser.body(of: tag, until: "endwith")
    }

    func render(_ renderer: inout Renderer) throws {
        let values = try bindings.map { try renderer.value($0.value) }
        let mark = renderer.scope.open()
        for (binding, value) in zip(bindings, values) { renderer.scope.bind(binding.name, value) }
        try renderer.render(body)
        renderer.scope.close(mark)
    }
}
