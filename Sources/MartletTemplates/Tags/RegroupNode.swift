/// `{% regroup people by city as cities %}`: runs of elements with the same value, each with `grouper` and `list`.
final class RegroupNode: Node {
    let origin: Origin
    private let values: Expression
    private let property: Expression
    private let target: Name
    private let element = Name("element of the regroup tag")

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        guard tag.words.count == 5, tag.words[1] == "by", tag.words[3] == "as" else {
            throw tag.syntax(
                "The tag is not of the form 'list by property as name'.",
                "Write {% regroup people by city as cities %}.")
        }
        origin = tag.origin
        values = try parser.expression(tag.words[0])
        let parsed = try parser.expression("element." + tag.words[2])
        guard case .variable(let variable) = parsed.operand else {
            throw tag.syntax("'\(tag.words[2])' is not a property.", "Write names with dots.")
        }
        property = Expression(
            text: parsed.text, operand: .variable(Variable(element, path: variable.path)), filters: parsed.filters)
        target = Name(tag.words[4])
    }

    func render(_ renderer: inout Renderer) throws {
        let elements = try renderer.forValue(values).elements() ?? []
        var groups: [(grouper: TemplateValue, list: [TemplateValue])] = []
        let mark = renderer.scope.open()
        for value in elements {
            renderer.scope.bind(element, value)
            let key = try renderer.value(property, missing: .null)
            if let last = groups.last, TemplateValue.areEqual(last.grouper, key) {
                groups[groups.count - 1].list.append(value)
            } else {
                groups.append((key, [value]))
            }
        }
        renderer.scope.close(mark)
        renderer.scope.bind(target, .list(groups.map { .object(Group(grouper: $0.grouper, list: $0.list)) }))
    }
}

/// A run of elements: `group.grouper` and `group.list`, or both by unpacking.
private struct Group: TemplateObject {
    let grouper: TemplateValue
    let list: [TemplateValue]

    func templateMember(_ name: String) -> TemplateValue? {
        switch name {
        case "grouper": grouper
        case "list": .list(list)
        default: nil
        }
    }

    func templateElements() -> [TemplateValue]? { [grouper, .list(list)] }

    var templateText: String { grouper.text }
}
