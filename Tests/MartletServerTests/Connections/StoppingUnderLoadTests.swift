import MartletHTTP
import MartletServer
import Testing

@Suite(.timeLimit(.minutes(5))) struct StoppingUnderLoadTests {
    @Test func `fifty stops under load leave every request with an answer or a clean end`() async throws {
        var answered = 0
        for round in 1...50 {
            var settings = ServerSettings()
            settings.port = 0
            settings.workers = 2
            settings.keepAliveGrace = .milliseconds(Int.random(in: 0...30))
            let server = Server(settings: settings, handler: echo)
            let address = try await server.start()
            let tally = try await withLoad(on: address, clients: 16) { tally in
                await tally.wait(answers: Int.random(in: 1...600))
                await server.stop()
            }
            #expect(tally.violations == [], "round \(round)")
            answered += tally.answered
        }
        #expect(answered > 50)
    }

    @Test func `requests that are pipelined when the server stops are answered, the last with a close`() async throws {
        let (started, released) = (Signal(), Signal())
        let handler: Handler = { request in
            if request.path == "/1" {
                started.give()
                await released.wait()
            }
            return Response(request.path)
        }
        try await withServer(handler: handler) { address, server in
            let idle = try await RawClient.connect(address)
            let client = try await RawClient.connect(address)
            try await client.send((1...3).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
            await started.wait()
            async let stopped: Void = server.stop(grace: .seconds(1_000))
            // Connections without a request end when all others know that the server stops.
            #expect(try await idle.receiveAll() == "")
            await idle.close()
            released.give()
            let answer = try await client.receiveAll()
            await client.close()
            await stopped
            #expect(
                answer.contains("/1HTTP/1.1 200 OK") && answer.contains("/2HTTP/1.1 200 OK") && answer.hasSuffix("/3"))
            #expect(answer.split(separator: "Connection: close").count == 2)
        }
    }

    @Test func `a connection without a request may bring one more when the server stops`() async throws {
        let patient: (inout ServerSettings) -> Void = { settings in
            settings.keepAliveGrace = .seconds(1_000)
            settings.headTimeout = .seconds(1_000)
        }
        try await withServer(patient, handler: echo) { address, server in
            let (kept, fresh) = (try await RawClient.connect(address), try await RawClient.connect(address))
            try await kept.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await kept.receive(through: "GET /1 []")
            async let stopped: Void = server.stop(grace: .seconds(1_000))
            for client in [kept, fresh] {
                var answer = ""
                // Until the stop has reached the connection it is told nothing; then it has one request left.
                while !answer.contains("\r\nConnection: close\r\n") {
                    try await client.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n")
                    answer = try await client.receive(through: "GET /2 []")
                }
                #expect(try await client.receiveAll() == "")
                await client.close()
            }
            await stopped
        }
    }

    @Test func `a body that stands still does not hold the stop up`() async throws {
        let started = Signal()
        let handler: Handler = { request in
            started.give()
            return try await echo(request)
        }
        try await withServer(
            {
                $0.bodyTimeout = .seconds(1_000)
                $0.drainTimeout = .milliseconds(50)
            }, handler: handler
        ) { address, server in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nHel")
            await started.wait()
            await server.stop(grace: .seconds(1_000))
            #expect(try await client.receiveAll().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        }
    }
}
