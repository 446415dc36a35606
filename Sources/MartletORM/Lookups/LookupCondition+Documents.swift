import MartletJSON

extension LookupCondition {
    /// A condition on a place in a document.
    func documentCondition(_ lookup: Lookup, _ path: JSONPath) throws(LookupError) -> SQLExpression {
        switch lookup {
        case .exact: return (path == (try document(value))).sql
        case .in:
            guard case .list(let values) = value else { throw .value(name, "type", "a list of values", found: value) }
            guard values.count <= Self.mostValues else {
                throw .value(name, "range", "a list of at most \(Self.mostValues) values", found: value)
            }
            return path.in(try values.map { value throws(LookupError) in try document(value) }).sql
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
            return .matches(path.as(String.self).sql, try key(value), ignoringCase: lookup == .iregex)
        }
        let comparison = lookup.comparison ?? .equal
        switch value {
        case .integer(let number):
            return .comparison(comparison, path.as(Double.self).sql, .value(.real(Double(number))))
        case .real(let number): return .comparison(comparison, path.as(Double.self).sql, .value(.real(number)))
        case .text: return .comparison(comparison, path.as(String.self).sql, .value(.text(try key(value))))
        default: throw .value(name, "type", "text or a number", found: value)
        }
    }

    private func document(_ value: LookupValue) throws(LookupError) -> JSONValue {
        switch value {
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
        guard case .list(let values) = value, values.count <= Self.mostValues else {
            throw .value(name, "type", "a list of at most \(Self.mostValues) keys", found: value)
        }
        return try values.map { value throws(LookupError) in try key(value) }
    }
}
