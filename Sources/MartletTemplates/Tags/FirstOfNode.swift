/// `{% firstof a b "nothing" as name %}`: the first value that is true.
final class FirstOfNode: Node {
    let origin: Origin
    private let values: [Expression]
    private let target: Name?

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        var words = tag.words
        target = takeTarget(&words)
        guard !words.isEmpty else {
            throw tag.syntax("The tag needs at least one value.", "Write {% firstof a b \"nothing\" %}.")
        }
        origin = tag.origin
        values = try words.map(parser.expression)
    }

    func render(_ renderer: inout Renderer) throws {
        var found: TemplateValue = .string("")
        for expression in values {
            let value = try renderer.value(expression, missing: .null)
            guard try value.isTrue else { continue }
            found = value
            break
        }
        if let target { renderer.scope.bind(target, found) } else { try renderer.write(found) }
    }
}
