extension TemplateLibrary {
    /// Filters that replace or choose values.
    mutating func addValueFilters() {
        filter("default", argument: .required) { value, call in
            try value.isTrue ? value : call.argument ?? .null
        }
        filter("default_if_none", argument: .required) { value, call in
            if case .null = value { return call.argument ?? .null }
            return value
        }
        filter("yesno") { value, call in try yesOrNo(value, call) }
        filter("add", argument: .required) { value, call in sum(value, call.argument ?? .null) }
        filter("divisibleby", argument: .required) { value, call in
            guard let number = wholeNumber(value), let divisor = call.whole, divisor != 0 else {
                throw TemplateProblem("'divisibleby' needs two whole numbers, the second not zero.")
            }
            return .bool(divisor == -1 || number % divisor == 0)
        }
        filter("pluralize") { value, call in .string(try pluralSuffix(value, call)) }
        filter("length", argument: .none) { value, _ in .int(try length(of: value)) }
    }
}

/// `yes,no,maybe`: without the third, null is no.
private func yesOrNo(_ value: TemplateValue, _ call: FilterCall) throws -> TemplateValue {
    let words = (call.argument?.text ?? "yes,no,maybe").split(separator: ",", omittingEmptySubsequences: false)
    guard words.count >= 2 else { return value }
    let place: Int
    if case .null = value { place = words.count > 2 ? 2 : 1 } else { place = try value.isTrue ? 0 : 1 }
    let word = String(words[place])
    return .string(word)
}

/// The sum of whole numbers, or else both texts or lists one after the other; empty if neither can be done.
private func sum(_ left: TemplateValue, _ right: TemplateValue) -> TemplateValue {
    if let one = wholeNumber(left), let other = wholeNumber(right) {
        let (result, overflow) = one.addingReportingOverflow(other)
        return overflow ? .double(Double(one) + Double(other)) : .int(result)
    }
    switch (left, right) {
    case (.safe(let one), .safe(let other)): return .safe(one + other)
    case (.string(let one), .string(let other)), (.string(let one), .safe(let other)),
        (.safe(let one), .string(let other)):
        return .string(one + other)
    case (.list(let one), .list(let other)): return .list(one + other)
    default: return .string("")
    }
}

/// `s`, `es` or `y,ies`: the part for one or for several.
private func pluralSuffix(_ value: TemplateValue, _ call: FilterCall) throws -> String {
    let argument = call.argument?.text ?? "s"
    let parts = (argument.contains(",") ? argument : "," + argument).split(
        separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return "" }
    var isOne: Bool
    if let number = floatingPoint(value) {
        isOne = number == 1
    } else {
        switch value {
        case .string, .safe, .null: return ""
        default: isOne = try length(of: value) == 1
        }
    }
    return String(parts[isOne ? 0 : 1])
}

/// How many elements or characters there are; 0 for what has neither, as in Django.
private func length(of value: TemplateValue) throws -> Int {
    switch value {
    case .string(let text), .safe(let text): text.unicodeScalars.count
    case .list(let values): values.count
    case .dictionary(let values): values.count
    case .object(let object): try object.templateCount ?? 0
    default: try value.elements()?.count ?? 0
    }
}
