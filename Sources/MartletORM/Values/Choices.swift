/// An enum whose cases are the values a field may have, stored as text or as a number.
///
/// ```swift
/// enum Status: String, Choices { case draft, inReview = "in_review" }
/// enum Priority: Int, Choices { case low = 1, high = 2 }
/// ```
///
/// Source: [Django, enumeration types](https://docs.djangoproject.com/en/5.2/ref/models/fields/#enumeration-types).
public protocol Choices: FieldValue, RawRepresentable, CaseIterable, Hashable where RawValue: ChoiceValue {
    /// What people read; the raw text, or the case's name of a number, in capitalised words unless told.
    var label: String { get }
}

extension Choices {
    /// The raw text as words, the first capitalised: `in_review` becomes `In review`; of a number the case's name.
    public var label: String { RawValue.label(of: rawValue, caseName: "\(self)") }

    /// The values with their labels, in the order of the cases: what a form's list of options needs.
    public static var options: [(value: RawValue, label: String)] { allCases.map { ($0.rawValue, $0.label) } }

    /// The raw value.
    public var sqlValue: SQLValue { rawValue.sqlValue }

    /// Reads a case; a value that is none of them is an error that names the ones there are.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Self {
        let raw = try RawValue.decode(from: row, at: index)
        guard let value = Self(rawValue: raw) else {
            let known = allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw DecodingProblem(
                column: row.columnName(at: index), expected: "one of \(known)", found: "'\(raw)'")
        }
        return value
    }
}
