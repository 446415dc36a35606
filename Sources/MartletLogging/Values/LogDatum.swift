/// What a value in a log can be: what a reader of lines can search and count.
public enum LogDatum: Sendable, Hashable {
    /// No value.
    case none
    /// True or false.
    case bool(Bool)
    /// An integer.
    case int(Int)
    /// An integer that has no sign and is too big for one.
    case uint(UInt)
    /// A number.
    case double(Double)
    /// Text.
    case string(String)
    /// A moment, in microseconds since 1970-01-01 UTC.
    case moment(microseconds: Int)
    /// An identifier: 16 bytes, shown as UUIDs are.
    case uuid(high: UInt64, low: UInt64)
    /// Several values.
    case list([LogDatum])
    /// A value that nobody shall read.
    case redacted
}
