import MartletCache
import MartletLogging
import Synchronization
import Testing

/// Source of the expectations: Django's `tests/cache/tests.py`, `BaseCacheTests`.
@Suite struct CacheCommandTests {
    private final class Clock: Sendable {
        private let time = Mutex(ContinuousClock.now)
        func now() -> ContinuousClock.Instant { time.withLock { $0 } }
        func advance(_ duration: Duration) { time.withLock { $0 += duration } }
    }

    private let cache = Cache(MemoryBackend(), prefix: "p")

    // test_get_many, test_set_many, test_delete_many
    @Test func `many values are stored, read and removed`() async throws {
        let values: [CacheKey: String] = ["a": "a", "b": "b", "c": "c", "d": "d"]
        #expect(try await cache.setMany(values, for: .minutes(1)) == [])
        #expect(try await cache.getMany(["a", "c", "d", "e"], as: String.self) == ["a": "a", "c": "c", "d": "d"])
        try await cache.deleteMany(["a", "c"])
        #expect(try await cache.getMany(["a", "b", "c", "d"], as: String.self) == ["b": "b", "d": "d"])
        #expect(try await cache.getMany([], as: String.self) == [:])
        #expect(try await cache.setMany([:] as [CacheKey: Int], for: .minutes(1)) == [])
        try await cache.deleteMany([])
    }

    // test_set_many_expiration
    @Test func `many values end together`() async throws {
        let clock = Clock()
        let cache = Cache(MemoryBackend(now: clock.now))
        try await cache.setMany(["a": 1, "b": 2], for: .seconds(10))
        clock.advance(.seconds(9))
        #expect(try await cache.getMany(["a", "b"], as: Int.self).count == 2)
        clock.advance(.seconds(1))
        #expect(try await cache.getMany(["a", "b"], as: Int.self) == [:])
    }

    // test_set_many_invalid_key, test_get_many_invalid_key, test_delete_many_invalid_key: errors here, warnings there.
    @Test func `one key that cannot be used makes the call an error, and nothing is stored`() async throws {
        await #expect(throws: CacheError.self) { try await cache.setMany(["good": 1, "bad key": 2], for: .forever) }
        #expect(try await cache.get("good", as: Int.self) == nil)
        await #expect(throws: CacheError.self) { try await cache.getMany(["good", "bad key"], as: Int.self) }
        await #expect(throws: CacheError.self) { try await cache.deleteMany(["bad key"]) }
        await #expect(throws: CacheError.self) { try await cache.touch("bad key", for: .forever) }
    }

    // test_touch
    @Test func `touch gives a value a new life`() async throws {
        let clock = Clock()
        let cache = Cache(MemoryBackend(now: clock.now))
        try await cache.set("k", "v", for: .seconds(4))
        #expect(try await cache.touch("k", for: .seconds(10)))
        clock.advance(.seconds(9))
        #expect(try await cache.get("k", as: String.self) == "v")
        clock.advance(.seconds(1))
        #expect(try await cache.get("k", as: String.self) == nil)
        #expect(try await !cache.touch("k", for: .seconds(10)))
        try await cache.set("k", "v", for: .seconds(4))
        #expect(try await cache.touch("k", for: .forever))
        clock.advance(.seconds(1_000_000))
        #expect(try await cache.contains("k"))
        #expect(try await cache.touch("k", for: .seconds(0)))
        #expect(try await !cache.contains("k"))
    }

    // test_decr; below zero Django's other back ends go on, Memcached stops, and so does every back end here.
    @Test func `decr counts down to zero`() async throws {
        try await cache.set("answer", 43, for: .forever)
        #expect(try await cache.decr("answer") == 42)
        #expect(try await cache.decr("answer", by: 10) == 32)
        #expect(try await cache.decr("answer", by: -10) == 42)
        #expect(try await cache.decr("answer", by: .max) == 0)
        #expect(try await cache.decr("answer", by: .min) == .max)
        // ValueError in Django.
        #expect(try await cache.decr("does_not_exist") == nil)
    }

    // test_cache_versioning_get_set, test_cache_versioning_delete
    @Test func `versions do not see each other`() async throws {
        let second = cache.version(2)
        try await cache.set("answer", 42, for: .forever)
        #expect(try await cache.get("answer", as: Int.self) == 42)
        #expect(try await cache.version(1).get("answer", as: Int.self) == 42)
        #expect(try await second.get("answer", as: Int.self) == nil)
        try await second.set("answer", 37, for: .forever)
        #expect(try await cache.get("answer", as: Int.self) == 42)
        #expect(try await second.delete("answer"))
        #expect(try await second.get("answer", as: Int.self) == nil)
        #expect(try await cache.get("answer", as: Int.self) == 42)
    }

