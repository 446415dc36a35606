import MartletHTTP
import MartletServer
import Synchronization
import Testing

@Suite struct RequestBodyTests {
    @Test(arguments: [
        "Content-Length: 11\r\n\r\nHello World",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n6\r\n World\r\n0\r\n\r\n",
    ])
    func `a body arrives however it is framed and cut`(_ rest: String) async throws {
        try await withServer(handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            let bytes = Array("POST / HTTP/1.1\r\nHost: h\r\n\(rest)".utf8)
            for cut in bytes.indices {
                try await client.send(Array(bytes[..<cut]))
                try await client.send(Array(bytes[cut...]))
                #expect(try await client.receive(through: "]").hasSuffix("POST / [Hello World]"))
            }
        }
    }

    @Test func `a view reads a body piece by piece and in another task`() async throws {
        let handler: Handler = { request in
            // An unstructured task does not run on the worker; the body finds the way back by itself.
            let count = try await Task.detached {
                var count = 0
                for try await chunk in request.body { count += chunk.count }
                return count
            }.value
            return Response("\(count)!")
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n")
            try await client.send([UInt8](repeating: 0x61, count: 3_000_000))
            #expect(try await client.receive(through: "!").hasSuffix("\r\n\r\n3000000!"))
        }
    }

    @Test func `a client cannot send faster than the view reads`() async throws {
        let (started, released) = (Signal(), Signal())
        let order = Journal()
        let handler: Handler = { request in
            started.give()
            await released.wait()
            var count = 0
            for try await chunk in request.body { count += chunk.count }
            return Response("\(count)!")
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 64000000\r\n\r\n")
            async let sent: Void = {
                try await client.send([UInt8](repeating: 0x61, count: 64_000_000))
                order.add("sent")
            }()
            await started.wait()
            order.add("released")
            released.give()
            try await sent
            #expect(try await client.receive(through: "!").hasSuffix("64000000!"))
            #expect(order.entries == ["released", "sent"])
        }
    }

    // RFC 9110 §10.1.1
    @Test func `the client is asked for the body when the view begins to read it`() async throws {
        try await withServer(handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            for _ in 0..<2 {
                try await client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                #expect(try await client.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                try await client.send("ok")
                #expect(try await client.receive(through: "]").hasSuffix("[ok]"))
            }
        }
    }

    @Test func `a client that waits to be asked is not asked by a view that does not read`() async throws {
        try await withServer(handler: { _ in Response("no", status: .forbidden) }) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test(arguments: ["Content-Length: 5\r\n\r\nHello", "Transfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n"])
    func `a body that no view read does not become the next request`(_ rest: String) async throws {
        try await withServer(handler: { Response("\($0.path)!") }) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST /1 HTTP/1.1\r\nHost: h\r\n\(rest)GET /2 HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: "!").hasSuffix("/1!"))
            #expect(try await client.receive(through: "!").hasSuffix("/2!"))
        }
    }

    @Test func `an early answer to a large upload reaches the client`() async throws {
        try await withServer(handler: { _ in Response("enough", status: .contentTooLarge) }) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200000000\r\n\r\n")
            try await client.send([UInt8](repeating: 0x61, count: 100_000))
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            #expect(answer.hasSuffix("enough"))
        }
    }

    @Test(arguments: [
        "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    ])
    func `a body that is broken is refused and the connection closes`(_ rest: String) async throws {
        try await withServer(handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\n\(rest)")
            try await client.send([UInt8](repeating: 0x61, count: 1_001))
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            #expect(answer.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test(arguments: [
        "Content-Length: 1001\r\n\r\n\(String(repeating: "a", count: 1_001))",
        "Transfer-Encoding: chunked\r\n\r\n3e9\r\n\(String(repeating: "a", count: 1_001))\r\n0\r\n\r\n",
    ])
    func `a body larger than any may be is refused, and a little more does not cost the connection`(
        _ rest: String
    ) async throws {
        try await withServer({ $0.requestLimits.bodyBytes = 1_000 }, handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\n\(rest)GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
            let answer = try await client.receive(through: "(bodyBytes).")
            #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            #expect(answer.hasSuffix("The request body is larger than the limit: 1000 bytes (bodyBytes)."))
            #expect(try await client.receive(through: "[]").hasSuffix("GET /next []"))
        }
    }

    @Test func `a body of which too much is left costs the connection`() async throws {
        try await withServer({ $0.requestLimits.bodyBytes = 1_000 }, handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test func `a body larger than views collect is refused with the limit`() async throws {
        try await withServer({ $0.requestLimits.collectedBytes = 4 }, handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nHello")
            let answer = try await client.receive(through: "(collectedBytes).")
            #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            #expect(answer.hasSuffix("The request body is larger than the limit: 4 bytes (collectedBytes)."))
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nnext")
            #expect(try await client.receive(through: "]").hasSuffix("[next]"))
        }
    }

    @Test func `a body cannot be read after the answer`() async throws {
        let kept = Mutex<RequestBody?>(nil)
        let handler: Handler = { request in
            if request.method == .post { kept.withLock { $0 = request.body } }
            return Response("x")
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nHello")
            _ = try await client.receive(through: "\r\n\r\nx")
            // The next answer shows that the server is done with the first request.
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let body = try #require(kept.withLock { $0 })
            _ = try await client.receive(through: "\r\n\r\nx")
            await #expect(throws: (any Error).self) { try await body.collect() }
        }
    }

    @Test func `a client that waits to be asked is asked before an answer that streams its body back`() async throws {
        try await withServer(handler: { Response(body: .stream($0.body)) }) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
            let asked = try await client.receive(through: "\r\n\r\n")
            #expect(asked == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("hello")
            let head = try await client.receive(through: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(try await client.receive(through: "0\r\n\r\n") == "5\r\nhello\r\n0\r\n\r\n")
            await client.close()
        }
    }
}
