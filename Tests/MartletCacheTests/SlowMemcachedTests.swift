import MartletCache
import MartletLogging
import TestPrograms
import Testing

/// A Memcached that answers, but not in time.
@Suite(.timeLimit(.minutes(3))) struct SlowMemcachedTests {
    /// At sixty milliseconds a byte it would take three hours to drip.
    private static let large = [UInt8](repeating: 7, count: 200_000)

    struct Command: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Whether the answer was that of a cache that is down.
        let isMiss: @Sendable (Cache) async throws -> Bool
    }

    static let commands = [
        Command(testDescription: "get") { try await $0.get("large", as: [UInt8].self) == nil },
        Command(testDescription: "getMany") { try await $0.getMany(["large", "small"], as: [UInt8].self).isEmpty },
        Command(testDescription: "incr") { try await $0.incr("number") == nil },
        Command(testDescription: "add") { try await !$0.add("new", 1, for: .minutes(1)) },
        Command(testDescription: "touch") { try await !$0.touch("large", for: .minutes(1)) },
        Command(testDescription: "setMany") { try await $0.setMany(["a": 1, "b": 2], for: .minutes(1)).count == 2 },
        Command(testDescription: "getOrSet") {
            try await $0.getOrSet("large", for: .minutes(1)) { [UInt8]([1]) } == [1]
        },
    ]

    @Test(arguments: commands, [MemcachedProxy.Mode.holding, .dripping])
    func `an answer that is not there in time is a miss, an event and a failure`(
        _ command: Command, _ mode: MemcachedProxy.Mode
    ) async throws {
        let server = try MemcachedServer()
        let proxy = try MemcachedProxy(to: server)
        // A drop comes before each wait for it is over, so that no limit of a single wait ends the answer.
        let cache = Cache(try MemcachedBackend(at: proxy.location, connections: 1, timeout: .milliseconds(120)))
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { () async throws in
            try await Self.fill(cache)
            proxy.become(mode)
            #expect(try await command.isMiss(cache))
            #expect(cache.statistics.failures >= 1)
            #expect(sink.events(named: "cache_unavailable").count >= 1)
            // Whoever comes next is not held up by an answer that is still under way.
            for _ in 0..<20 { #expect(try await cache.get("large", as: [UInt8].self) == nil) }
            proxy.become(.passing)
            while try await cache.get("small", as: [UInt8].self) == nil { await Task.yield() }
        }
        server.stop()
    }

    /// The machine may be slow, too: until everything is there.
    private static func fill(_ cache: Cache) async throws {
        // Long, so that its answer takes long, too.
        while try await cache.get("number", as: Int.self) == nil {
            try await cache.set("number", 1_000_000_000_000, for: .minutes(5))
        }
        while try await cache.get("small", as: [UInt8].self) == nil {
            try await cache.set("small", [UInt8]([1]), for: .minutes(5))
        }
        while try await cache.get("large", as: [UInt8].self) == nil {
            try await cache.set("large", large, for: .minutes(5))
        }
    }

    @Test func `an answer that is long, and comes, is not cut off`() async throws {
        let server = try MemcachedServer()
        let proxy = try MemcachedProxy(to: server)
        let cache = Cache(try MemcachedBackend(at: proxy.location, connections: 1, timeout: .seconds(60)))
        try await cache.set("k", [UInt8]([1, 2, 3]), for: .minutes(5))
        proxy.become(.dripping)
        #expect(try await cache.get("k", as: [UInt8].self) == [1, 2, 3])
        #expect(cache.statistics.failures == 0)
        server.stop()
    }

    @Test(arguments: [MemcachedProxy.Mode.holding, .dripping])
    func `keys of other servers stay hits while one server is slow`(_ mode: MemcachedProxy.Mode) async throws {
        let (slow, quick) = (try MemcachedServer(), try MemcachedServer())
        let proxy = try MemcachedProxy(to: slow)
        // The quick one has its own time as long as it takes on a busy machine, so it is asked by a back end of its own, too.
        let both = try MemcachedBackend(
            at: "\(proxy.location),\(quick.location)", connections: 2, timeout: .seconds(1))
        let cache = Cache(both)
        let alone = Cache(try MemcachedBackend(at: quick.location, timeout: .seconds(20)))
        let keys = (0..<60).map { CacheKey("k\($0)") }
        try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
            while try await cache.getMany(keys, as: [UInt8].self).count < keys.count {
                for key in keys { try await cache.set(key, Self.large, for: .minutes(5)) }
            }
            let quickKeys = Set(try await alone.getMany(keys, as: [UInt8].self).keys)
            #expect(quickKeys.count > 10 && quickKeys.count < 50)
            proxy.become(mode)
            let failures = cache.statistics.failures
            // One of each server at a time, again and again: the slow one fails, is left alone, and is tried again.
            var hits = 0
            for key in keys {
                let value = try await cache.get(key, as: [UInt8].self)
                if quickKeys.contains(key) { hits += value == nil ? 0 : 1 } else { #expect(value == nil) }
            }
            #expect(hits == quickKeys.count)
            #expect(cache.statistics.failures > failures)
            #expect(Set(try await cache.getMany(keys, as: [UInt8].self).keys) == quickKeys)
        }
        slow.stop()
        quick.stop()
    }
}
