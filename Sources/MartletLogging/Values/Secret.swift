/// A value that no log, message or debugger shall show by accident.
///
/// ```swift
/// let key = Secret("…")
/// log.info("signed", with: key)   // with=[redacted]
/// sign(key.revealed)
/// ```
public struct Secret<Value: Sendable>: Redacted {
    /// The value itself; write this only where it is needed.
    public let revealed: Value

    /// Hides a value.
    public init(_ value: Value) { revealed = value }
}

extension Secret: Equatable where Value: Equatable {}
extension Secret: Hashable where Value: Hashable {}
