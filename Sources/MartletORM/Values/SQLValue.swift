public import FoundationEssentials
public import MartletValues

/// A value on its way to or from a database.
///
/// The cases keep the meaning; how a UUID or a moment is stored is the database's own affair.
public enum SQLValue: Sendable, Hashable {
    /// `NULL`.
    case null
    /// True or false.
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// A decimal number, with all its digits.
    case decimal(Decimal)
    /// Text.
    case text(String)
    /// Bytes.
    case bytes([UInt8])
    /// A UUID.
    case uuid(UUID)
    /// A moment.
    case dateTime(Date)
    /// A day.
    case date(CalendarDate)
    /// A time of day.
    case time(TimeOfDay)
    /// A length of time.
    case duration(Duration)
    /// A document of JSON, as text.
    case json(String)
}

extension SQLValue {
    /// Whether this is `NULL`.
    public var isNull: Bool {
        // A comparison would look at the values of both.
        if case .null = self { true } else { false }
    }
}
