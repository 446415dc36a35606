/// A compiled piece of a template.
protocol Node: AnyObject, Sendable {
    var origin: Origin { get }
    func render(_ renderer: inout Renderer) throws
}

/// Text between tags, copied as it is.
final class TextNode: Node {
    let origin: Origin
    private let bytes: [UInt8]

    init(_ text: String, origin: Origin) {
        self.origin = Origin(template: origin.template, line: origin.line, text: "")
        bytes = Array(text.utf8)
    }

    func render(_ renderer: inout Renderer) {
        renderer.output.append(contentsOf: bytes)
    }
}

/// `{{ expression }}`.
final class VariableNode: Node {
    let origin: Origin
    private let expression: Expression

    init(_ expression: Expression, origin: Origin) {
        self.origin = origin
        self.expression = expression
    }

    func render(_ renderer: inout Renderer) throws {
        try renderer.write(renderer.value(expression))
    }
}
