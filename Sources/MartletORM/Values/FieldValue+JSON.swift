public import MartletJSON

/// A document of JSON, or an optional one: what a free JSON field holds.
///
/// A type of your own that is `Codable` needs nothing to be a `.json` field; it conforms to this protocol where queries
/// are to compare the whole document:
///
/// ```swift
/// struct Settings: Codable, Equatable, JSONDocument { var theme = "light" }
/// ```
public protocol JSONDocument: FieldValue {}

extension JSONDocument where Self: Codable {
    /// The document; one that cannot be written as JSON, such as a number that is not finite, is an error when the model
    /// is saved, and equals nothing in a query.
    public var sqlValue: SQLValue {
        (try? JSON.encode(self)).map { .json(String(decoding: $0, as: UTF8.self)) } ?? .null
    }

    /// Reads a document; one of another shape is an error with the place in it.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Self {
        try JSONColumn.decode(Self.self, from: row, at: index)
    }
}

extension JSONValue: JSONDocument {
    /// The document.
    public var sqlValue: SQLValue { (try? JSONColumn.text(of: self)).map(SQLValue.json) ?? .null }

    /// Reads a document.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> JSONValue {
        try JSONColumn.decode(JSONValue.self, from: row, at: index)
    }
}

extension Optional: JSONDocument where Wrapped: JSONDocument {}

/// Reads and writes the documents of JSON columns.
enum JSONColumn {
    static func text(of value: some Encodable) throws(JSONError) -> String {
        // As a `JSONValue` encodes itself, a number of many digits would become text.
        if let value = value as? JSONValue {
            var writer = JSONWriter()
            try writer.value(value)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
        return String(decoding: try JSON.encode(value), as: UTF8.self)
    }

    /// What the database holds was let in by somebody else: it is read whatever its size.
    private static let limits = JSONLimits(depth: 512, bytes: .max, duplicateNames: .lastWins)

    static func decode<V: Decodable>(
        _ type: V.Type, from row: any Row, at index: Int
    ) throws(DecodingProblem) -> V {
        let text = try row.json(at: index)
        do {
            let value = try JSON.parse(Array(text.utf8), limits: limits)
            if let value = value as? V { return value }
            return try JSON.decode(type, from: value)
        } catch {
            throw DecodingProblem(
                column: row.columnName(at: index), expected: "JSON of a \(type) (\(error))",
                found: "the document '\(text.prefix(40))'")
        }
    }
}
