/// A value that belongs to a person, such as an address or a name, and that no log, message or debugger shall keep.
///
/// ```swift
/// let email = Personal(form.email)
/// log.info("user_registered", contact: email)   // contact=[redacted]
/// send(to: email.revealed)
/// ```
///
/// ``Secret`` is for what opens doors; both are hidden in the same way, and tell the reader of the code apart why.
public struct Personal<Value: Sendable>: Redacted {
    /// The value itself; write this only where it is needed.
    public let revealed: Value

    /// Hides a value.
    public init(_ value: Value) { revealed = value }
}

extension Personal: Equatable where Value: Equatable {}
extension Personal: Hashable where Value: Hashable {}
