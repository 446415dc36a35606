import MartletHTTP
import MartletIO
import MartletServer
import Synchronization
import Testing

@Suite struct AttendantTests {
    /// What the tests bind, for all requests or in one view.
    @TaskLocal static var note = "nothing"

    /// Answers `note, cancelled or not`.
    private static let telling: @Sendable () -> Response = {
        Response("\(note), \(Task.isCancelled ? "cancelled" : "not cancelled")")
    }

    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    /// One worker, with a note bound for all requests.
    private func withNotedServer(handler: @escaping Handler, _ body: (SocketAddress, Server) async throws -> Void)
        async throws
    {
        var settings = ServerSettings()
        settings.port = 0
        settings.workers = 1
        settings.halfCloseTimeout = .milliseconds(1)
        settings.keepAliveGrace = .seconds(100)
        settings.drainTimeout = .seconds(100)
        let server = Server(
            settings: settings, scope: { start in Self.$note.withValue("for all", operation: start) }, handler: handler)
        let address = try await server.start()
        do {
            try await body(address, server)
        } catch {
            await server.stop(grace: .zero)
            throw error
        }
        await server.stop(grace: .zero)
    }

    @Test func `views that wait hold up nobody, and all are answered`() async throws {
        let (go, count) = (Signal(), 150)
        let handler: Handler = { request in
            if request.path == "/wait" { await go.wait() }
            return Self.telling()
        }
        try await withNotedServer(handler: handler) { address, _ in
            // More than are kept when they have nothing to do; twice, so that those that were kept serve too.
            for _ in 0..<2 {
                var clients: [RawClient] = []
                for _ in 0..<count {
                    let client = try await RawClient.connect(address)
                    try await client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
                    clients.append(client)
                }
                let other = try await RawClient.connect(address)
                try await other.send(Self.get)
                #expect(try await other.receive(through: "cancelled").hasSuffix("for all, not cancelled"))
                await other.close()
                go.give()
                for client in clients {
                    #expect(try await client.receive(through: "cancelled").hasSuffix("for all, not cancelled"))
                    await client.close()
                }
            }
        }
    }

    @Test func `a client that goes away cancels nobody else's view`() async throws {
        let handler: Handler = { request in
            guard request.path == "/wait" else { return Self.telling() }
            try await Task.sleep(for: .seconds(1_000))
            return Response("never")
        }
        try await withNotedServer(handler: handler) { address, _ in
            let resting = try await RawClient.connect(address)
            for _ in 0..<5 {
                try await resting.send(Self.get)
                #expect(try await resting.receive(through: "cancelled").hasSuffix("for all, not cancelled"))
                let leaving = try await RawClient.connect(address)
                try await leaving.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
                await leaving.reset()
            }
            await resting.close()
        }
    }

    @Test func `what a view binds around the stop of the server is not bound for others`() async throws {
        let stopping = Signal()
        let server = Later()
        let handler: Handler = { request in
            guard request.path == "/stop" else { return Self.telling() }
            Self.$note.withValue("of one view") {
                _ = Task { await server.value?.stop() }
            }
            stopping.give()
            return Self.telling()
        }
        try await withNotedServer(handler: handler) { address, running in
            server.value = running
            let slow = try await RawClient.connect(address)
            try await slow.send("GET / HT")
            let asking = try await RawClient.connect(address)
            try await asking.send("GET /stop HTTP/1.1\r\nHost: h\r\n\r\n")
            await stopping.wait()
            #expect(try await asking.receive(through: "cancelled").hasSuffix("for all, not cancelled"))
            try await slow.send("TP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await slow.receive(through: "cancelled").hasSuffix("for all, not cancelled"))
            await asking.close()
            await slow.close()
        }
    }
}

/// The server, known to its own handler once it has been made.
private final class Later: Sendable {
    private let server = Mutex<Server?>(nil)

    var value: Server? {
        get { server.withLock { $0 } }
        set { server.withLock { $0 = newValue } }
    }
}
