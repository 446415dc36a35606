/// What one end of a WebSocket sends to the other: a text or bytes, put together from all its fragments.
public enum WebSocketMessage: Sendable, Hashable {
    /// A text.
    case text(String)
    /// Bytes.
    case binary([UInt8])
}

/// What a client has sent.
package enum WebSocketEvent: Sendable, Hashable {
    /// A whole message.
    case message(WebSocketMessage)
    /// To be answered with a pong of the same payload.
    case ping([UInt8])
    /// The answer to a ping, or a sign of life.
    case pong([UInt8])
    /// The client closes; what comes afterwards is not read.
    case close(WebSocketClosing)
}
