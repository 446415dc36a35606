import MartletJSON

extension LookupCondition {
    /// A condition on a place in a document.
    func documentCondition(_ lookup: Lookup, _ path: JSONPath) throws(LookupError) -> SQLExpression {
        switch lookup {
        case .exact: return (path == (try document(value))).sql
        case .in: return path.in(try list().map { value throws(LookupError) in try document(value) }).sql
        case .contains: return path.contains(try document(value)).sql
        case .containedBy: return path.containedBy(try document(value)).sql
        case .hasKey: return path.hasKey(try key(value)).sql
        case .hasKeys: return path.hasKeys(try keys()).sql
        case .hasAnyKeys: return path.hasAnyKeys(try keys()).sql
        default: return try scalarCondition(lookup, path)
        }
    }

    /// Texts are compared with texts, numbers with numbers: the value's type decides which of the two is looked for.
    private func scalarCondition(_ lookup: Lookup, _ path: JSONPath) throws(LookupError) -> SQLExpression {
        if let test = lookup.textTest { return .text(test, path.as(String.self).sql, try key(value)) }
        if lookup == .regex || lookup == .iregex {
            return .matches(path.as(String.self).sql, try pattern(), ignoringCase: lookup == .iregex)
        }
        if lookup == .range { return try rangeCondition(path) }
        let comparison = lookup.comparison ?? .equal
        switch value {
        case .integer(let number):
            return .comparison(comparison, path.as(Double.self).sql, .value(.real(Double(number))))
        case .real(let number): return .comparison(comparison, path.as(Double.self).sql, .value(.real(number)))
        case .text: return .comparison(comparison, path.as(String.self).sql, .value(.text(try key(value))))
        default: throw .value(name, "type", "text or a number", found: value)
        }
    }

    /// One test and not two: excluded over a relation to many, both ends must hold for the same row.
    private func rangeCondition(_ path: JSONPath) throws(LookupError) -> SQLExpression {
        let (low, high) = try pair()
        if case .text = low, case .text = high {
            return .call(
                .between,
                [path.as(String.self).sql, .value(.text(try key(low))), .value(.text(try key(high)))])
        }
        let ends = [LookupType.real.value(low), LookupType.real.value(high)].compactMap { $0 }
        guard ends.count == 2 else { throw .value(name, "type", "two texts or two numbers", found: value) }
        return .call(.between, [path.as(Double.self).sql, .value(ends[0]), .value(ends[1])])
    }

    private func document(_ value: LookupValue) throws(LookupError) -> JSONValue {
        switch value {
        case .json(let document): return document
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .integer(let number): return .int(Int(number))
        case .real(let number) where number.isFinite: return .double(number)
        case .text: return .string(try key(value))
        case .list(let values): return .array(try values.map { value throws(LookupError) in try document(value) })
        case .real, .dateTime, .uuid: throw .value(name, "value", "a value of JSON", found: value)
        }
    }

    private func key(_ value: LookupValue) throws(LookupError) -> String {
        guard case .text(let text)? = LookupType.text.value(value) else {
            throw .value(name, "value", "text without null characters", found: value)
        }
        return text
    }

    private func keys() throws(LookupError) -> [String] {
        try list().map { value throws(LookupError) in try key(value) }
    }
}
