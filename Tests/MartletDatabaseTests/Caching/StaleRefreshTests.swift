import MartletCache
import MartletLogging
import MartletORM
import Synchronization
import Testing

/// A value that is made anew while a transaction asks for it is no part of that transaction.
@Suite(.library, .timeLimit(.minutes(1))) struct StaleRefreshTests {
    private struct Stop: Error {}

    /// Time that passes when a test says so.
    private final class Clock: Sendable {
        private let time = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { time.withLock { $0 } }
        func advance(_ duration: Duration) { time.withLock { $0 += duration } }
    }

    private let clock = Clock()
    private let cache: Cache

    init() {
        cache = Cache(MemoryBackend(now: { [clock] in clock.now }))
    }

    private func people(_ count: @escaping @Sendable () async throws -> Int) async throws -> Int {
        try await cache.getOrSet("people", for: .seconds(10), stale: .seconds(60), count)
    }

    /// The mark is 0 while the value is made.
    private func untilFresh() async throws {
        while try await cache.get("people:fresh", as: Int.self) != 1 { await Task.yield() }
    }

    @Test func `rows that are not committed are not counted`() async throws {
        let count = { @Sendable in try await Person.objects.count() }
        #expect(try await people(count) == 0)
        clock.advance(.seconds(11))
        await #expect(throws: Stop.self) {
            try await transaction {
                try await Person.objects.create(Person(name: "Ann"))
                #expect(try await people(count) == 0)
                try await untilFresh()
                throw Stop()
            }
        }
        #expect(try await people(count) == 0)
    }

    @Test func `an error while it is made does not end the transaction`() async throws {
        #expect(try await people { 0 } == 0)
        clock.advance(.seconds(11))
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { () async throws in
            try await transaction {
                try await Person.objects.create(Person(name: "Ann"))
                let old = try await people {
                    try await Database.current.rows(Statement("SELECT 1 FROM nowhere")) { _ in 1 }.count
                }
                #expect(old == 0)
                while sink.events(named: "cache_refresh_failed").isEmpty { await Task.yield() }
                try await Person.objects.create(Person(name: "Ben"))
            }
        }
        #expect(try await Person.objects.count() == 2)
    }

    @Test func `in a test's transaction it sees what the test has written`() async throws {
        let count = { @Sendable in try await Person.objects.count() }
        try await testTransaction {
            #expect(try await people(count) == 0)
            clock.advance(.seconds(11))
            try await Person.objects.create(Person(name: "Ann"))
            #expect(try await people(count) == 0)
            try await untilFresh()
            #expect(try await people(count) == 1)
        }
    }
}
