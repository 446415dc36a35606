/// What cannot be done with a WebSocket.
public enum WebSocketError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Nothing can be sent any longer: how it was closed.
    case closed(WebSocketClosing)
    /// A code that must not stand in a frame.
    case illegalCloseCode(WebSocketCloseCode)
    /// A reason that does not fit into a frame: its length in bytes.
    case reasonTooLong(Int)
    /// Two tasks iterate over the messages at once.
    case readTwice

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .closed(let closing):
            "The WebSocket is closed (\(closing)); nothing can be sent any longer."
        case .illegalCloseCode(let code):
            "A WebSocket cannot be closed with the code \(code). Use one of the named codes, or 3000 to 4999."
        case .reasonTooLong(let count):
            "The reason for closing a WebSocket has \(count) bytes; 123 fit into the frame."
        case .readTwice:
            "Two tasks read the messages of one WebSocket at once. Let one task read."
        }
    }
}
