public import MartletHTTP
public import MartletRouting

/// Declares a route whose requests become WebSockets.
///
/// ```swift
/// webSocket("chat/<slug:room>/", chat, name: "chat")
///
/// func chat(_ request: Request, _ socket: WebSocket, room: String) async throws {
///     for try await message in socket {
///         if case .text(let text) = message { try await socket.send("\(room): \(text)") }
///     }
/// }
/// ```
///
/// The handler runs for as long as the connection lasts, and with what the site binds to a view. When it returns, the
/// connection is closed with 1000; when it throws, with 1011, and the error is reported. When the client goes away, its
/// task is cancelled. When the server stops, the client is told 1001 and the messages end.
///
/// Middleware sees the request, and the response 101. A request that is no handshake gets 426, one of another site's page
/// 403.
///
/// - Parameters:
///   - pattern: As in ``MartletRouting/path(_:_:name:file:line:)``.
///   - handler: Takes the request, the socket, and the parameters of the pattern in their order.
///   - name: The name to reverse by.
///   - settings: Limits, times, subprotocols, origins.
///   - file: The place of the declaration; leave it out.
///   - line: The line of the declaration; leave it out.
///
/// Source: [RFC 6455](https://www.rfc-editor.org/rfc/rfc6455).
public func webSocket<each Parameter: PathParameter>(
    _ pattern: String,
    _ handler: @escaping @Sendable (Request, WebSocket, repeat each Parameter) async throws -> Void,
    name: String? = nil,
    settings: WebSocketSettings = WebSocketSettings(),
    file: String = #fileID,
    line: Int = #line
) -> Route {
    @Sendable func view(_ request: Request, _ parameter: repeat each Parameter) async throws -> Response {
        let handshake = try WebSocketHandshake(request, settings)
        let subprotocol = handshake.subprotocol
        return try handshake.response { connection in
            let session = WebSocketSession(connection, settings)
            try await session.run(subprotocol: subprotocol) { socket in
                try await handler(request, socket, repeat each parameter)
            }
        }
    }
    return path(pattern, view, name: name, file: file, line: line)
}
