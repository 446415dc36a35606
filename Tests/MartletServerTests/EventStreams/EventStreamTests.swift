import MartletHTTP
import MartletServer
import Testing

@Suite struct EventStreamTests {
    static let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `an event is seen when it is sent`() async throws {
        let seen = Signal()
        let handler: Handler = { request in
            .eventStream { events in
                try await events.send(ServerSentEvent(data: "first \(request.lastEventID ?? "")", id: "2"))
                await seen.wait()
                try await events.send("second")
            }
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\nLast-Event-ID: 1\r\n\r\n")
            #expect(try await client.receive(through: "data: first 1\n\n").contains("Content-Type: text/event-stream"))
            seen.give()
            #expect(try await client.receive(through: "0\r\n\r\n").contains("data: second\n\n"))
        }
    }

    @Test func `a stream without events sends heartbeats`() async throws {
        let handler: Handler = { _ in
            .eventStream(heartbeat: .milliseconds(1)) { _ in try await Task.sleep(for: .seconds(1_000)) }
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            for _ in 0..<3 { #expect(try await client.receive(through: ":\n\n").hasSuffix(":\n\n")) }
        }
    }

    @Test(arguments: [true, false])
    func `a client that goes away cancels the view that waits for an event`(_ byReset: Bool) async throws {
        // A client that has only finished sending may still wait: it has this long, and the rest of a second is left.
        #expect(ServerSettings().halfCloseTimeout <= .milliseconds(500))
        let cancelled = Signal()
        let log = EventLog()
        let handler: Handler = { _ in
            .eventStream { events in
                try await events.send("begin")
                defer { cancelled.give() }
                try await Task.sleep(for: .seconds(1_000))
            }
        }
        try await withServer(log: log, handler: handler) { address, server in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            _ = try await client.receive(through: "begin")
            let start = ContinuousClock.now
            if byReset { await client.reset() } else { await client.close() }
            await cancelled.wait()
            #expect(start.duration(to: .now) < .seconds(10))
            await server.stop(grace: .seconds(1_000))
        }
        // Whoever closes a page has done nothing that belongs into a log of errors.
        #expect(log.first(.responseFailed) == nil)
    }

    @Test func `a client that goes away cancels the view that waits for a slow reader`() async throws {
        let ended = Signal()
        let handler: Handler = { _ in
            .eventStream { events in
                defer { ended.give() }
                while true { try await events.send(String(repeating: "x", count: 100_000)) }
            }
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            _ = try await client.receive(through: "xxx")
            await client.close()
            await ended.wait()
        }
    }

    @Test func `a server that stops ends its event streams as they should end`() async throws {
        let handler: Handler = { _ in
            .eventStream { events in
                try await events.send("begin")
                try await Task.sleep(for: .seconds(1_000))
            }
        }
        let log = EventLog()
        try await withServer(log: log, handler: handler) { address, server in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            _ = try await client.receive(through: "begin")
            async let stopped: Void = server.stop(grace: .seconds(1_000))
            #expect(try await client.receiveAll().hasSuffix("\r\n0\r\n\r\n"))
            await client.close()
            await stopped
        }
        #expect(log.first(.responseFailed) == nil)
    }
}
