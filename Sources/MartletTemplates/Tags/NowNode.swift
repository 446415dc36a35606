/// `{% now "Y" as year %}`.
final class NowNode: Node {
    let origin: Origin
    private let format: Expression
    private let target: Name?

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        var words = tag.words
        target = takeTarget(&words)
        guard words.count == 1 else {
            throw tag.syntax("The tag needs one format.", "Write {% now \"Y\" %}.")
        }
        origin = tag.origin
        format = try parser.expression(words[0])
    }

    func render(_ renderer: inout Renderer) throws {
        let services = renderer.environment.services
        let moment = CalendarMoment(services.now(), in: services.timeZone)
        let format = try renderer.value(format)
        let written = DateFormat(format.text).text(of: moment)
        // A format written out in the template is its author's HTML, as any other text there.
        let text: TemplateValue = format.isSafe ? .safe(written) : .string(written)
        if let target { renderer.scope.bind(target, text) } else { try renderer.write(text) }
    }
}
