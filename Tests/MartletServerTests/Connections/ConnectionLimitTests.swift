import MartletHTTP
import MartletServer
import Testing

/// How many connections a server takes, and how long those that want little good.
@Suite(.timeLimit(.minutes(2))) struct ConnectionLimitTests {
    private static let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    private static func limits(_ settings: inout ServerSettings, perWorker: Bool) {
        settings.workers = 1
        if perWorker { settings.maximumConnectionsPerWorker = 1 } else { settings.maximumConnections = 1 }
    }

    @Test(arguments: [true, false])
    func `a connection beyond a limit waits until one closes`(_ perWorker: Bool) async throws {
        let log = EventLog()
        try await withServer({ Self.limits(&$0, perWorker: perWorker) }, log: log, handler: echo) { address, _ in
            let first = try await RawClient.connect(address)
            try await first.send(Self.request)
            _ = try await first.receive(through: "[]")
            var waiting: [RawClient] = []
            for _ in 0..<3 {
                let client = try await RawClient.connect(address)
                try await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                waiting.append(client)
            }
            try await first.send(Self.request)
            _ = try await first.receive(through: "[]")
            await first.close()
            for client in waiting {
                #expect(try await client.receiveAll().hasPrefix("HTTP/1.1 200 OK\r\n"))
                await client.close()
            }
            #expect(log.first(.connectionLimitReached)?.message.contains("wait in the backlog") == true)
        }
    }

    @Test(arguments: [true, false])
    func `a connection beyond a limit is told 503 where the settings say so`(_ perWorker: Bool) async throws {
        let log = EventLog()
        try await withServer(
            {
                Self.limits(&$0, perWorker: perWorker)
                $0.connectionLimitAnswer = .refuse
            }, log: log, handler: echo
        ) { address, _ in
            let first = try await RawClient.connect(address)
            try await first.send(Self.request)
            _ = try await first.receive(through: "[]")
            for _ in 0..<40 {
                let client = try await RawClient.connect(address)
                try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
                let answer = try await client.receiveAll()
                #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
                #expect(answer.contains("\r\nRetry-After: 1\r\n") && answer.contains("\r\nConnection: close\r\n"))
                await client.close()
            }
            // Once for a row; a slow machine may make several of them.
            #expect((1..<20).contains(log.count(.connectionLimitReached)))
            // Those that were refused leave nothing behind that keeps others out.
            await first.close()
            var answer = ""
            while !answer.hasPrefix("HTTP/1.1 200 OK\r\n") {
                let next = try await RawClient.connect(address)
                try await next.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                answer = try await next.receiveAll()
                await next.close()
            }
        }
    }

    @Test func `heads that drip in are cut at the timeout while others are served`() async throws {
        try await withServer({ $0.headTimeout = .milliseconds(300) }, handler: echo) { address, _ in
            var dripping: [RawClient] = []
            for _ in 0..<40 {
                let client = try await RawClient.connect(address)
                try await client.send("GET / HTTP/1.1\r\nX-Slow: ")
                dripping.append(client)
            }
            let ends = Journal()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in dripping {
                    group.addTask {
                        let answer = try await client.receiveAll()
                        ends.add(answer)
                    }
                }
                // A byte on each connection for every request that is served.
                var good = try await RawClient.connect(address)
                var served = 0
                while ends.entries.count < dripping.count {
                    do {
                        try await good.send(Self.request)
                        #expect(try await good.receive(through: "[]").hasPrefix("HTTP/1.1 200 OK\r\n"))
                        served += 1
                    } catch RawClient.Failure.closed(received: "") {
                        // The machine was too slow to send a first request in time.
                        good = try await RawClient.connect(address)
                    }
                    for client in dripping { try? await client.send("a") }
                }
                #expect(served > 0)
                await good.close()
                try await group.waitForAll()
            }
            // A connection that the machine is too slow to send on in time is closed without a word.
            #expect(ends.entries.allSatisfy { $0.isEmpty || $0.hasPrefix("HTTP/1.1 408 Request Timeout\r\n") })
            #expect(ends.entries.contains { !$0.isEmpty })
        }
    }
}
