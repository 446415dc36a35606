/// `{% for name in values reversed %}…{% empty %}…{% endfor %}`.
final class ForNode: Node {
    let origin: Origin
    private let names: [Name]
    private let values: Expression
    private let isReversed: Bool
    private let body: [any Node]
    private let empty: [any Node]

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        var words = tag.words
        isReversed = words.last == "reversed"
        if isReversed { words.removeLast() }
        guard let place = words.lastIndex(of: "in"), place > 0, place == words.count - 2 else {
            throw tag.syntax(
                "The tag is not of the form 'name in values'.",
                "Write {% for post in posts %} or {% for key, value in d.items %}.")
        }
        origin = tag.origin
        names = try words[..<place].joined(separator: " ").split(separator: ",", omittingEmptySubsequences: false)
            .map { part in
                let name = part.split(separator: " ").joined(separator: " ")
                guard !name.isEmpty, name.utf8.allSatisfy(isNameByte) else {
                    throw tag.syntax("'\(part)' is not a name.", "Write names separated by commas.")
                }
                return Name(name)
            }
        values = try parser.expression(words[place + 1])
        let (body, end) = try parser.parse(until: ["empty", "endfor"], opening: tag)
        self.body = body
        empty = end?.name == "empty" ? try parser.body(of: tag, until: "endfor") : []
    }

    func render(_ renderer: inout Renderer) throws {
        let value = try renderer.forValue(values)
        guard let elements = try value.elements() else {
            guard case .null = value else {
                throw TemplateProblem(
                    "'\(values.text)' cannot be walked through.", remedy: "Pass a list or a dictionary.")
            }
            return try renderEmpty(&renderer)
        }
        if elements.isEmpty { return try renderEmpty(&renderer) }
        let mark = renderer.scope.open()
        let places = names.map { renderer.scope.push($0) }
        renderer.enterLoop(count: elements.count)
        let loop = renderer.loops.count - 1
        for index in elements.indices {
            renderer.loops[loop].index = index
            let element = elements[isReversed ? elements.count - 1 - index : index]
            if places.count == 1 {
                renderer.scope.replace(at: places[0], with: element)
            } else {
                try unpack(element, to: places, &renderer)
            }
            try renderer.render(body)
        }
        renderer.loops.removeLast()
        renderer.scope.close(mark)
    }

    private func renderEmpty(_ renderer: inout Renderer) throws {
        let mark = renderer.scope.open()
        try renderer.render(empty)
        renderer.scope.close(mark)
    }

    private func unpack(_ element: TemplateValue, to places: [Int], _ renderer: inout Renderer) throws {
        let parts = try element.elements() ?? [element]
        guard parts.count == places.count else {
            throw TemplateProblem(
                "The loop has \(places.count) names, but an element has \(parts.count) values.",
                remedy: "Name as many as there are; for a dictionary walk through its .items.")
        }
        for (place, part) in zip(places, parts) { renderer.scope.replace(at: place, with: part) }
    }
}

extension Renderer {
    /// The value of a loop's expression: nothing to walk through if it is missing, unless that is an error.
    mutating func forValue(_ expression: Expression) throws -> TemplateValue {
        if environment.undefined == .error { return try value(expression) }
        return try value(expression, missing: .null)
    }
}
