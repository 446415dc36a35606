/// A value that no log, message or debugger shall show by accident.
///
/// ```swift
/// let key = Secret("…")
/// log.info("signed", with: key)   // with=[redacted]
/// sign(key.revealed)
/// ```
public struct Secret<Value: Sendable>: Sendable, LogValue, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The value itself; write this only where it is needed.
    public let revealed: Value

    /// Hides a value.
    public init(_ value: Value) { revealed = value }

    /// `[redacted]`
    public var logDatum: LogDatum { .redacted }
    /// `[redacted]`
    public var description: String { "[redacted]" }
    /// `[redacted]`
    public var debugDescription: String { "[redacted]" }
    /// Shows nothing to `dump`.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Equatable where Value: Equatable {}
extension Secret: Hashable where Value: Hashable {}
