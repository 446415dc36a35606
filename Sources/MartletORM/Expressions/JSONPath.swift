public import MartletJSON

/// One step into a document of JSON.
public enum JSONStep: Sendable, Hashable {
    /// The member of an object.
    case key(String)
    /// The element of an array, counted from 0; from -1 downwards, counted from the end.
    case index(Int)
}

/// What is read of a document at a path.
public enum JSONReading: Sendable, Hashable {
    /// The document there, as JSON.
    case document
    /// The type's name: `object`, `array`, `string`, `number`, `boolean`, `null`.
    case type
    /// A string's text, a number or a truth value as text; null for anything else.
    case text
    /// A number's whole part; null for anything else.
    case integer
    /// A number; null for anything else.
    case real
    /// A truth value; null for anything else.
    case bool
}

/// A place in a document of JSON, reached by keys and positions.
///
/// ```swift
/// .filter { $0.json(\.settings)["theme"]["colours"][0].as(String.self) == "red" }
/// .filter { $0.json(\.settings)["theme"] == ["dark": true] }
/// .filter { $0.json(\.settings)["theme"].isNull }              // there is no such key
/// .filter { $0.json(\.settings)["theme"].isJSONNull }          // the key is there, and null
/// ```
///
/// Keys and positions are bound values; any text is a key.
///
/// Source: [Django, querying `JSONField`](https://docs.djangoproject.com/en/5.2/topics/db/queries/#querying-jsonfield).
public struct JSONPath: Sendable {
    let document: SQLExpression
    let steps: [JSONStep]

    package init(_ document: SQLExpression, _ steps: [JSONStep] = []) {
        self.document = document
        self.steps = steps
    }

    /// The member of an object.
    public subscript(key: String) -> JSONPath { JSONPath(document, steps + [.key(key)]) }

    /// The element of an array, counted from 0; -1 is the last.
    public subscript(index: Int) -> JSONPath { JSONPath(document, steps + [.index(index)]) }

    /// What is there as text, number or truth value; null where there is nothing, or something else.
    public func `as`<T: JSONReadable>(_ type: T.Type) -> Expr<T?> {
        Expr<T?>(.json(T.jsonReading, document, steps))
    }

    /// Whether there is nothing: a key of the path is missing, or the column is null.
    ///
    /// A null in the document is something; see ``isJSONNull``.
    public var isNull: Condition { Condition(.isNull(.json(.type, document, steps))) }

    /// Whether a null is there.
    public var isJSONNull: Condition {
        Condition(.comparison(.equal, .json(.type, document, steps), .value(.text("null"))))
    }

    /// Whether an object with this key is there, or an array with this string.
    public func hasKey(_ key: String) -> Condition {
        Condition(.call(.jsonHasKeys, [sql, .jsonParameter(.array([.string(key)]))]))
    }

    /// Whether an object with all these keys is there.
    public func hasKeys(_ keys: [String]) -> Condition {
        Condition(.call(.jsonHasKeys, [sql, .jsonParameter(.array(keys.map(JSONValue.string)))]))
    }

    /// Whether an object with one of these keys is there.
    public func hasAnyKeys(_ keys: [String]) -> Condition {
        Condition(.call(.jsonHasAnyKeys, [sql, .jsonParameter(.array(keys.map(JSONValue.string)))]))
    }

    /// Whether what is there contains the value: each member of its objects, each element of its arrays.
    ///
    /// The rules are PostgreSQL's, on every database.
    public func contains(_ value: JSONValue) -> Condition {
        Condition(.call(.jsonContains, [sql, .jsonParameter(value)]))
    }

    /// Whether the value contains what is there.
    public func containedBy(_ value: JSONValue) -> Condition {
        Condition(.call(.jsonContains, [.jsonParameter(value), sql]))
    }

    /// Equal to one of the values.
    public func `in`(_ values: [JSONValue]) -> Condition {
        guard let first = values.first else { return Condition(.inList(sql, [])) }
        return values.dropFirst().reduce(self == first) { $0 || self == $1 }
    }

    /// Equal, whatever the order of the members.
    public static func == (left: JSONPath, right: JSONValue) -> Condition {
        Condition(.call(.jsonEqual, [left.sql, .jsonParameter(right)]))
    }

    /// Not equal; what is missing is not equal to anything.
    public static func != (left: JSONPath, right: JSONValue) -> Condition {
        Condition(.not((left == right).sql))
    }

    private var sql: SQLExpression { .json(.document, document, steps) }
}

/// A type that a value in a document of JSON is read as.
public protocol JSONReadable: FieldValue {
    /// How it is read.
    static var jsonReading: JSONReading { get }
}

extension String: JSONReadable {
    /// A string's text, a number or a truth value as text.
    public static var jsonReading: JSONReading { .text }
}

extension Int: JSONReadable {
    /// A number's whole part.
    public static var jsonReading: JSONReading { .integer }
}

extension Double: JSONReadable {
    /// A number.
    public static var jsonReading: JSONReading { .real }
}

extension Bool: JSONReadable {
    /// A truth value.
    public static var jsonReading: JSONReading { .bool }
}

extension SQLExpression {
    /// A bound document.
    static func jsonParameter(_ value: JSONValue) -> SQLExpression {
        do {
            // As a `JSONValue` encodes itself, a number of many digits would become text.
            var writer = JSONWriter()
            try writer.value(value)
            return .call(.jsonParameter, [.value(.text(String(decoding: writer.bytes, as: UTF8.self)))])
        } catch {
            return .invalid("A value that a document is compared with cannot be written as JSON: \(error)")
        }
    }
}

extension SQLFunction {
    static let jsonParameter = SQLFunction("typed json") { $0[0] }
    static let jsonEqual = SQLFunction("json equal", isCondition: true, mayBeNull: true)
    static let jsonContains = SQLFunction("json contains", isCondition: true, mayBeNull: true)
    static let jsonHasKeys = SQLFunction("json has keys", isCondition: true, mayBeNull: true)
    static let jsonHasAnyKeys = SQLFunction("json has any keys", isCondition: true, mayBeNull: true)
}

extension ColumnScope {
    /// The document of a property, by its key path.
    ///
    /// ```swift
    /// .filter { $0.json(\.settings)["theme"].as(String.self) == "dark" }
    /// ```
    public func json<V>(_ property: KeyPath<M, V>) -> JSONPath {
        if let unknown = path.unknown { return JSONPath(.unknown(model: unknown.model, property: unknown.property)) }
        guard let schema = M.table.field(at: property)?.schema else {
            return JSONPath(.unknown(model: "\(M.self)", property: Field<M>.propertyName(property)))
        }
        return JSONPath(.column(ColumnPath(path.relations, schema)))
    }
}
