public import FoundationEssentials
public import MartletValues

/// A decimal number, or an optional one.
public protocol DecimalValue: FieldValue {}

/// A day, or an optional one.
public protocol DateValue: FieldValue {}

/// A time of day, or an optional one.
public protocol TimeValue: FieldValue {}

/// A length of time, or an optional one.
public protocol DurationValue: FieldValue {}

/// Bytes, or optional ones.
public protocol BinaryValue: FieldValue {}

/// A short UUID, or an optional one.
public protocol ShortUUIDValue: FieldValue {}

/// An IP address, or an optional one.
public protocol IPAddressValue: FieldValue {}

extension Decimal: DecimalValue {
    /// The number.
    public var sqlValue: SQLValue { .decimal(self) }

    /// Reads a number with all its digits; one of more than 38 is an error.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Decimal {
        try row.decimal(at: index)
    }
}

extension CalendarDate: DateValue {
    /// The day.
    public var sqlValue: SQLValue { .date(self) }

    /// Reads a day.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> CalendarDate {
        try row.date(at: index)
    }
}

extension TimeOfDay: TimeValue {
    /// The time.
    public var sqlValue: SQLValue { .time(self) }

    /// Reads a time of day.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> TimeOfDay {
        try row.time(at: index)
    }
}

extension Duration: DurationValue {
    /// The length.
    public var sqlValue: SQLValue { .duration(self) }

    /// Reads a length of time.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Duration {
        try row.duration(at: index)
    }
}

extension Data: BinaryValue {
    /// The bytes.
    public var sqlValue: SQLValue { .bytes(Array(self)) }

    /// Reads bytes.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Data {
        Data(try row.bytes(at: index))
    }
}

extension ShortUUID: ShortUUIDValue {
    /// The characters.
    public var sqlValue: SQLValue { .text(description) }

    /// Reads the characters; others are an error.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> ShortUUID {
        let text = try row.text(at: index)
        guard let value = ShortUUID(text) else {
            throw DecodingProblem(
                column: row.columnName(at: index), expected: "a short UUID of 12 characters",
                found: "the text '\(text.prefix(40))'")
        }
        return value
    }
}

extension IPAddress: IPAddressValue {
    /// The address in its usual form.
    public var sqlValue: SQLValue { .text(description) }

    /// Reads an address.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> IPAddress {
        let text = try row.text(at: index)
        guard let value = IPAddress(text) else {
            throw DecodingProblem(
                column: row.columnName(at: index), expected: "an IP address", found: "the text '\(text.prefix(40))'")
        }
        return value
    }
}

extension Optional: DecimalValue where Wrapped: DecimalValue {}
extension Optional: DateValue where Wrapped: DateValue {}
extension Optional: TimeValue where Wrapped: TimeValue {}
extension Optional: DurationValue where Wrapped: DurationValue {}
extension Optional: BinaryValue where Wrapped: BinaryValue {}
extension Optional: ShortUUIDValue where Wrapped: ShortUUIDValue {}
extension Optional: IPAddressValue where Wrapped: IPAddressValue {}
