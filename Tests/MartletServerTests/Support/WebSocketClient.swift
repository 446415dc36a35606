import MartletHTTP
import MartletIO
import MartletRouting
import MartletServer
import MartletWebSockets

/// A client that speaks WebSocket frame by frame, so that a test can also speak it wrongly.
struct WebSocketClient: Sendable {
    /// A frame of the server.
    struct Frame: Equatable {
        let first: UInt8
        let payload: [UInt8]

        static func text(_ text: String) -> Frame { Frame(first: 0x81, payload: Array(text.utf8)) }

        static func close(_ code: UInt16, _ reason: String = "") -> Frame {
            Frame(first: 0x88, payload: [UInt8(code >> 8), UInt8(code & 0xFF)] + reason.utf8)
        }

        /// The code of a close frame.
        var closeCode: Int? { first == 0x88 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }
    }

    let raw: RawClient
    /// The head of the answer.
    let head: String

    static func connect(_ address: SocketAddress, _ path: String = "/", early: [UInt8] = []) async throws -> Self {
        let raw = try await RawClient.connect(address)
        let request = """
            GET \(path) HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
            """
        try await raw.send(Array(request.utf8) + early)
        return WebSocketClient(raw: raw, head: try await raw.receive(through: "\r\n\r\n"))
    }

    /// Sends a frame with the mask 1, 2, 3, 4.
    func send(_ first: UInt8, _ payload: [UInt8]) async throws {
        try await raw.send(Self.frame(first, payload))
    }

    func send(_ text: String) async throws {
        try await send(0x81, Array(text.utf8))
    }

    func close(_ code: UInt16) async throws {
        try await send(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)])
    }

    static func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
        var frame = [first]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        }
        return frame + [1, 2, 3, 4] + payload.enumerated().map { $1 ^ UInt8($0 % 4 + 1) }
    }

    func receive() async throws -> Frame {
        let start = try await raw.receive(count: 2)
        let size = start[1] == 126 ? 2 : start[1] == 127 ? 8 : 0
        let length = size == 0 ? Int(start[1]) : try await raw.receive(count: size).reduce(0) { $0 << 8 | Int($1) }
        return Frame(first: start[0], payload: try await raw.receive(count: length))
    }
}

/// Runs a server whose `/` is a WebSocket around `body`.
func withWebSocket(
    _ settings: WebSocketSettings = WebSocketSettings(), log: EventLog = EventLog(),
    configure: (inout ServerSettings) -> Void = { _ in },
    _ handler: @escaping @Sendable (Request, WebSocket) async throws -> Void,
    _ body: (SocketAddress, Server) async throws -> Void
) async throws {
    let dispatcher = Dispatcher(try RouteTable(URLs { webSocket("", handler, settings: settings) }))
    try await withServer(configure, log: log, handler: dispatcher.handler, body)
}

/// Sends every message back.
let echoMessages: @Sendable (Request, WebSocket) async throws -> Void = { _, socket in
    for try await message in socket { try await socket.send(message) }
}
