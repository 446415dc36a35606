import MartletHTTP

extension Request {
    /// A request without a socket.
    static func make(
        _ method: HTTPMethod = .get, _ path: String, query: String = "", headers: Headers = Headers(), body: String = ""
    ) -> Request {
        Request(
            method: method, target: path + (query.isEmpty ? "" : "?" + query), path: path, queryString: query,
            headers: headers, body: RequestBody(Array(body.utf8)), peerAddress: "127.0.0.1", isEncrypted: false)
    }

    static func get(_ path: String) -> Request { make(.get, path) }
}

extension Response {
    /// The content as text.
    var text: String { String(decoding: body.bytes ?? [], as: UTF8.self) }
}
