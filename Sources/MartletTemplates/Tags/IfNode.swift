/// `{% if a %}…{% elif b %}…{% else %}…{% endif %}`.
final class IfNode: Node {
    let origin: Origin
    private let branches: [(condition: Condition, body: [any Node])]
    private let otherwise: [any Node]

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        origin = tag.origin
        var branches: [(condition: Condition, body: [any Node])] = []
        var otherwise: [any Node] = []
        var condition = try parser.condition(tag.words)
        while true {
            let (body, end) = try parser.parse(until: ["elif", "else", "endif"], opening: tag)
            branches.append((condition, body))
            guard let end, end.name == "elif" else {
                if let end, end.name == "else", !end.words.isEmpty {
                    throw end.origin.locate(
                        TemplateProblem.syntax(
                            "'else' takes no condition.",
                            "Write {% elif \(end.words.dropFirst(end.words[0] == "if" ? 1 : 0).joined(separator: " ")) %}."
                        ))
                }
                if end?.name == "else" { otherwise = try parser.body(of: tag, until: "endif") }
                break
            }
            do {
                condition = try parser.condition(end.words)
            } catch {
                throw end.origin.locate(error)
            }
        }
        self.branches = branches
        self.otherwise = otherwise
    }

    func render(_ renderer: inout Renderer) throws {
        for branch in branches where try renderer.isMet(branch.condition) {
            return try renderer.render(branch.body)
        }
        try renderer.render(otherwise)
    }
}
