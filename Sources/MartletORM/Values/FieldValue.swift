public import FoundationEssentials
public import MartletValues

/// A type a field can have.
public protocol FieldValue: Sendable {
    /// The type without null: what an optional one wraps, else the type itself.
    associatedtype Unwrapped: FieldValue = Self

    /// The value as it is bound to a statement.
    var sqlValue: SQLValue { get }

    /// Reads the value from a column.
    static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Self

    /// Whether the type holds null.
    static var isNullable: Bool { get }
}

extension FieldValue {
    /// Only optionals hold null.
    public static var isNullable: Bool { false }
}

/// Text, or optional text: what char, text, slug and e-mail fields hold.
public protocol TextValue: FieldValue {
    /// What lengths of such text and positions in it are: `Int`, or `Int?` where the text may be null.
    associatedtype Position: IntegerValue = Int
}

/// A whole number, or an optional one: what the integer fields hold.
public protocol IntegerValue: FieldValue {}

/// A moment, or an optional one: what date-time fields hold.
public protocol DateTimeValue: FieldValue {
    /// What its day is: `CalendarDate`, or `CalendarDate?` where the moment may be null.
    associatedtype Day: DateValue = CalendarDate
    /// What its time of day is.
    associatedtype Time: TimeValue = TimeOfDay
    /// How far it is from another moment.
    associatedtype Distance: DurationValue = Duration
}

/// A UUID, or an optional one.
public protocol UUIDValue: FieldValue {}

/// A truth value, or an optional one.
public protocol BoolValue: FieldValue {}

/// A floating-point number, or an optional one.
public protocol FloatValue: FieldValue {}

extension String: TextValue {
    /// The text.
    public var sqlValue: SQLValue { .text(self) }

    /// Reads text.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> String {
        try row.text(at: index)
    }
}

extension Int: IntegerValue {
    /// The number.
    public var sqlValue: SQLValue { .integer(Int64(self)) }

    /// Reads a number.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Int {
        Int(try row.integer(at: index))
    }
}

extension Int64: IntegerValue {
    /// The number.
    public var sqlValue: SQLValue { .integer(self) }

    /// Reads a number.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Int64 {
        try row.integer(at: index)
    }
}

extension Bool: BoolValue {
    /// The truth value.
    public var sqlValue: SQLValue { .bool(self) }

    /// Reads a truth value.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Bool {
        try row.bool(at: index)
    }
}

extension Double: FloatValue {
    /// The number.
    public var sqlValue: SQLValue { .real(self) }

    /// Reads a number.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Double {
        try row.real(at: index)
    }
}

extension Date: DateTimeValue {
    /// The moment.
    public var sqlValue: SQLValue { .dateTime(self) }

    /// Reads a moment.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Date {
        try row.dateTime(at: index)
    }

    /// The moment, cut to the microsecond that databases keep.
    package var truncatedToMicroseconds: Date {
        Date(timeIntervalSince1970: (timeIntervalSince1970 * 1_000_000).rounded(.down) / 1_000_000)
    }
}

extension UUID: UUIDValue {
    /// The UUID.
    public var sqlValue: SQLValue { .uuid(self) }

    /// Reads a UUID.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> UUID {
        try row.uuid(at: index)
    }
}

extension Optional: FieldValue where Wrapped: FieldValue {
    /// What the optional wraps.
    public typealias Unwrapped = Wrapped.Unwrapped

    /// The value, or `NULL`.
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }

    /// Reads the value, or nothing where the column is `NULL`.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Wrapped? {
        row.isNull(at: index) ? nil : try Wrapped.decode(from: row, at: index)
    }

    /// Optionals hold null.
    public static var isNullable: Bool { true }
}

extension Optional: TextValue where Wrapped: TextValue {
    /// Null where the text is.
    public typealias Position = Int?
}
extension Optional: IntegerValue where Wrapped: IntegerValue {}
extension Optional: DateTimeValue where Wrapped: DateTimeValue {
    /// Null where the moment is.
    public typealias Day = CalendarDate?
    /// Null where the moment is.
    public typealias Time = TimeOfDay?
    /// Null where the moment is.
    public typealias Distance = Duration?
}
extension Optional: UUIDValue where Wrapped: UUIDValue {}
extension Optional: BoolValue where Wrapped: BoolValue {}
extension Optional: FloatValue where Wrapped: FloatValue {}
