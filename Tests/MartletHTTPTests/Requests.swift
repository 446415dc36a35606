import MartletHTTP

extension Request {
    /// A request without a socket.
    static func make(
        _ method: HTTPMethod = .get, _ path: String = "/", query: String = "",
        headers: KeyValuePairs<String, String> = [:], body: String = "", peer: String = "127.0.0.1",
        isEncrypted: Bool = false
    ) throws -> Request {
        make(
            method, path, query: query, headers: try Headers(headers), body: body, peer: peer, isEncrypted: isEncrypted)
    }

    /// A request whose header fields are made elsewhere.
    static func make(
        _ method: HTTPMethod = .get, _ path: String = "/", query: String = "", headers: Headers, body: String = "",
        peer: String = "127.0.0.1", isEncrypted: Bool = false
    ) -> Request {
        Request(
            method: method, target: path + (query.isEmpty ? "" : "?" + query), path: path, queryString: query,
            headers: headers, body: RequestBody(Array(body.utf8)), peerAddress: peer, isEncrypted: isEncrypted)
    }
}
