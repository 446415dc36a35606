public import FoundationEssentials

/// A value that can stand in a log.
///
/// Text, numbers, booleans, dates, UUIDs, durations (as seconds), optionals and arrays of these can; an enumeration
/// with raw values needs only the conformance: `enum Status: String, LogValue { … }`. An error is told as
/// `.error(error)`.
public protocol LogValue: Sendable {
    /// The value as logs have it.
    var logDatum: LogDatum { get }
}

extension LogDatum: LogValue {
    /// The value itself.
    public var logDatum: LogDatum { self }
}

extension String: LogValue {
    /// The text.
    public var logDatum: LogDatum { .string(self) }
}

extension Substring: LogValue {
    /// The text.
    public var logDatum: LogDatum { .string(String(self)) }
}

extension Bool: LogValue {
    /// The boolean.
    public var logDatum: LogDatum { .bool(self) }
}

extension Double: LogValue {
    /// The number.
    public var logDatum: LogDatum { .double(self) }
}

extension Float: LogValue {
    /// The number, with the digits that a Float has.
    public var logDatum: LogDatum { .double(Double(description) ?? Double(self)) }
}

extension LogValue where Self: FixedWidthInteger {
    /// The integer.
    public var logDatum: LogDatum {
        if let number = Int(exactly: self) { return .int(number) }
        if let number = UInt(exactly: self) { return .uint(number) }
        return .string(String(self))
    }
}

extension Int: LogValue {}
extension Int8: LogValue {}
extension Int16: LogValue {}
extension Int32: LogValue {}
extension Int64: LogValue {}
extension UInt: LogValue {}
extension UInt8: LogValue {}
extension UInt16: LogValue {}
extension UInt32: LogValue {}
extension UInt64: LogValue {}

extension UUID: LogValue {
    /// The identifier.
    public var logDatum: LogDatum {
        withUnsafeBytes(of: uuid) { bytes in
            .uuid(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}

extension Date: LogValue {
    /// The moment; text where the calendar ends.
    public var logDatum: LogDatum {
        let microseconds = (timeIntervalSinceReferenceDate * 1_000_000).rounded()
        guard microseconds.magnitude < 1e17 else { return .string("\(timeIntervalSinceReferenceDate)") }
        return .moment(microseconds: Int(microseconds) + 978_307_200_000_000)
    }
}

extension Duration: LogValue {
    /// The seconds.
    public var logDatum: LogDatum { .double(Double(components.seconds) + Double(components.attoseconds) / 1e18) }
}

extension Optional: LogValue where Wrapped: LogValue {
    /// The value, or none.
    public var logDatum: LogDatum { self?.logDatum ?? .none }
}

extension Array: LogValue where Element: LogValue {
    /// The values.
    public var logDatum: LogDatum { .list(map(\.logDatum)) }
}

extension LogValue where Self: RawRepresentable, RawValue: LogValue {
    /// The raw value.
    public var logDatum: LogDatum { rawValue.logDatum }
}

/// An error in a log, with its type: `ConnectionError: refused`.
public struct LoggedError: LogValue {
    /// The error.
    public let error: any Error

    /// The type and what the error says.
    public var logDatum: LogDatum { .string("\(type(of: error)): \(error)") }
}

extension LogValue where Self == LoggedError {
    /// An error: `log.error("mail_failed", error: .error(error))`.
    public static func error(_ error: any Error) -> LoggedError { LoggedError(error: error) }
}
