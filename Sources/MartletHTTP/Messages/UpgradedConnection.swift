/// A connection that has left HTTP: bytes both ways, for the protocol that has taken it over.
///
/// The bytes that the client sent right behind its request come first. The protocol keeps its own time by
/// ``arm(after:)``; the server only bounds how long the client may take nothing of what is written.
///
/// Source: [RFC 9110 §7.8](https://www.rfc-editor.org/rfc/rfc9110#section-7.8).
package protocol UpgradedConnection: AnyObject, Sendable {
    /// Waits for what happens next; one task at a time may ask.
    ///
    /// - Parameter reading: Whether bytes are wanted. Those that are not stay in the socket, so that a slow reader slows
    ///   the client down.
    func next(reading: Bool) async -> UpgradedConnectionEvent

    /// Sends bytes, those of one call in one piece; returns when the connection can take more.
    ///
    /// Several tasks may write at once: each waits for its turn.
    ///
    /// - Parameters:
    ///   - head: A few bytes, which are copied.
    ///   - body: Bytes that follow at once; not copied when they are many.
    ///   - isLast: Nothing may be written afterwards.
    /// - Throws: ``UpgradedConnectionError``.
    func write(_ head: [UInt8], _ body: [UInt8], isLast: Bool) async throws

    /// Lets ``next(reading:)`` return ``UpgradedConnectionEvent/expired`` in a while, in place of an earlier setting.
    ///
    /// - Parameter delay: `nil` for never.
    func arm(after delay: Duration?) async

    /// Lets ``next(reading:)`` return ``UpgradedConnectionEvent/woken``; from any task.
    func wake()
}

/// What happened to an upgraded connection.
package enum UpgradedConnectionEvent: Sendable {
    /// Bytes have come.
    case bytes([UInt8])
    /// The client sends nothing more, or can no longer be reached, or the server ends without waiting.
    case end
    /// The time that was set has passed.
    case expired
    /// The server stops and waits for the protocol to end; told once.
    case stopping
    /// Somebody has called ``UpgradedConnection/wake()``.
    case woken
}

/// An error of a protocol that the client is to blame for, as it is for a request that is refused.
package protocol ClientFault: Error {}

/// Why an upgraded connection cannot be written to.
package enum UpgradedConnectionError: Error {
    /// The client cannot be reached, or the last bytes were written before.
    case closed
}
