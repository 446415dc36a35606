/// `{% cache 300 sidebar user.id %}…{% endcache %}`: a part that is kept in the cache.
///
/// Without a cache to keep it in, the part is rendered each time.
///
/// Source: Django,
/// [template fragment caching](https://docs.djangoproject.com/en/5.2/topics/cache/#template-fragment-caching).
final class CacheNode: Node {
    let origin: Origin
    private let seconds: Expression
    private let name: String
    private let arguments: [Expression]
    private let body: [any Node]

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        origin = tag.origin
        guard tag.words.count >= 2 else {
            throw tag.syntax(
                "The tag needs a time in seconds and a name.", "Write {% cache 300 sidebar %}, or None for ever.")
        }
        guard tag.words.count < 3 || !tag.words[tag.words.count - 1].hasPrefix("using=") else {
            throw tag.syntax("There is one cache for all fragments.", "Leave 'using' out.")
        }
        seconds = try parser.expression(tag.words[0])
        // As in Django, the name is no variable.
        name = tag.words[1]
        arguments = try tag.words[2...].map { try parser.expression($0) }
        body = try parser.body(of: tag, until: "endcache")
    }

    func render(_ renderer: inout Renderer) throws {
        let seconds = try lifetime(&renderer)
        let arguments = try arguments.map { try renderer.value($0).text }
        guard let fragments = renderer.environment.services.fragments else { return try renderer.render(body) }
        let fragment = TemplateFragment(name, arguments)
        switch fragments.find(fragment) {
        case .known(let text): renderer.output.append(raw: text)
        case .unknown: break
        case .missing:
            let mark = fragments.mark
            let text = try renderer.capture { try $0.render(body) }
            fragments.keep(fragment, TemplateFragments.Made(text: text, seconds: seconds), since: mark)
            renderer.output.append(raw: text)
        }
    }

    /// - Returns: `nil` for ever.
    private func lifetime(_ renderer: inout Renderer) throws -> Int? {
        let value = try renderer.value(seconds)
        switch value {
        case .int(let number): return number
        case .double(let number) where number.isFinite && number.magnitude < 1e15: return Int(number)
        case .bool(let isOne): return isOne ? 1 : 0
        case .string(let text), .safe(let text):
            if let number = Int(text) { return number }
        case .null where seconds.text == "None": return nil
        default: break
        }
        throw TemplateProblem(
            "The time \(seconds.text) of {% cache %} is no whole number of seconds but '\(value.text)'.",
            remedy: "Write a number, or None for ever.")
    }
}
