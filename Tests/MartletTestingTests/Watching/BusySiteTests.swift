import MartletHTTP
import MartletORM
import MartletRouting
import MartletSite
import MartletTesting
import TestPrograms
import Testing

/// What the metrics of a site say while it has something to do.
@Suite(.timeLimit(.minutes(3))) struct BusySiteTests {
    private final class Gates: Sendable {
        let entered = Gate()
        let leave = Gate()
    }

    private static func site(_ gates: Gates) -> Site {
        Site(
            apps: [],
            urls: URLs {
                include("", metricsURLs)
                path(
                    "held/",
                    { _ in
                        try await transaction {
                            try await Database.current.execute(
                                Statement("CREATE TABLE IF NOT EXISTS held (id integer)"))
                            await gates.entered.open()
                            await gates.leave.wait()
                        }
                        return Response("held")
                    }, name: "held")
                path(
                    "writing/",
                    { _ in
                        try await transaction {
                            try await Database.current.execute(
                                Statement("CREATE TABLE IF NOT EXISTS writing (id integer)"))
                        }
                        return Response("written")
                    }, name: "writing")
                path("<path:anything>", { (_, _: String) in Response("here") }, name: "anything")
            }, middleware: { _ in [] }, templates: [], staticFiles: [])
    }

    private static func value(_ series: String, _ client: TestClient) async throws -> Double? {
        MetricsPageTests.value(series, in: try await client.get("/metrics").text)
    }

    private static func pool(_ name: String, _ state: String? = nil) -> String {
        let labels = #"{database="database",pool="write""# + (state.map { ",state=\"\($0)\"" } ?? "") + "}"
        return "database_pool_\(name)\(labels)"
    }

    @Test func `requests that are held, the connection one has and the one that waits for it are counted`() async throws
    {
        let gates = Gates()
        let tests = TestSite(Self.site(gates), variables: ["DATABASE_POOL_TIMEOUT": "150s"])
        let site = try await tests.makeSite()
        let client = TestClient(site)
        // The request that asks for the page is one.
        #expect(try await Self.value("http_requests_in_flight", client) == 1)
        #expect(try await Self.value(Self.pool("limit"), client) == 1)
        let waits = try await Self.value(Self.pool("wait_seconds_count"), client) ?? 0
        let seconds = try await Self.value(Self.pool("wait_seconds_sum"), client) ?? 0
        let held = Task { try await client.get("/held/") }
        await gates.entered.wait()
        #expect(try await Self.value("http_requests_in_flight", client) == 2)
        #expect(try await Self.value(Self.pool("connections", "used"), client) == 1)
        #expect(try await Self.value(Self.pool("connections", "idle"), client) == 0)
        #expect(try await Self.value(Self.pool("waiting"), client) == 0)

        let waiting = Task { try await client.get("/writing/") }
        while try await Self.value(Self.pool("waiting"), client) == 0 { await Task.yield() }
        #expect(try await Self.value(Self.pool("waiting"), client) == 1)
        #expect(try await Self.value("http_requests_in_flight", client) == 3)
        #expect(try await Self.value(Self.pool("connections", "used"), client) == 1)

        await gates.leave.open()
        #expect(try await held.value.status == .ok)
        #expect(try await waiting.value.status == .ok)
        #expect(try await Self.value("http_requests_in_flight", client) == 1)
        #expect(try await Self.value(Self.pool("waiting"), client) == 0)
        #expect(try await Self.value(Self.pool("connections", "used"), client) == 0)
        #expect(try await Self.value(Self.pool("connections", "idle"), client) == 1)
        #expect(try await Self.value(Self.pool("timeouts_total"), client) == 0)
        #expect(try #require(try await Self.value(Self.pool("wait_seconds_count"), client)) > waits)
        #expect(try #require(try await Self.value(Self.pool("wait_seconds_sum"), client)) > seconds)
        let routes = #"http_requests_total{route="held",method="GET",status="200"}"#
        #expect(try await Self.value(routes, client) == 1)
        await site.close()
        withExtendedLifetime(tests) {}
    }

    @Test func `a wait that took too long is counted, and its request told to come again`() async throws {
        let gates = Gates()
        let tests = TestSite(Self.site(gates), variables: ["DATABASE_POOL_TIMEOUT": "20ms"])
        let site = try await tests.makeSite()
        let client = TestClient(site)
        let held = Task { try await client.get("/held/") }
        await gates.entered.wait()
        #expect(try await client.get("/writing/").status == .serviceUnavailable)
        #expect(try await Self.value(Self.pool("timeouts_total"), client) == 1)
        #expect(try await Self.value(Self.pool("waiting"), client) == 0)
        await gates.leave.open()
        #expect(try await held.value.status == .ok)
        await site.close()
        withExtendedLifetime(tests) {}
    }

    @Test func `connections that are open are counted, and no more when they have ended`() async throws {
        try await WatchedSite.tested().withLiveServer { server in
            func open() async throws -> Double {
                MetricsPageTests.value("http_connections", in: try await server.get("/metrics").body) ?? 0
            }
            do {
                let visitors = try (0..<7).map { _ in try OpenConnection(port: server.port) }
                // The server takes them when it comes to them; the one that asks is one more.
                while try await open() < 8 { await Task.yield() }
                withExtendedLifetime(visitors) {}
            }
            while try await open() > 2 { await Task.yield() }
            let page = try await server.get("/metrics").body
            #expect(try #require(MetricsPageTests.value("http_connections_accepted_total", in: page)) >= 9)
            #expect(MetricsPageTests.value("http_connections_refused_total", in: page) == 0)
        }
    }

    @Test func `a thousand paths and methods of strangers add no more series than a few`() async throws {
        let gates = Gates()
        let tests = TestSite(Self.site(gates))
        let site = try await tests.makeSite()
        let client = TestClient(site)
        func send(_ round: Int) async throws {
            for number in 0..<500 {
                let method = HTTPMethod(rawValue: "M\(round)X\(number)")
                _ = try await client.send(method, "/p\(round)-\(number)/'%22;%20DROP/")
                _ = try await client.get("/p\(round)-\(number)/?q=\(number)")
            }
        }
        func series(_ page: String) -> [Substring] {
            page.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != " " } }
        }
        try await send(0)
        let first = series(try await client.get("/metrics").text)
        try await send(1)
        let second = series(try await client.get("/metrics").text)
        // The scrape itself is one that the first page did not have yet.
        let scrape = Set(second).subtracting(first)
        #expect(scrape.allSatisfy { $0.contains("metrics") }, "\(scrape)")
        let requests = second.filter { $0.hasPrefix("http_requests_total") }
        #expect(requests.count <= 4, "\(requests)")
        #expect(
            try await Self.value(#"http_requests_total{route="anything",method="GET",status="200"}"#, client) == 1_000)
        #expect(!second.contains { $0.contains("p0-") || $0.contains("M0X") || $0.contains("DROP") })
        await site.close()
        withExtendedLifetime(tests) {}
    }
}
