extension TemplateLibrary {
    /// Filters of lists, and of text as a list of characters.
    mutating func addListFilters() {
        filter("first", argument: .none) { value, _ in try value.elements()?.first ?? .string("") }
        filter("last", argument: .none, keepsSafe: true) { value, _ in try value.elements()?.last ?? .string("") }
        filter("random", argument: .none, keepsSafe: true) { value, _ in
            try value.elements()?.randomElement() ?? .string("")
        }
        filter("join", argument: .required) { value, call in try joined(value, call) }
        filter("slice", argument: .required, keepsSafe: true) { value, call in try sliced(value, call.text) }
        filter("dictsort", argument: .required) { value, call in try sorted(value, call, isReversed: false) }
        filter("dictsortreversed", argument: .required) { value, call in try sorted(value, call, isReversed: true) }
        filter("unordered_list", argument: .none) { value, call in
            .safe(try listItems(value, escapes: call.autoescape, depth: 1))
        }
    }
}

private func joined(_ value: TemplateValue, _ call: FilterCall) throws -> TemplateValue {
    guard let elements = try value.elements(), let separator = call.argument else { return value }
    let escapes = call.autoescape
    let parts = try elements.map { try $0.html(autoescape: escapes) }
    let text = parts.joined(separator: try separator.html(autoescape: escapes))
    return .safe(text)
}

/// A part of a list or a text, given as in Python: `start:stop:step`, or only `stop`. What cannot be read changes nothing.
private func sliced(_ value: TemplateValue, _ argument: String) throws -> TemplateValue {
    if case .dictionary = value { return value }
    guard let elements = try value.elements() else { return value }
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    var bounds: [Int?] = []
    for part in parts {
        if part.isEmpty {
            bounds.append(nil)
        } else if let bound = Int(part) {
            bounds.append(bound)
        } else {
            return value
        }
    }
    if bounds.count == 1 { bounds.insert(nil, at: 0) }
    guard bounds.count <= 3, let indices = sliceIndices(bounds, count: elements.count) else { return value }
    let chosen = indices.map { elements[$0] }
    switch value {
    case .string, .safe: return .string(chosen.map(\.text).joined())
    default: return .list(chosen)
    }
}

/// The positions that Python's slice takes; nil if the step is zero.
private func sliceIndices(_ bounds: [Int?], count: Int) -> [Int]? {
    let step = bounds.count > 2 ? bounds[2] ?? 1 : 1
    guard step != 0 else { return nil }
    let lowest = step > 0 ? 0 : -1
    let highest = step > 0 ? count : count - 1
    func place(_ bound: Int?, _ otherwise: Int) -> Int {
        guard let bound else { return otherwise }
        // Far out of range before the sum, so that it cannot overflow.
        let near = min(max(bound, -count - 1), count)
        return min(max(near < 0 ? near + count : near, lowest), highest)
    }
    let start = place(bounds[0], step > 0 ? 0 : count - 1)
    let stop = place(bounds[1], step > 0 ? count : -1)
    return Array(stride(from: start, to: stop, by: min(max(step, -count - 1), count + 1)))
}

/// Sorted by a property with dots, or the position in inner lists; stable. Without an order between values: empty text.
private func sorted(_ value: TemplateValue, _ call: FilterCall, isReversed: Bool) throws -> TemplateValue {
    guard let elements = try value.elements() else { return .string("") }
    let steps: [Variable.Step]
    if case .int(let index)? = call.argument {
        steps = [Variable.Step(name: String(index), index: index)]
    } else {
        // A name that no value may have finds nothing, as in Django.
        guard let variable = try? Variable("element." + call.text) else { return .string("") }
        steps = variable.path
    }
    var keyed: [(key: TemplateValue, value: TemplateValue)] = []
    for element in elements {
        var key = element
        for step in steps {
            guard let next = try key.member(step, in: call.services.timeZone) else { return .string("") }
            key = next
        }
        keyed.append((key, element))
    }
    var isOrdered = true
    keyed.sort { left, right in
        guard let order = TemplateValue.order(left.key, right.key) else {
            isOrdered = false
            return false
        }
        return isReversed ? order > 0 : order < 0
    }
    return isOrdered ? .list(keyed.map(\.value)) : .string("")
}

/// List items with nested lists; a list after an element belongs to it.
private func listItems(_ value: TemplateValue, escapes: Bool, depth: Int) throws -> String {
    guard depth <= 50 else {
        throw TemplateProblem("'unordered_list' got lists nested more than 50 deep.")
    }
    let elements = try value.elements() ?? []
    let indent = String(repeating: "\t", count: depth)
    var lines: [String] = []
    var index = 0
    while index < elements.count {
        let item = try elements[index].html(autoescape: escapes)
        var inner = ""
        if index + 1 < elements.count, case .list = elements[index + 1] {
            let items = try listItems(elements[index + 1], escapes: escapes, depth: depth + 1)
            inner = "\n\(indent)<ul>\n\(items)\n\(indent)</ul>\n\(indent)"
            index += 1
        }
        lines.append("\(indent)<li>\(item)\(inner)</li>")
        index += 1
    }
    return lines.joined(separator: "\n")
}
