/// An enum whose cases are the values a field may have, stored as text.
///
/// ```swift
/// enum Status: String, Choices { case draft, published }
/// ```
///
/// Source: [Django, enumeration types](https://docs.djangoproject.com/en/5.2/ref/models/fields/#enumeration-types).
public protocol Choices: FieldValue, RawRepresentable, CaseIterable, Hashable where RawValue == String {
    /// What people read; the raw value in capitalised words unless told.
    var label: String { get }
}

extension Choices {
    /// The raw value as words, the first capitalised: `in_review` becomes `In review`.
    public var label: String {
        let words = rawValue.split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// The raw value.
    public var sqlValue: SQLValue { .text(rawValue) }

    /// Reads a case; a text that is none of them is an error that names the ones there are.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Self {
        let text = try row.text(at: index)
        guard let value = Self(rawValue: text) else {
            let known = allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw DecodingProblem(
                column: row.columnName(at: index), expected: "one of \(known)", found: "'\(text)'")
        }
        return value
    }
}
