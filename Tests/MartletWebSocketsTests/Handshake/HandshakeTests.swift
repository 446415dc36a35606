import MartletHTTP
import MartletMiddleware
import MartletRouting
import MartletWebSockets
import Testing

@Suite struct HandshakeTests {
    static let complete: [(String, String)] = [
        ("Host", "example.com"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
        ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        var method = HTTPMethod.get
        var change: [(String, String?)] = []
        var more: [(String, String)] = []
        var body = RequestBody()
        var isEncrypted = false

        init(
            _ name: String, _ status: Int, method: HTTPMethod = .get, set change: [(String, String?)] = [],
            add more: [(String, String)] = [], body: RequestBody = RequestBody(), isEncrypted: Bool = false
        ) {
            testDescription = name
            self.status = status
            self.method = method
            self.change = change
            self.more = more
            self.body = body
            self.isEncrypted = isEncrypted
        }

        func request() throws -> Request {
            var headers = Headers()
            for (name, value) in HandshakeTests.complete {
                let changed = change.first { $0.0 == name }
                guard let value = changed.map(\.1) ?? value, let name = HeaderName(name) else { continue }
                try headers.add(name, value)
            }
            for (name, value) in more { try headers.add(try #require(HeaderName(name)), value) }
            return Request(
                method: method, target: "/chat/", path: "/chat/", queryString: "", headers: headers, body: body,
                peerAddress: "127.0.0.1", isEncrypted: isEncrypted)
        }
    }

    /// A body whose length nobody knows.
    final class Endless: RequestBody.Source {
        func next() async throws -> [UInt8]? { nil }
    }

    // RFC 6455 §4.1, §4.2, §10.2
    static let cases = [
        Case("§1.3: the sample", 101),
        Case(
            "names without regard to case", 101, set: [("Upgrade", "WebSocket"), ("Connection", "keep-alive, UPGRADE")]),
        Case("a list of protocols to switch to", 101, set: [("Upgrade", "h2c, websocket")]),
        Case("HEAD", 405, method: .head),
        Case("no Upgrade, as a browser opens a page", 426, set: [("Upgrade", nil)]),
        Case("another protocol", 426, set: [("Upgrade", "h2c")]),
        Case("a part of the name", 426, set: [("Upgrade", "websockets")]),
        Case("Connection without upgrade, as a proxy sends it", 426, set: [("Connection", "close")]),
        Case("no version", 426, set: [("Sec-WebSocket-Version", nil)]),
        Case("version 8", 426, set: [("Sec-WebSocket-Version", "8")]),
        Case("two versions", 426, add: [("Sec-WebSocket-Version", "13")]),
        Case("no key", 400, set: [("Sec-WebSocket-Key", nil)]),
        Case("two keys", 400, add: [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]),
        Case("15 bytes", 400, set: [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j")]),
        Case("17 bytes", 400, set: [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZWU=")]),
        Case("bits left over", 400, set: [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZR==")]),
        Case("a letter that is not base64", 400, set: [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j!Q==")]),
        Case("a body", 400, body: RequestBody([1])),
        Case("a body of unknown length", 400, body: RequestBody(source: Endless(), contentLength: nil)),
        Case("a page of this site", 101, add: [("Origin", "http://example.com")]),
        Case("a page of this site over TLS", 101, add: [("Origin", "https://example.com")], isEncrypted: true),
        Case("a page of this host without TLS", 403, add: [("Origin", "http://example.com")], isEncrypted: true),
        Case("a page of another site", 403, add: [("Origin", "http://evil.example")]),
        Case("a page of another port", 403, add: [("Origin", "http://example.com:8080")]),
        Case("a host that begins the same", 403, add: [("Origin", "http://example.com.evil.example")]),
        Case("a page without an origin, such as a sandboxed frame", 403, add: [("Origin", "null")]),
        Case("two origins", 403, add: [("Origin", "http://example.com"), ("Origin", "http://evil.example")]),
        Case("an origin with a path", 403, add: [("Origin", "https://trusted.example/x")]),
        Case("a trusted site", 101, add: [("Origin", "https://trusted.example")]),
        Case("a trusted site without TLS", 403, add: [("Origin", "http://trusted.example")]),
        Case("a site that the CSRF protection trusts", 101, add: [("Origin", "https://a.forms.example")]),
    ]

    @Test(arguments: cases)
    func `a handshake is accepted or refused`(_ example: Case) async throws {
        let response = try await Self.handler()(example.request())
        #expect(response.status.code == example.status)
        if case .upgrade = response.body.storage {
            #expect(example.status == 101)
        } else {
            #expect(example.status != 101)
        }
    }

    static func handler(
        _ settings: WebSocketSettings = WebSocketSettings(
            subprotocols: ["v2", "v1"], origins: .sameSite(and: TrustedOrigin("https://trusted.example")))
    ) throws -> Handler {
        let csrf = CSRFProtection(trustedOrigins: [try #require(TrustedOrigin("https://*.forms.example"))])
        let table = try RouteTable(
            URLs { webSocket("chat/", { (_: Request, _: WebSocket) in }, name: "chat", settings: settings) })
        return Dispatcher(table, middleware: [csrf]).handler
    }

    @Test func `the answer proves that the key was read`() async throws {
        let response = try await Self.handler()(try Case("", 101).request())
        #expect(response.headers[try #require(HeaderName("Sec-WebSocket-Accept"))] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(response.headers[.upgrade] == "websocket")
        #expect(response.headers[try #require(HeaderName("Sec-WebSocket-Protocol"))] == nil)
        #expect(response.headers[try #require(HeaderName("Sec-WebSocket-Extensions"))] == nil)
    }

    @Test func `what is refused says what would be accepted`() async throws {
        let plain = try await Self.handler()(try Case("", 426, set: [("Upgrade", nil)]).request())
        #expect(plain.headers[.upgrade] == "websocket")
        let old = try await Self.handler()(try Case("", 426, set: [("Sec-WebSocket-Version", "8")]).request())
        #expect(old.headers[try #require(HeaderName("Sec-WebSocket-Version"))] == "13")
        let asked = try await Self.handler()(try Case("", 405, method: .head).request())
        #expect(asked.headers[.allow] == "GET")
    }

    static let subprotocols: [(offered: [String], chosen: String?)] = [
        (["v1"], "v1"), (["v1, v2"], "v2"), (["v1", "v2"], "v2"), (["v3"], nil), (["V1"], nil), ([" v1 ,x"], "v1"),
    ]

    @Test(arguments: subprotocols)
    func `the server's preferred subprotocol that the client offers is chosen`(
        _ offered: [String], _ chosen: String?
    ) async throws {
        let request = try Case("", 101, add: offered.map { ("Sec-WebSocket-Protocol", $0) }).request()
        let response = try await Self.handler()(request)
        #expect(response.status == .switchingProtocols)
        #expect(response.headers[try #require(HeaderName("Sec-WebSocket-Protocol"))] == chosen)
    }

    @Test func `a socket that does not look at cookies may be open to all pages`() async throws {
        let request = try Case("", 101, add: [("Origin", "null")]).request()
        #expect(try await Self.handler(WebSocketSettings(origins: .any))(request).status == .switchingProtocols)
    }

    @Test func `parameters are typed and checked as those of a path`() throws {
        #expect(throws: RouteTableError.self) {
            try RouteTable(URLs { webSocket("chat/<int:id>/", { (_: Request, _: WebSocket, _: String) in }) })
        }
        let table = try RouteTable(
            URLs { webSocket("chat/<slug:room>/", { (_: Request, _: WebSocket, _: String) in }, name: "chat") })
        #expect(try table.reverse("chat", "swift") == "/chat/swift/")
    }
}
