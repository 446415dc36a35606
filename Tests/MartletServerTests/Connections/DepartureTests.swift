import MartletHTTP
import MartletServer
import Testing

@Suite struct DepartureTests {
    @Test func `a client that has finished sending gets its answer`() async throws {
        try await withServer(handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n")
            client.finishSending()
            let answer = try await client.receiveAll()
            #expect(answer.contains("GET /1 []"))
            #expect(answer.hasSuffix("GET /2 []"))
        }
    }

    @Test(arguments: [true, false])
    func `a client that goes away cancels the view`(_ byReset: Bool) async throws {
        let (started, cancelled) = (Signal(), Signal())
        let handler: Handler = { _ in
            started.give()
            do {
                try await Task.sleep(for: .seconds(1_000))
            } catch {
                cancelled.give()
                throw error
            }
            return Response("never")
        }
        try await withServer({ $0.halfCloseTimeout = .milliseconds(1) }, handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            await started.wait()
            if byReset { await client.reset() } else { await client.close() }
            await cancelled.wait()
            // Nobody is left to be served: the server is as good as new.
            let next = try await RawClient.connect(address)
            await next.close()
        }
    }

    @Test func `a stream ends when its client goes away`() async throws {
        let ended = Signal()
        let handler: Handler = { _ in
            Response(
                body: .stream { writer in
                    defer { ended.give() }
                    while true { try await writer.write("data: tick\n\n") }
                })
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await client.receive(through: "tick")
            await client.close()
            await ended.wait()
        }
    }

    @Test func `a client that leaves in the middle of a head or a body disturbs nobody`() async throws {
        try await withServer(handler: echo) { address, _ in
            for part in ["", "GE", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab"] {
                let client = try await RawClient.connect(address)
                try await client.send(part)
                await client.reset()
            }
            let client = try await RawClient.connect(address)
            try await client.send("GET /ok HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.receive(through: "[]").hasSuffix("GET /ok []"))
        }
    }
}
