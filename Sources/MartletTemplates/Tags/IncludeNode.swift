/// `{% include "card.html" with post=item only %}`.
final class IncludeNode: Node {
    let origin: Origin
    private let template: Expression
    private let bindings: [(name: Name, value: Expression)]
    private let isIsolated: Bool

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        guard let first = tag.words.first else {
            throw tag.syntax("The tag needs the name of a template.", "Write {% include \"card.html\" %}.")
        }
        origin = tag.origin
        template = try parser.expression(first)
        (bindings, isIsolated) = try Self.options(tag, parser)
        if let literal = template.literalText {
            let name = try absoluteName(literal, from: origin.template)
            parser.references.append(TemplateReference(tag: .include, name: name, origin: origin))
        }
    }

    /// What follows the template's name: `with name=value` and `only`, in either order.
    private static func options(
        _ tag: Tag, _ parser: TemplateParser
    ) throws -> (bindings: [(name: Name, value: Expression)], isIsolated: Bool) {
        var bindings: [(name: Name, value: Expression)] = []
        var isIsolated = false
        var isAfterWith = false
        for word in tag.words.dropFirst() {
            if word == "only", !isIsolated {
                isIsolated = true
            } else if word == "with", !isAfterWith {
                isAfterWith = true
            } else if isAfterWith, let (name, value) = keyword(in: word) {
                bindings.append((Name(name), try parser.expression(value)))
            } else if isAfterWith {
                throw tag.syntax("'\(word)' is not a name with a value.", "Write name=value without spaces.")
            } else {
                throw tag.syntax("'\(word)' is unknown here.", "Write {% include \"x\" with name=value only %}.")
            }
        }
        if isAfterWith, bindings.isEmpty {
            throw tag.syntax("'with' needs at least one name=value.", "Write {% include \"x\" with name=value %}.")
        }
        return (bindings, isIsolated)
    }

    func render(_ renderer: inout Renderer) throws {
        let template = try find(renderer.value(self.template), renderer)
        // The values are those outside, so all of them are made before the first is bound.
        var values: [TemplateValue] = []
        for binding in bindings { values.append(try renderer.value(binding.value)) }
        let mark = renderer.scope.open(isolated: isIsolated)
        let loops = renderer.loopFloor
        if isIsolated { renderer.loopFloor = renderer.loops.count }
        for (binding, value) in zip(bindings, values) { renderer.scope.bind(binding.name, value) }
        try renderer.render(template, names: bindings.map(\.name.text))
        renderer.loopFloor = loops
        renderer.scope.close(mark)
    }

    /// The template of that name, or the first of a list of names that exists.
    private func find(_ value: TemplateValue, _ renderer: Renderer) throws -> Template {
        guard case .list(let names) = value else {
            return try renderer.engine.template(absoluteName(value.text, from: origin.template))
        }
        for name in names {
            if let template = try renderer.engine.template(name.text, afterLoader: -1) { return template }
        }
        throw TemplateProblem(
            "None of the templates \(value.text) exists.", remedy: "Create one of them.", kind: .notFound)
    }
}
