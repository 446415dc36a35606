import Glibc
import TestPrograms
import Testing

/// What a load balancer sees of a site that is to stop.
@Suite(.timeLimit(.minutes(3))) struct DrainTests {
    private static func request(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n" }

    @Test func `ready turns 503 first and the site goes on, until a second signal or the end of the delay`()
        async throws
    {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let server = try ServerProcess([
            "TEST_SITE": "true", "DEBUG": "true", "SERVER_DRAIN_DELAY": "1000h", "SERVER_KEEP_ALIVE_GRACE": "0s",
            "DATABASE_URL": "sqlite:///\(folder.path)/site.sqlite3",
        ])
        let address = try await server.address()
        let before = try await RawClient.connect(address)
        try await before.send(Self.request("/ready/"))
        #expect(try await before.receive(through: "}}}").hasPrefix("HTTP/1.1 200 OK\r\n"))

        server.send(SIGTERM)
        try await server.line("server_draining")
        // Both whoever has a connection and whoever makes one.
        let after = try await RawClient.connect(address)
        for client in [before, after] {
            try await client.send(Self.request("/ready/"))
            let answer = try await client.receive(through: "}}")
            #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(answer.hasSuffix(#"{"status":"draining","broken":[],"checks":{}}"#))
            try await client.send(Self.request("/live/"))
            #expect(try await client.receive(through: #""ok"}"#).hasPrefix("HTTP/1.1 200 OK\r\n"))
            try await client.send(Self.request("/"))
            #expect(try await client.receive(through: "page").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }

        server.send(SIGTERM)
        try await server.line("server_stopped")
        #expect(await server.end() == "ended with status 0")
    }
}
