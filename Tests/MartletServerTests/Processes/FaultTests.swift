import Glibc
import MartletIO
import MartletServer
import Testing

/// What a process has to survive, and what its supervisor has to make good.
@Suite(.timeLimit(.minutes(10))) struct FaultTests {
    private static let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `running out of descriptors is told once and survived`() async throws {
        let server = try ServerProcess([
            "TEST_DESCRIPTORS": "40", "WORKERS": "2", "SERVER_HEAD_TIMEOUT": "1000s",
        ])
        let address = try await server.address()
        var clients: [RawClient] = []
        for _ in 0..<60 { clients.append(try await RawClient.connect(address)) }
        try await server.line("accept_failed")
        // Each of those that are served makes room for one that waits.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in clients {
                group.addTask {
                    try await client.send(Self.request)
                    #expect(try await client.receive(through: "[]").hasPrefix("HTTP/1.1 200 OK\r\n"))
                    await client.close()
                }
            }
            try await group.waitForAll()
        }
        server.send(SIGTERM)
        let rest = try await server.line("server_stopped|accept_failed")
        #expect(rest.hasSuffix("server_stopped"), "the failures were told more than once")
        #expect(await server.end() == "ended with status 0")
    }

    @Test func `a process that a trap has ended is replaced, and clients wait instead of being refused`() async throws {
        // The supervisor: it holds the socket, and starts the program again when it has ended.
        let (socket, address) = try Socket.listen(host: "127.0.0.1", port: 0, backlog: 64)
        defer { Socket.close(socket) }
        for _ in 1...3 {
            let server = try ServerProcess(sockets: [socket])
            #expect(try await server.address() == address)
            let victim = try await RawClient.connect(address)
            try await victim.send("GET /trap HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(await server.end().hasPrefix("was ended by signal "))
            // Nobody runs, and still they are let in.
            var waiting: [RawClient] = []
            for _ in 0..<8 {
                let client = try await RawClient.connect(address)
                try await client.send(Self.request)
                waiting.append(client)
            }
            let next = try ServerProcess(sockets: [socket])
            for client in waiting {
                #expect(try await client.receive(through: "[]").hasSuffix("\r\n\(next.id) 127.0.0.1 []"))
                await client.close()
            }
            next.send(SIGTERM)
            #expect(await next.end() == "ended with status 0")
        }
    }

    @Test func `fifty stops by SIGTERM under load lose no request, and the next process has the socket`() async throws {
        let (socket, address) = try Socket.listen(host: "127.0.0.1", port: 0, backlog: 512)
        defer { Socket.close(socket) }
        // Longer than a client on a busy machine, or under a sanitizer, needs for its next request.
        let patience = ["SERVER_KEEP_ALIVE_GRACE": "20s"]
        // The last one lives until the clients have finished.
        var last: ServerProcess?
        let tally = try await withLoad(on: address, clients: 8) { tally in
            for _ in 1...50 {
                let server = try ServerProcess(sockets: [socket], patience)
                await tally.wait(answers: tally.value.answered + 20)
                server.send(SIGTERM)
                #expect(await server.end() == "ended with status 0")
            }
            last = try ServerProcess(sockets: [socket], patience)
            await tally.wait(answers: tally.value.answered + 100)
        }
        last?.send(SIGTERM)
        #expect(await last?.end() == "ended with status 0")
        #expect(tally.violations == [])
        #expect(tally.unanswered == 0)
    }

    @Test func `a descriptor that is no listening socket is refused with what to do`() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let server = try ServerProcess(sockets: [ends[0]])
        try await server.line("failed: Descriptor 3 of LISTEN_FDS is no listening stream socket. A systemd unit needs")
        #expect(await server.end() == "ended with status 1")
    }
}
