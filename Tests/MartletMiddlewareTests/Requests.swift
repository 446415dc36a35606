import MartletHTTP

extension Request {
    /// A request without a socket.
    static func make(
        _ method: HTTPMethod = .get, _ path: String = "/", query: String = "",
        headers: KeyValuePairs<String, String> = [:], body: String = "", peer: String = "127.0.0.1",
        isEncrypted: Bool = false
    ) throws -> Request {
        Request(
            method: method, target: path + (query.isEmpty ? "" : "?" + query), path: path, queryString: query,
            headers: try Headers(headers), body: RequestBody(Array(body.utf8)), peerAddress: peer,
            isEncrypted: isEncrypted)
    }
}

extension Response {
    /// The content as text.
    var text: String { String(decoding: body.bytes ?? [], as: UTF8.self) }
}

extension Response {
    /// The content as text, read from files too.
    var content: String {
        get async throws { String(decoding: try await body.collect(), as: UTF8.self) }
    }
}

/// Answers with the request's path.
let echo: Handler = { request in Response(request.path) }
