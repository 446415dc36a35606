import MartletJSON

extension ScalarFunction {
    /// Documents of JSON compared by PostgreSQL's rules for `jsonb`.
    ///
    /// Source: [PostgreSQL, JSON functions and operators](https://www.postgresql.org/docs/current/functions-json.html).
    static let documents = [
        ScalarFunction("martlet_json_at", 2) { a in
            guard let place = try place(document(a, 0), document(a, 1)) else { return .null }
            var writer = JSONWriter()
            try writer.value(place)
            return .text(String(decoding: writer.bytes, as: UTF8.self))
        },
        ScalarFunction("martlet_json_equal", 2) { a in .bool(try equal(document(a, 0), document(a, 1))) },
        ScalarFunction("martlet_json_contains", 2) { a in
            .bool(try contains(document(a, 0), document(a, 1), isOutermost: true))
        },
        ScalarFunction("martlet_json_has_keys", 2) { a in
            let whole = try document(a, 0)
            return .bool(try keys(a, 1).allSatisfy { has($0, whole) })
        },
        ScalarFunction("martlet_json_has_any_keys", 2) { a in
            let whole = try document(a, 0)
            return .bool(try keys(a, 1).contains { has($0, whole) })
        },
    ]

    /// What the database holds was let in by somebody else: it is read whatever its size.
    private static let limits = JSONLimits(depth: 512, bytes: .max, duplicateNames: .lastWins)

    private static func document(_ a: FunctionArguments, _ index: Int) throws -> JSONValue {
        do {
            return try JSON.parse(Array(a.bytes(index)), limits: limits)
        } catch {
            throw FunctionError("malformed JSON: \(error)")
        }
    }

    private static func keys(_ a: FunctionArguments, _ index: Int) throws -> [String] {
        guard case .array(let keys) = try document(a, index) else { return [] }
        return keys.compactMap { if case .string(let key) = $0 { key } else { nil } }
    }

    /// What is at the end of a path of keys and positions.
    private static func place(_ document: JSONValue, _ path: JSONValue) -> JSONValue? {
        guard case .array(let steps) = path else { return nil }
        var place = document
        for step in steps {
            let next: JSONValue? =
                switch (place, step) {
                case (.object(let object), .string(let key)): object[key]
                case (.array(let elements), .int(let index)):
                    index < 0 ? place[elements.count + index] : place[index]
                default: nil
                }
            guard let next else { return nil }
            place = next
        }
        return place
    }

    private static func has(_ key: String, _ document: JSONValue) -> Bool {
        switch document {
        case .object(let object): object[key] != nil
        case .array(let elements): elements.contains(.string(key))
        case .string(let text): text == key
        default: false
        }
    }

    private static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { member in right[member.name].map { equal(member.value, $0) } ?? false }
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { equal($0, $1) }
        default:
            left == right || isSameNumber(left, right)
        }
    }

    /// 1 and 1.0 are spellings of one number.
    private static func isSameNumber(_ left: JSONValue, _ right: JSONValue) -> Bool {
        guard let left = left.doubleValue, let right = right.doubleValue else { return false }
        return left == right
    }

    /// An array also contains a value that is no array, but only the outermost one.
    private static func contains(_ whole: JSONValue, _ part: JSONValue, isOutermost: Bool) -> Bool {
        switch (whole, part) {
        case (.object(let whole), .object(let part)):
            part.allSatisfy { member in
                whole[member.name].map { contains($0, member.value, isOutermost: false) } ?? false
            }
        case (.array(let whole), .array(let part)):
            part.allSatisfy { element in whole.contains { contains($0, element, isOutermost: false) } }
        case (.array(let whole), _) where isOutermost && part.isScalar:
            whole.contains { equal($0, part) }
        default:
            whole.isScalar && equal(whole, part)
        }
    }
}

extension JSONValue {
    fileprivate var isScalar: Bool {
        switch self {
        case .object, .array: false
        default: true
        }
    }
}
