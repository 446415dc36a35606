import MartletHTTP
import MartletServer
import Testing

@Suite struct LimitTests {
    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\nHost: h\n\n", 400),
        ("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        ("GET /../x HTTP/1.1\r\nHost: h\r\n\r\n", 400), ("GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505),
        ("GET / HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n", 417),
        ("GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        ("GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: h\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "a", count: 40_000))", 431),
        ("GET / HTTP/1.1\r\nHost: h\r\n\(String(repeating: "X: 1\r\n", count: 101))\r\n", 431),
        ("\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}\r\n", 400),
    ])
    func `a request that breaks a rule is refused with a reason and the connection closes`(
        _ request: String, _ status: Int
    ) async throws {
        let log = EventLog()
        try await withServer(log: log, handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            // The rest is a request by itself, which must not be seen as one.
            try await client.send(request + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 \(HTTPStatus(status))\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(!answer.contains("smuggled"))
            let event = try #require(log.first(.requestRefused))
            #expect(answer.hasSuffix(event.message))
        }
    }

    @Test func `answers that are ready come before the refusal behind them`() async throws {
        try await withServer(handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET /ok HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/9.9\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.contains("GET /ok []HTTP/1.1 505 "))
        }
    }

    @Test(arguments: ["G", "GET / HTTP/1.1\r\nHost: h\r\n"])
    func `a head that does not arrive in time gives 408`(_ part: String) async throws {
        try await withServer({ $0.headTimeout = .milliseconds(30) }, handler: echo) { address, _ in
            var answer = ""
            // A connection that the machine is too slow to send on in time is closed without a word.
            while answer.isEmpty {
                let client = try await RawClient.connect(address)
                try? await client.send(part)
                answer = (try? await client.receiveAll()) ?? ""
            }
            #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        }
    }

    @Test func `a body that stands still gives 408`() async throws {
        try await withServer({ $0.bodyTimeout = .milliseconds(30) }, handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nHel")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            #expect(answer.hasSuffix("may stand still for 0.03 seconds, at 240 bytes a second or more."))
        }
    }

    @Test func `a body that drips gives 408, and one that the view does not wait for does not`() async throws {
        let (begun, released) = (Signal(), Signal())
        let handler: Handler = { request in
            if request.path == "/late" {
                begun.give()
                await released.wait()
            }
            return try await echo(request)
        }
        // A byte at a time is worth less than the wait for it where a billion a second are wanted.
        let configure: (inout ServerSettings) -> Void = {
            $0.bodyTimeout = .milliseconds(100)
            $0.minimumBodyRate = 1_000_000_000
        }
        try await withServer(configure, handler: handler) { address, _ in
            let late = try await RawClient.connect(address)
            try await late.send("POST /late HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n")
            await begun.wait()
            let dripping = try await RawClient.connect(address)
            try await dripping.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n")
            let answered = Journal()
            async let answer: Void = { answered.add(try await dripping.receiveAll()) }()
            // Other requests, answered meanwhile, are the pace.
            let pace = try await RawClient.connect(address)
            while answered.entries.isEmpty {
                try? await dripping.send("x")
                try await pace.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                _ = try await pace.receive(through: "[]")
            }
            try await answer
            #expect(answered.entries.first?.hasPrefix("HTTP/1.1 408 Request Timeout\r\n") == true)
            // More than the time has passed for the other client, but its view has not waited for it.
            try await late.send("ok")
            released.give()
            #expect(try await late.receive(through: "]").hasSuffix("[ok]"))
        }
    }

    @Test func `an idle connection is closed without an answer`() async throws {
        try await withServer({ $0.idleTimeout = .milliseconds(30) }, handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await client.receive(through: "[]")
            #expect(try await client.receiveAll() == "")
        }
    }

    @Test func `a client that does not take its answer loses the connection`() async throws {
        let body = [UInt8](repeating: 0x61, count: 64_000_000)
        let left = Signal()
        let handler: Handler = { _ in
            Response(
                body: .stream { writer in
                    defer { left.give() }
                    try await writer.write(body)
                })
        }
        try await withServer({ $0.writeTimeout = .milliseconds(50) }, handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            await left.wait()
            let received = try? await client.receiveAllBytes().count
            #expect(received ?? 0 < body.count)
        }
    }

    @Test func `a connection beyond the limit waits for its turn`() async throws {
        try await withServer({ $0.maximumConnections = 1 }, handler: echo) { address, _ in
            let first = try await RawClient.connect(address)
            try await first.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await first.receive(through: "[]")
            let second = try await RawClient.connect(address)
            try await second.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n")
            try await first.send("GET /3 HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await first.receive(through: "[]").contains("/3"))
            await first.close()
            #expect(try await second.receive(through: "[]").contains("/2"))
        }
    }
}
