/// An open WebSocket: the messages of the client as a sequence, and the way to send.
///
/// ```swift
/// for try await message in socket {
///     switch message {
///     case .text(let text): try await socket.send(text)
///     case .binary(let bytes): try await socket.send(bytes)
///     }
/// }
/// ```
///
/// The sequence ends when the WebSocket is closed by either end, or lost; ``closing`` then says how. Messages that are
/// not asked for wait: a slow reader slows the client down. One task may iterate; any number may send.
///
/// Pings of the client are answered, and the client is asked for signs of life, without the handler.
public struct WebSocket: Sendable, AsyncSequence {
    private let session: WebSocketSession

    /// The subprotocol that was agreed on.
    public let subprotocol: String?

    init(_ session: WebSocketSession, subprotocol: String?) {
        self.session = session
        self.subprotocol = subprotocol
    }

    /// How the WebSocket was closed; `nil` while it is open.
    public var closing: WebSocketClosing? { session.closing }

    /// Sends a text; returns when the connection can take more.
    ///
    /// - Throws: ``WebSocketError/closed(_:)``.
    public func send(_ text: String) async throws {
        try await session.send(.text, Array(text.utf8))
    }

    /// Sends bytes; returns when the connection can take more.
    ///
    /// - Throws: ``WebSocketError/closed(_:)``.
    public func send(_ bytes: [UInt8]) async throws {
        try await session.send(.binary, bytes)
    }

    /// Sends a message as it came.
    ///
    /// - Throws: ``WebSocketError/closed(_:)``.
    public func send(_ message: WebSocketMessage) async throws {
        switch message {
        case .text(let text): try await send(text)
        case .binary(let bytes): try await send(bytes)
        }
    }

    /// Closes the WebSocket; does nothing when it is closed.
    ///
    /// Nothing can be sent afterwards, and the messages end with those that have come.
    ///
    /// - Parameters:
    ///   - code: What the client sees as `event.code`; 1000 unless told.
    ///   - reason: What the client sees as `event.reason`; at most 123 bytes.
    /// - Throws: ``WebSocketError/illegalCloseCode(_:)``, ``WebSocketError/reasonTooLong(_:)``.
    public func close(_ code: WebSocketCloseCode = .normal, reason: String = "") async throws {
        guard code.isSendable else { throw WebSocketError.illegalCloseCode(code) }
        let length = reason.utf8.count
        guard length <= WebSocketClosing.longestReason else { throw WebSocketError.reasonTooLong(length) }
        await session.close(WebSocketClosing(code, reason))
    }

    /// Iterates over the messages of the client.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(session: session)
    }

    /// Delivers the messages of the client.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let session: WebSocketSession

        /// The next message; `nil` when the WebSocket is closed.
        ///
        /// - Throws: `CancellationError` when the task is cancelled; ``WebSocketError/readTwice``.
        public func next() async throws -> WebSocketMessage? {
            try await session.nextMessage()
        }
    }
}
