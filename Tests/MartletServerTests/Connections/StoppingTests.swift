import MartletHTTP
import MartletIO
import MartletServer
import Testing

@Suite struct StoppingTests {
    @Test func `stopping answers what runs and closes what idles`() async throws {
        let (started, released) = (Signal(), Signal())
        let handler: Handler = { request in
            if request.path == "/slow" {
                started.give()
                await released.wait()
            }
            return Response(request.path)
        }
        try await withServer(handler: handler) { address, server in
            let idle = try await RawClient.connect(address)
            try await idle.send("GET /idle HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await idle.receive(through: "\r\n\r\n/idle")
            let busy = try await RawClient.connect(address)
            try await busy.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
            await started.wait()

            async let stopped: Void = server.stop(grace: .seconds(1_000))
            #expect(try await idle.receiveAll() == "")
            await #expect(throws: SystemCallError.self) { try await RawClient.connect(address) }
            released.give()
            let answer = try await busy.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.hasSuffix("/slow"))
            await busy.close()
            await stopped
        }
    }

    @Test func `a view that is still at work after the grace is cancelled`() async throws {
        let started = Signal()
        let handler: Handler = { _ in
            started.give()
            try await Task.sleep(for: .seconds(1_000))
            return Response("never")
        }
        try await withServer(handler: handler) { address, server in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            await started.wait()
            await server.stop(grace: .milliseconds(1))
            #expect(try await client.receiveAll().hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        }
    }

    @Test func `a view that ignores its cancellation does not hold the server`() async throws {
        let (started, released) = (Signal(), Signal())
        let handler: Handler = { _ in
            started.give()
            await released.wait()
            return Response("late")
        }
        try await withServer(handler: handler) { address, server in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            await started.wait()
            await server.stop(grace: .milliseconds(1))
            released.give()
            #expect(try await client.receiveAll().hasSuffix("late"))
        }
    }

    @Test func `a request that is under way when the server stops is answered`() async throws {
        for _ in 0..<20 {
            try await withServer(handler: echo) { address, server in
                let clients = try await Self.connect(8, address)
                for client in clients { try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
                await server.stop(grace: .seconds(1_000))
                for client in clients {
                    let answer = try await client.receiveAll()
                    #expect(answer == "" || answer.hasSuffix("GET / []"))
                    await client.close()
                }
            }
        }
    }

    private static func connect(_ count: Int, _ address: SocketAddress) async throws -> [RawClient] {
        var clients: [RawClient] = []
        for _ in 0..<count { clients.append(try await RawClient.connect(address)) }
        return clients
    }

    @Test func `stopping twice and stopping what never ran end at once`() async throws {
        await Server(handler: echo).stop()
        try await withServer(handler: echo) { _, server in
            await server.stop()
            await server.stop()
            await #expect(throws: ServerError.alreadyStarted) { try await server.start() }
        }
    }

    @Test func `a request of which only a part has come does not hold the stop up`() async throws {
        try await withServer({ $0.headTimeout = .seconds(1_000) }, handler: echo) { address, server in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHo")
            await server.stop(grace: .seconds(1_000))
            let answer = try await client.receiveAll()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 408 "))
            await client.close()
        }
    }

    @Test func `an address in use is an error that says what to do`() async throws {
        var settings = ServerSettings()
        settings.host = "203.0.113.1"
        settings.port = 0
        let server = Server(settings: settings, handler: echo)
        let error = await #expect(throws: SystemCallError.self) { try await server.start() }
        #expect(error?.description.contains("No network interface of this machine has that address.") == true)
    }
}
