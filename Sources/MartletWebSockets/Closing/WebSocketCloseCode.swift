/// Why a WebSocket was closed.
///
/// Source: [RFC 6455 §7.4](https://www.rfc-editor.org/rfc/rfc6455#section-7.4), and the registry at IANA.
public struct WebSocketCloseCode: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt16

    /// Makes a code; 3000 to 3999 are for libraries, 4000 to 4999 for applications.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// 1000: what the connection was for is done.
    public static let normal = WebSocketCloseCode(rawValue: 1000)
    /// 1001: the server stops, or the browser leaves the page.
    public static let goingAway = WebSocketCloseCode(rawValue: 1001)
    /// 1002: the other end has broken the protocol.
    public static let protocolError = WebSocketCloseCode(rawValue: 1002)
    /// 1003: a kind of message that is not understood, such as binary where text is expected.
    public static let unsupportedData = WebSocketCloseCode(rawValue: 1003)
    /// 1005: the other end has closed without a code. Never sent.
    public static let noCode = WebSocketCloseCode(rawValue: 1005)
    /// 1006: the connection was lost without a word. Never sent.
    public static let lost = WebSocketCloseCode(rawValue: 1006)
    /// 1007: a text is not UTF-8, or a message is not what its type says.
    public static let invalidData = WebSocketCloseCode(rawValue: 1007)
    /// 1008: a rule of the application forbids it.
    public static let policyViolation = WebSocketCloseCode(rawValue: 1008)
    /// 1009: a message is larger than the limit.
    public static let messageTooBig = WebSocketCloseCode(rawValue: 1009)
    /// 1010: the client needs an extension that the server does not speak.
    public static let extensionRequired = WebSocketCloseCode(rawValue: 1010)
    /// 1011: the server has failed.
    public static let internalError = WebSocketCloseCode(rawValue: 1011)
    /// 1012: the server starts anew.
    public static let serviceRestart = WebSocketCloseCode(rawValue: 1012)
    /// 1013: the server is overloaded.
    public static let tryAgainLater = WebSocketCloseCode(rawValue: 1013)
    /// 1014: a server behind this one has failed.
    public static let badGateway = WebSocketCloseCode(rawValue: 1014)

    /// Whether the code may stand in a frame: not those that only describe, nor those that nobody has defined.
    public var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// The number.
    public var description: String { "\(rawValue)" }
}

/// How a WebSocket was closed.
public struct WebSocketClosing: Sendable, Hashable, CustomStringConvertible {
    /// Why.
    public let code: WebSocketCloseCode

    /// Why, in words of the end that has closed first; often empty.
    public let reason: String

    /// Makes a description.
    public init(_ code: WebSocketCloseCode, _ reason: String = "") {
        self.code = code
        self.reason = reason
    }

    /// `1001: The server is stopping.`
    public var description: String { reason.isEmpty ? "\(code)" : "\(code): \(reason)" }

    /// The longest reason, in bytes: what a control frame holds beside the code.
    static let longestReason = 123

    /// Reads the payload of a close frame (§5.5.1, §7.4).
    static func parse(_ payload: [UInt8]) throws(WebSocketViolation) -> WebSocketClosing {
        guard !payload.isEmpty else { return WebSocketClosing(.noCode) }
        guard payload.count >= 2 else { throw .protocolError("A close frame has half a code.") }
        let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.isSendable else { throw .protocolError("A close frame has the code \(code).") }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else {
            throw .invalidText("The reason of a close frame is not UTF-8.")
        }
        return WebSocketClosing(code, reason)
    }

    /// The payload of a close frame; empty for a code that cannot be sent.
    var payload: [UInt8] {
        guard code.isSendable else { return [] }
        return [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + reason.utf8
    }
}
