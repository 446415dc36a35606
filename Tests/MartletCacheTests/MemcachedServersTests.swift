import MartletCache
import MartletLogging
import TestPrograms
import Testing

@Suite struct MemcachedServersTests {
    static let lists: [(String, String?)] = [
        ("a:1", nil), ("a:1,b:2", nil), ("a;b", nil), ("a:1, unix:/run/b;[::1]:3", nil),
        ("", "it is no host with a port"), ("a:1,", "it is no host with a port"), (",", "it is no host with a port"),
        ("a:1,a:1", "the same server stands there twice"), ("a,a:11211", "the same server stands there twice"),
        ("a:1,b:1 c:1", "it has a blank or a control character"),
        ("a:1,\u{0}", "it has a blank or a control character"),
    ]

    @Test(arguments: lists) func `a list of locations is read or refused`(_ text: String, _ reason: String?) {
        do {
            _ = try MemcachedBackend(at: text)
            #expect(reason == nil)
        } catch {
            guard case .invalidLocation(_, let given) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(given == reason)
        }
    }

    @Test func `keys are spread over the servers`() async throws {
        let servers = try (0..<3).map { _ in try MemcachedServer() }
        let all = Cache(
            try MemcachedBackend(at: servers.map(\.location).joined(separator: ","), timeout: .seconds(20)))
        let keys = (0..<90).map { CacheKey("k\($0)") }
        for key in keys { try await all.set(key, 1, for: .minutes(5)) }
        var counts: [Int] = []
        for server in servers {
            let one = Cache(try MemcachedBackend(at: server.location, timeout: .seconds(20)))
            counts.append(try await one.getMany(keys, as: Int.self).count)
        }
        #expect(counts.reduce(0, +) == 90)
        #expect(counts.allSatisfy { $0 > 10 }, "\(counts)")
        for server in servers { server.stop() }
    }

    @Test func `one dead server takes its own keys and no others, and has them again when it is back`() async throws {
        let servers = try (0..<3).map { _ in try MemcachedServer() }
        let cache = Cache(
            try MemcachedBackend(at: servers.map(\.location).joined(separator: ","), timeout: .seconds(20)))
        let keys = (0..<60).map { CacheKey("k\($0)") }
        try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
            for key in keys { try await cache.set(key, "there", for: .minutes(5)) }
            let one = Cache(try MemcachedBackend(at: servers[1].location, timeout: .seconds(20)))
            let lost = Set(try await one.getMany(keys, as: String.self).keys)
            let kept = Set(keys).subtracting(lost)
            #expect(lost.count > 5 && kept.count > 10)
            servers[1].stop()
            // At once, while it is found out, and when it is left alone.
            for _ in 0..<5 {
                #expect(Set(try await cache.getMany(keys, as: String.self).keys) == kept)
                for key in keys {
                    #expect(try await cache.get(key, as: String.self) == (kept.contains(key) ? "there" : nil))
                }
            }
            #expect(cache.statistics.failures > 0)
            try servers[1].restart()
            // Only what is asked of it brings it back; the keys of the others do not move then either.
            var back: Set<CacheKey> = []
            while back != lost {
                for key in lost { try await cache.set(key, "back", for: .minutes(5)) }
                back = Set(try await one.getMany(keys, as: String.self).keys)
                await Task.yield()
            }
            for key in kept { #expect(try await cache.get(key, as: String.self) == "there") }
        }
        for server in servers { server.stop() }
    }

    @Test func `clear empties the servers that answer, and a dead one is an event`() async throws {
        let servers = try (0..<3).map { _ in try MemcachedServer() }
        let keys = (0..<60).map { CacheKey("k\($0)") }
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { () async throws in
            let cache = Cache(
                try MemcachedBackend(at: servers.map(\.location).joined(separator: ","), timeout: .seconds(20)))
            for key in keys { try await cache.set(key, 1, for: .minutes(5)) }
            servers[0].stop()
            try await cache.clear()
            #expect(cache.statistics.failures == 1)
            for server in servers[1...] {
                let one = Cache(try MemcachedBackend(at: server.location, timeout: .seconds(20)))
                #expect(try await one.getMany(keys, as: Int.self).isEmpty)
            }
        }
        #expect(sink.events(named: "cache_unavailable").map { $0["command"] } == [.string("clear")])
        for server in servers { server.stop() }
    }

    @Test func `the others have the keys of a server that is dead, and it gets them back`() async throws {
        let servers = try (0..<3).map { _ in try MemcachedServer() }
        let cache = Cache(
            try MemcachedBackend(at: servers.map(\.location).joined(separator: ","), timeout: .seconds(5)))
        let keys = (0..<60).map { CacheKey("k\($0)") }
        try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
            for key in keys { try await cache.set(key, "old", for: .minutes(5)) }
            servers[1].stop()
            // Two failures, and the server is left alone; from then on every key has a place.
            var stored = 0
            for _ in 0..<1_000 where stored < 60 {
                for key in keys { try await cache.set(key, "new", for: .minutes(5)) }
                stored = try await cache.getMany(keys, as: String.self).count { $0.value == "new" }
            }
            #expect(stored == 60)
            try servers[1].restart()
            let one = Cache(try MemcachedBackend(at: servers[1].location, timeout: .seconds(5)))
            var back = 0
            for _ in 0..<2_000 where back == 0 {
                for key in keys { try await cache.set(key, "newest", for: .minutes(5)) }
                back = try await one.getMany(keys, as: String.self).count
                if back == 0 { try await Task.sleep(for: .milliseconds(10)) }
            }
            #expect(back > 0)
        }
        for server in servers { server.stop() }
    }
}
