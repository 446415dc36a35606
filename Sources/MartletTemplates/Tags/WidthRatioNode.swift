/// `{% widthratio value maximum width as name %}`: `value / maximum * width`, rounded.
final class WidthRatioNode: Node {
    let origin: Origin
    private let parts: [Expression]
    private let target: Name?

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        var words = tag.words
        target = takeTarget(&words)
        guard words.count == 3 else {
            throw tag.syntax("The tag needs three values.", "Write {% widthratio value maximum width %}.")
        }
        origin = tag.origin
        parts = try words.map(parser.expression)
    }

    func render(_ renderer: inout Renderer) throws {
        guard let width = try wholeNumber(renderer.value(parts[2])) else {
            throw TemplateProblem(
                "The width '\(parts[2].text)' is no whole number.", remedy: "Give a number as the third value.")
        }
        var text = ""
        if let value = try floatingPoint(renderer.value(parts[0])),
            let maximum = try floatingPoint(renderer.value(parts[1]))
        {
            let ratio = value / maximum * Double(width)
            // Python rounds halves to the even number.
            text = maximum == 0 ? "0" : Int(exactly: ratio.rounded(.toNearestOrEven)).map(String.init) ?? ""
        }
        if let target { renderer.scope.bind(target, .string(text)) } else { renderer.output.append(raw: text) }
    }
}
