public import FoundationEssentials
public import MartletValues

/// A row in the driver's buffer, valid only while it is being read.
///
/// Values are read by position, straight from the driver's memory; nothing is copied that is not asked for.
public protocol Row {
    /// How many columns there are.
    var count: Int { get }
    /// Whether the column is `NULL`.
    func isNull(at index: Int) -> Bool
    /// The column as true or false.
    func bool(at index: Int) throws(DecodingProblem) -> Bool
    /// The column as a whole number.
    func integer(at index: Int) throws(DecodingProblem) -> Int64
    /// The column as a floating-point number.
    func real(at index: Int) throws(DecodingProblem) -> Double
    /// The column as text.
    func text(at index: Int) throws(DecodingProblem) -> String
    /// The column as bytes.
    func bytes(at index: Int) throws(DecodingProblem) -> [UInt8]
    /// The column as a UUID.
    func uuid(at index: Int) throws(DecodingProblem) -> UUID
    /// The column as a moment.
    func dateTime(at index: Int) throws(DecodingProblem) -> Date
    /// The column as a decimal number, with all its digits.
    func decimal(at index: Int) throws(DecodingProblem) -> Decimal
    /// The column as a day.
    func date(at index: Int) throws(DecodingProblem) -> CalendarDate
    /// The column as a time of day.
    func time(at index: Int) throws(DecodingProblem) -> TimeOfDay
    /// The column as a length of time.
    func duration(at index: Int) throws(DecodingProblem) -> Duration
    /// The column as the text of a JSON document.
    func json(at index: Int) throws(DecodingProblem) -> String
    /// The column as the database stored it.
    func value(at index: Int) -> SQLValue
    /// The column's name, for messages.
    func columnName(at index: Int) -> String
}

/// A stored value that does not have the type its field expects.
public struct DecodingProblem: Error, Sendable, CustomStringConvertible {
    /// The column's name.
    public let column: String
    /// What the field expected, such as `a UUID`.
    public let expected: String
    /// What was found.
    public let found: String

    /// Makes a problem.
    public init(column: String, expected: String, found: String) {
        self.column = column
        self.expected = expected
        self.found = found
    }

    /// What was found where, and what to do.
    public var description: String {
        "Column '\(column)' holds \(found), which is not \(expected). "
            + "Correct the row, or change the field's type to what the column stores."
    }
}
