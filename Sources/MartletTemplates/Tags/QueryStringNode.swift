/// `{% querystring page=2 sort=None as address %}`: the query of the page with some of its values changed.
///
/// Source: [Django, `querystring`](https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#querystring).
final class QueryStringNode: Node {
    private typealias Item = (name: String, value: String)

    let origin: Origin
    private let base: Expression?
    private let changes: [(name: String, value: Expression)]
    private let target: Name?

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        origin = tag.origin
        var words = tag.words
        target = takeTarget(&words)
        let (positional, named) = try arguments(words, parser)
        guard positional.count <= 1 else {
            throw tag.syntax("The tag takes one dictionary at most.", "Write {% querystring page=2 %}.")
        }
        base = positional.first
        changes = named
    }

    func render(_ renderer: inout Renderer) throws {
        let original = try items(&renderer)
        var items = original
        for (name, value) in changes {
            let texts = Self.texts(try renderer.value(value))
            let place = items.firstIndex { $0.name == name } ?? items.endIndex
            items.removeAll { $0.name == name }
            items.insert(contentsOf: texts.map { (name, $0) }, at: place)
        }
        // A lone '?' leads to the page without the query that it has; without one there is nothing to remove.
        let query = items.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
        let text = items.isEmpty && original.isEmpty ? "" : "?" + query
        if let target { renderer.scope.bind(target, .string(text)) } else { try renderer.write(.string(text)) }
    }

    /// What is changed: the given dictionary, else the query of the request.
    private func items(_ renderer: inout Renderer) throws -> [Item] {
        switch try base.map({ try renderer.value($0) }) {
        case .dictionary(let dictionary):
            return dictionary.pairs.flatMap { pair in Self.texts(pair.value).map { (pair.key, $0) } }
        case nil, .null:
            return try renderer.environment.services.query()
        case let value?:
            throw TemplateProblem(
                "'\(value.text)' is no dictionary.",
                remedy: "Give the tag a dictionary, or none for the page's own query.")
        }
    }

    /// The texts of a value: none for no value, one for each element of a list or name of a dictionary.
    private static func texts(_ value: TemplateValue) -> [String] {
        switch value {
        case .null: []
        case .list(let values): values.map(\.text)
        case .dictionary(let dictionary): dictionary.keys
        default: [value.text]
        }
    }

    private static func encoded(_ text: String) -> String {
        percentEncoded(text, keeping: " ~").replacing(" ", with: "+")
    }
}
