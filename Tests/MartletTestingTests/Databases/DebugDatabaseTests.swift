import MartletHTTP
import MartletLogging
import MartletORM
import MartletRouting
import MartletSite
import MartletTesting
import Testing

private let lineOfTheTransaction = #line + 6

/// A transaction that waits for something else than its database: another connection, for longer than 200 ms.
///
/// The wait is one of the clock, but nothing hangs on how long it is beyond that.
@Sendable private func dawdle(_ request: Request) async throws -> Response {
    try await transaction {
        _ = try await Database.current.rows(Statement("SELECT 1"), access: .write) { $0.value(at: 0) }
        let start = ContinuousClock.now
        while start.duration(to: .now) < .milliseconds(210) { await Task.yield() }
        _ = try await Database.current.rows(Statement("SELECT 2"), access: .write) { $0.value(at: 0) }
    }
    return Response("done")
}

/// What a site in debug mode tells of its database by itself.
@Suite(.timeLimit(.minutes(2))) struct DebugDatabaseTests {
    private static let urls = URLs { path("dawdle/", dawdle) }
    private static let site = Site(apps: [], urls: urls)

    private static func events(
        _ variables: [String: String], until isTold: (MemorySink) -> Bool = { _ in true }
    ) async throws -> MemorySink {
        let sink = MemorySink()
        let sites = TestSite(site, variables: variables)
        try await Logger.with(LogSettings(sink: sink)) {
            let running = try await sites.makeSite()
            let response = try await TestClient(running).get("/dawdle/")
            #expect(response.status == .ok)
            while !isTold(sink) { await Task.yield() }
            await running.close()
        }
        withExtendedLifetime(sites) {}
        return sink
    }

    @Test func `a transaction that stays open for nothing is told with its place, in debug mode`() async throws {
        let sink = try await Self.events([:])
        let told = sink.events(named: "transaction_idle")
        let event = try #require(told.first)
        #expect(told.count == 1)
        #expect(event.level == .warning)
        #expect(event.logger == "martlet.database")
        #expect(event["place"] == .string("\(#fileID):\(lineOfTheTransaction)"))
        #expect(event["next"] == .string("SELECT 2"))
        guard case .double(let seconds)? = event["seconds"] else {
            Issue.record("\(String(describing: event["seconds"])) is no number of seconds")
            return
        }
        #expect(seconds >= 0.2)
        // Nothing is held for long there: ten seconds is what debug mode calls long.
        #expect(sink.events(named: "connection_held_long").isEmpty)
    }

    @Test func `outside of debug mode nobody looks`() async throws {
        let sink = try await Self.events([
            "DEBUG": "false", "SECRET_KEY": "0123456789abcdef0123456789abcdef0123456789abcdefXYZ",
        ])
        #expect(sink.events(named: "transaction_idle").isEmpty)
    }

    @Test func `a connection that is held for long is told with its holder, where the site's events go`() async throws {
        let sink = try await Self.events(["DATABASE_LONG_LEASE": "5ms"]) {
            !$0.events(named: "connection_held_long").isEmpty
        }
        let told = sink.events(named: "connection_held_long")
        let event = try #require(told.first { $0["holder"] == .string("GET /dawdle/") })
        #expect(event.level == .warning)
        #expect(event.logger == "martlet.site")
        guard case .string(let pool)? = event["pool"] else {
            Issue.record("the pool has no name")
            return
        }
        #expect(pool.hasSuffix(".sqlite3"))
    }
}
