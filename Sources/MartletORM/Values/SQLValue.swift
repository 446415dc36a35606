public import FoundationEssentials

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
    /// Text.
    case text(String)
    /// Bytes.
    case bytes([UInt8])
    /// A UUID.
    case uuid(UUID)
    /// A moment.
    case dateTime(Date)
}

extension SQLValue {
    /// Whether this is `NULL`.
    public var isNull: Bool { self == .null }
}
