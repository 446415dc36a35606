import MartletHTTP

/// How a client has broken the protocol or a limit; the connection is closed with its code.
package struct WebSocketViolation: ClientFault, Sendable, Hashable, CustomStringConvertible {
    /// What the close frame says.
    package let code: WebSocketCloseCode

    /// What was wrong.
    package let reason: String

    init(_ code: WebSocketCloseCode, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    static func protocolError(_ reason: String) -> WebSocketViolation { WebSocketViolation(.protocolError, reason) }

    static func invalidText(_ reason: String) -> WebSocketViolation { WebSocketViolation(.invalidData, reason) }

    /// The code and what was wrong.
    package var description: String { "The client's WebSocket was closed with \(code): \(reason)" }
}
