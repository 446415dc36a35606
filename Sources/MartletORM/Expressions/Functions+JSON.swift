public import MartletJSON

// Documents that the database makes.

/// An object of JSON; its members' values are expressions.
///
/// ```swift
/// .values { jsonObject(("title", $0.title), ("author", $0.author.name)) }
/// ```
///
/// Source: [Django, `JSONObject`](https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#jsonobject).
public func jsonObject<each V: FieldValue>(_ members: repeat (String, Expr<each V>)) -> Expr<JSONDocumentText> {
    var arguments: [SQLExpression] = []
    for (name, value) in repeat each members {
        arguments.append(.typed(.text(name)))
        arguments.append(.jsonArgument(value))
    }
    return Expr<JSONDocumentText>(.call(.jsonObject, arguments))
}

/// An array of JSON.
///
/// Source: [Django, `JSONArray`](https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#jsonarray).
public func jsonArray<each V: FieldValue>(_ elements: repeat Expr<each V>) -> Expr<JSONDocumentText> {
    var arguments: [SQLExpression] = []
    for element in repeat each elements { arguments.append(.jsonArgument(element)) }
    return Expr<JSONDocumentText>(.call(.jsonArray, arguments))
}

/// A document that a database has made, read by ``value``.
public struct JSONDocumentText: FieldValue, Hashable {
    /// The document as the database wrote it.
    public let text: String

    /// The document.
    ///
    /// - Throws: ``JSONError`` where the text is no JSON.
    public var value: JSONValue {
        get throws { try JSON.parse(text) }
    }

    /// The text.
    public var sqlValue: SQLValue { .text(text) }

    /// Reads a document.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> JSONDocumentText {
        JSONDocumentText(text: try row.json(at: index))
    }
}

extension SQLExpression {
    /// Truth values and documents are told apart from numbers and text, which databases may store them as.
    fileprivate static func jsonArgument<V: FieldValue>(_ value: Expr<V>) -> SQLExpression {
        if V.Unwrapped.self == Bool.self { return .call(.jsonBool, [value.sql]) }
        if V.Unwrapped.self == JSONDocumentText.self || V.Unwrapped.self is any JSONDocument.Type {
            return .call(.jsonDocument, [value.sql])
        }
        return value.sql
    }
}

extension SQLFunction {
    static let jsonBool = SQLFunction("json bool") { $0[0] }
    static let jsonDocument = SQLFunction("json document") { $0[0] }
    static let jsonObject = SQLFunction("JSON_OBJECT")
    static let jsonArray = SQLFunction("JSON_ARRAY")
}
