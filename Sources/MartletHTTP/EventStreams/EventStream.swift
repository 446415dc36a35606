import Synchronization

/// Sends server-sent events to one client; see ``Response/eventStream(heartbeat:_:)``.
///
/// Several tasks may send at once; each event arrives whole.
public struct EventStream: Sendable {
    private final class Shared: Sendable {
        let turns = WriteTurns()
        /// Whether something was sent since the last heartbeat, and whether the stream has ended.
        let state = Mutex((isFresh: false, hasEnded: false))
    }

    private let writer: ResponseBodyWriter
    private let shared = Shared()

    init(_ writer: ResponseBodyWriter) {
        self.writer = writer
    }

    /// Sends an event; returns when the connection can take more.
    ///
    /// - Throws: ``ServerSentEventError``; `CancellationError` when the client has gone away.
    public func send(_ event: ServerSentEvent) async throws {
        try await write(try event.encoded())
    }

    /// Sends a text as an event without a name.
    ///
    /// - Throws: As ``send(_:)-(ServerSentEvent)``.
    public func send(_ data: String) async throws {
        try await send(ServerSentEvent(data: data))
    }

    /// Sends a comment, which clients ignore, unless something was sent since the last call.
    func beat() async throws {
        let wasFresh = shared.state.withLock { state in
            defer { state.isFresh = false }
            return state.isFresh
        }
        guard !wasFresh else { return }
        try await write([0x3A, 0x0A, 0x0A])
        shared.state.withLock { $0.isFresh = false }
    }

    /// Nothing can be sent any longer.
    func end() {
        shared.state.withLock { $0.hasEnded = true }
    }

    private func write(_ bytes: [UInt8]) async throws {
        await shared.turns.take()
        defer { shared.turns.give() }
        let hasEnded = shared.state.withLock { state in
            state.isFresh = true
            return state.hasEnded
        }
        guard !hasEnded else { throw ServerSentEventError.ended }
        try await writer.write(bytes)
    }
}
