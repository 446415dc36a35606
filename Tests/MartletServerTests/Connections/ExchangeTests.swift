import MartletHTTP
import MartletServer
import Testing

@Suite struct ExchangeTests {
    @Test func `an answer has length, type and date`() async throws {
        try await withServer(handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET /a%20b HTTP/1.1\r\nHost: h\r\n\r\n")
            let answer = try await client.receive(through: "[]")
            #expect(answer.contains("\r\nDate: "))
            #expect(
                answer.withoutDate
                    == "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 11\r\n\r\nGET /a b []"
            )
        }
    }

    @Test func `a connection carries one request after the other`() async throws {
        try await withServer(handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            for number in 0..<50 {
                try await client.send("GET /\(number) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await client.receive(through: "[]").hasSuffix("GET /\(number) []"))
            }
        }
    }

    @Test func `pipelined requests are answered in order`() async throws {
        try await withServer(handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            let requests = (0..<200).map {
                "POST /\($0) HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n\($0 % 900 + 100)"
            }
            try await client.send(requests.joined())
            for number in 0..<200 {
                let answer = try await client.receive(through: "]")
                #expect(answer.hasSuffix("POST /\(number) [\(number % 900 + 100)]"))
            }
        }
    }

    @Test func `an answer that is ready does not wait for a slow one behind it`() async throws {
        let release = Signal()
        let handler: Handler = { request in
            if request.path == "/slow" { await release.wait() }
            return Response(request.path)
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(
                "GET /fast HTTP/1.1\r\nHost: h\r\n\r\nGET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n/fast").hasPrefix("HTTP/1.1 200 OK\r\n"))
            release.give()
            #expect(try await client.receive(through: "\r\n\r\n/slow").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "Connection: close"),
        ("GET / HTTP/1.0\r\n\r\n", "Connection: close"),
        ("GET /closing HTTP/1.1\r\nHost: h\r\n\r\n", "Connection: close"),
    ])
    func `the connection closes where one side wants it`(_ request: String, _ field: String) async throws {
        let handler: Handler = { request in
            var response = Response("x")
            if request.path == "/closing" { try response.headers.set(.connection, "close") }
            return response
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(request)
            let answer = try await client.receiveAll()
            #expect(answer.contains("\r\n\(field)\r\n"))
            #expect(answer.hasSuffix("\r\n\r\nx"))
        }
    }

    @Test func `HTTP/1.0 stays when it asks to`() async throws {
        try await withServer(handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try await client.receive(through: "[]").contains("\r\nConnection: keep-alive\r\n"))
            }
        }
    }

    // RFC 9110 §9.3.2, §15.3.5, §15.4.5
    @Test(arguments: [
        ("HEAD", 200, "Content-Length: 5\r\n"), ("GET", 204, ""), ("GET", 304, ""),
    ])
    func `an answer that has no content has none on the wire`(
        _ method: String, _ status: Int, _ field: String
    ) async throws {
        let handler: Handler = { request in
            Response(status: HTTPStatus(request.path == "/after" ? 200 : status), body: .bytes(Array("Hello".utf8)))
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("\(method) / HTTP/1.1\r\nHost: h\r\n\r\nGET /after HTTP/1.1\r\nHost: h\r\n\r\n")
            let first = try await client.receive(through: "\r\n\r\n")
            #expect(first.withoutDate == "HTTP/1.1 \(HTTPStatus(status))\r\n\(field)\r\n")
            #expect(try await client.receive(through: "Hello").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `what a view says about the framing is dropped`() async throws {
        let handler: Handler = { _ in
            var response = Response(status: HTTPStatus(200, reason: "A\r\nB: c"), body: .bytes([0x78]))
            response.headers = try Headers([
                "content-length": "999", "Transfer-Encoding": "chunked", "DATE": "now", "X-Kept": "1",
            ])
            return response
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let answer = try await client.receive(through: "\r\n\r\nx")
            #expect(answer.withoutDate == "HTTP/1.1 200 A  B: c\r\nX-Kept: 1\r\nContent-Length: 1\r\n\r\nx")
        }
    }

    @Test func `a large answer arrives whole at a client that reads late`() async throws {
        let body = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try await withServer(handler: { _ in Response(content: body, contentType: .octetStream) }) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            let head = try await client.receive(through: "\r\n\r\n")
            #expect(head.contains("Content-Length: 8000000\r\n"))
            #expect(try await client.receiveAllBytes() == body)
        }
    }

    @Test func `a view that throws gives 500 and an event`() async throws {
        struct Broken: Error {}
        let log = EventLog()
        try await withServer(log: log, handler: { _ in throw Broken() }) { address, _ in
            let client = try await RawClient.connect(address)
            for _ in 0..<2 {
                try await client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
                let answer = try await client.receive(through: "\r\n\r\nInternal Server Error")
                #expect(answer.hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
            }
            let event = try #require(log.first(.viewFailed))
            #expect(event.error is Broken)
            #expect(event.path == "/x")
            #expect(event.peerAddress == "127.0.0.1")
        }
    }

    @Test func `an error with a response has its status and headers`() async throws {
        let handler: Handler = { _ in
            throw HTTPError(.methodNotAllowed, "No.", headers: try Headers(["Allow": "GET"]))
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\n\r\n")
            let answer = try await client.receive(through: "\r\n\r\nNo.")
            #expect(answer.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
            #expect(answer.contains("\r\nAllow: GET\r\n"))
        }
    }
}