    // test_cache_versioning_incr_decr_version
    @Test func `a value moves to another version`() async throws {
        let second = cache.version(2)
        try await second.set("answer", 42, for: .forever)
        #expect(try await second.incrVersion("answer", for: .forever))
        #expect(try await second.get("answer", as: Int.self) == nil)
        #expect(try await cache.version(3).get("answer", as: Int.self) == 42)
        #expect(try await cache.version(3).decrVersion("answer", by: 2, for: .forever))
        #expect(try await cache.get("answer", as: Int.self) == 42)
        // ValueError in Django.
        #expect(try await !second.incrVersion("answer", for: .forever))
        #expect(try await cache.incrVersion("answer", by: 0, for: .forever))
        #expect(try await cache.get("answer", as: Int.self) == 42)
        await #expect(throws: CacheError.self) { try await cache.incrVersion("answer", by: .max, for: .forever) }
    }

    // test_clear
    @Test func `clear removes all versions`() async throws {
        try await cache.set("a", 1, for: .forever)
        try await cache.version(2).set("a", 1, for: .forever)
        try await cache.clear()
        #expect(try await !cache.contains("a"))
        #expect(try await !cache.version(2).contains("a"))
    }

    @Test func `hits, misses, writes and failures are counted`() async throws {
        let cache = Cache(MemoryBackend(capacity: 1_000))
        _ = try await cache.get("a", as: Int.self)
        try await cache.set("a", 1, for: .forever)
        _ = try await cache.get("a", as: Int.self)
        _ = try await cache.getMany(["a", "b"], as: Int.self)
        await Logger.with(LogSettings(sink: MemorySink())) {
            try? await cache.set("large", [UInt8](repeating: 0, count: 5_000), for: .forever)
        }
        let statistics = cache.version(2).statistics
        #expect(statistics.hits == 2)
        #expect(statistics.misses == 2)
        #expect(statistics.writes == 2)
        #expect(statistics.failures == 1)
    }

    // MARK: Values that are out of date

    private actor Work {
        private(set) var runs = 0
        private var gate: CheckedContinuation<Void, Never>?
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func run() -> Int {
            runs += 1
            for one in waiting { one.resume() }
            waiting = []
            return runs
        }

        func hasRun(_ times: Int) async {
            while runs < times { await withCheckedContinuation { waiting.append($0) } }
        }
    }

    @Test func `an old value is handed out while one task makes the new one`() async throws {
        let clock = Clock()
        let backend = MemoryBackend(now: clock.now)
        let cache = Cache(backend)
        let work = Work()
        @Sendable func value() async throws -> Int {
            try await cache.getOrSet("k", for: .seconds(10), stale: .seconds(60)) { await work.run() }
        }
        #expect(try await value() == 1)
        clock.advance(.seconds(9))
        #expect(try await value() == 1)
        #expect(await work.runs == 1)
        clock.advance(.seconds(1))
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await value() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(values.allSatisfy { $0 == 1 || $0 == 2 } && values.contains(1))
        await work.hasRun(2)
        // Stored after the work; nothing but the scheduler is waited for.
        while try await backend.get(":1:k")?.bytes != Array("2".utf8) { await Task.yield() }
        #expect(try await value() == 2)
        #expect(await work.runs == 2)
        #expect(cache.statistics.stale >= 1)
        clock.advance(.seconds(71))
        #expect(try await value() == 3)
    }

    private struct Broken: Error {}

    @Test func `while the new value cannot be made the old one stays, and there is one event`() async throws {
        let clock = Clock()
        let cache = Cache(MemoryBackend(now: clock.now))
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { () async throws in
            #expect(try await cache.getOrSet("k", for: .seconds(10), stale: .seconds(60)) { 1 } == 1)
            clock.advance(.seconds(10))
            for _ in 0..<5 {
                #expect(try await cache.getOrSet("k", for: .seconds(10), stale: .seconds(60)) { throw Broken() } == 1)
            }
            while sink.events(named: "cache_refresh_failed").isEmpty { await Task.yield() }
            #expect(try await cache.getOrSet("k", for: .seconds(10), stale: .seconds(60)) { throw Broken() } == 1)
        }
        #expect(sink.events(named: "cache_refresh_failed").count == 1)
        clock.advance(.seconds(60))
        await #expect(throws: Broken.self) {
            try await cache.getOrSet("k", for: .seconds(10), stale: .seconds(60)) { () -> Int in throw Broken() }
        }
    }
}
