import FoundationEssentials
import MartletCrypto
import MartletHTTP

/// A request to speak WebSocket, checked.
///
/// Source: [RFC 6455 §4.2](https://www.rfc-editor.org/rfc/rfc6455#section-4.2).
struct WebSocketHandshake {
    /// What was agreed on.
    let subprotocol: String?

    private let accept: String

    /// The version of RFC 6455; the only one there is.
    private static let version = "13"

    /// What §1.3 has every server add to the key, so that only one that knows WebSocket can answer.
    private static let suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// Checks a request.
    ///
    /// - Throws: ``HTTPError`` 400, 403, 405 or 426; `CryptoError` when libcrypto has no SHA-1.
    init(_ request: Request, _ settings: WebSocketSettings) throws {
        guard request.method == .get else {
            throw HTTPError(
                .methodNotAllowed, "A WebSocket is opened with GET, not \(request.method).",
                headers: try Headers(["Allow": "GET"]))
        }
        guard request.headers.list(.upgrade).contains("websocket"),
            request.headers.list(.connection).contains("upgrade")
        else {
            throw HTTPError(
                .upgradeRequired,
                "This address is a WebSocket; a proxy in between must pass Upgrade and Connection on.",
                headers: try Headers(["Upgrade": "websocket"]))
        }
        guard request.headers.values(.webSocketVersion) == [Self.version] else {
            throw HTTPError(
                .upgradeRequired, "Only version 13 of WebSocket is spoken here.",
                headers: try Headers(["Upgrade": "websocket", "Sec-WebSocket-Version": Self.version]))
        }
        // What follows the head would be taken for frames.
        guard request.body.contentLength == 0 else {
            throw HTTPError(.badRequest, "A request for a WebSocket must not have a body.")
        }
        let keys = request.headers.values(.webSocketKey)
        guard keys.count == 1, Self.isKey(keys[0]) else {
            throw HTTPError(.badRequest, "Sec-WebSocket-Key must be 16 bytes in base64, once.")
        }
        try settings.origins.check(request)
        let names = Set(request.headers.listElements(.webSocketProtocol))
        subprotocol = settings.subprotocols.first { names.contains($0) }
        accept = Data(try Digest.sha1(of: Array((keys[0] + Self.suffix).utf8))).base64EncodedString()
    }

    /// 16 bytes are 22 letters, of which the last has four bits that are 0, and two `=` (RFC 4648 §4).
    private static func isKey(_ key: String) -> Bool {
        let digits = key.utf8.prefix(22)
        return key.utf8.count == 24 && key.hasSuffix("==") && digits.allSatisfy(\.isBase64)
            && digits.last.map { "AQgw".utf8.contains($0) } == true
    }

    /// The answer, after which `run` has the connection.
    func response(_ run: @escaping @Sendable (any UpgradedConnection) async throws -> Void) throws -> Response {
        var response = Response(status: .switchingProtocols, body: .upgrade(run))
        response.headers.setUnchecked(.upgrade, "websocket")
        response.headers.setUnchecked(.webSocketAccept, accept)
        if let subprotocol { try response.headers.set(.webSocketProtocol, subprotocol) }
        return response
    }
}

extension Headers {
    /// The members of a list of tokens that are compared without regard to case, in lower case.
    fileprivate func list(_ name: HeaderName) -> [String] {
        listElements(name).map { $0.lowercased() }
    }
}

extension HeaderName {
    fileprivate static let webSocketAccept = HeaderName(literal: "Sec-WebSocket-Accept")
    fileprivate static let webSocketKey = HeaderName(literal: "Sec-WebSocket-Key")
    fileprivate static let webSocketProtocol = HeaderName(literal: "Sec-WebSocket-Protocol")
    fileprivate static let webSocketVersion = HeaderName(literal: "Sec-WebSocket-Version")
}

extension UInt8 {
    fileprivate var isBase64: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): true
        default: false
        }
    }
}
