/// `{% url 'blog:detail' post.id page=2 as address %}`.
final class URLNode: Node {
    let origin: Origin
    private let name: Expression
    private let positional: [Expression]
    private let keyword: [(name: String, value: Expression)]
    private let target: Name?

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        origin = tag.origin
        var words = tag.words
        target = takeTarget(&words)
        guard let first = words.first else {
            throw tag.syntax("The tag needs the name of a page.", "Write {% url 'blog:detail' post.id %}.")
        }
        name = try parser.expression(first)
        (positional, keyword) = try arguments(words.dropFirst(), parser)
        if let literal = name.literalText {
            parser.urls.append(
                TemplateCheck.URLUse(
                    name: literal, template: origin.template, line: origin.line, positional: positional.count,
                    keywords: keyword.map(\.name), isOptional: target != nil))
        }
    }

    func render(_ renderer: inout Renderer) throws {
        let name = try renderer.value(name).text
        let positional = try positional.map { try renderer.value($0) }
        var keyword: [String: TemplateValue] = [:]
        for (name, value) in self.keyword { keyword[name] = try renderer.value(value) }
        let make = renderer.environment.services.url
        guard let target else { return try renderer.write(.string(make(name, positional, keyword))) }
        // With 'as' the template asks whether the page exists: Django, too, gives empty text if it does not.
        renderer.scope.bind(target, .string((try? make(name, positional, keyword)) ?? ""))
    }
}

/// The arguments of a tag, those without a name before and beside those with one.
func arguments(_ words: some Sequence<String>, _ parser: TemplateParser) throws
    -> (positional: [Expression], keyword: [(name: String, value: Expression)])
{
    var positional: [Expression] = []
    var named: [(name: String, value: Expression)] = []
    for word in words {
        if let (name, value) = keyword(in: word) {
            named.append((name, try parser.expression(value)))
        } else {
            positional.append(try parser.expression(word))
        }
    }
    return (positional, named)
}
