import Foundation
import MartletCache
import MartletLogging
import TestPrograms
import Testing

@Suite struct MemcachedBackendTests {
    static let locations: [(String, String?)] = [
        ("kvdb", nil), ("kvdb:11211", nil), ("127.0.0.1:1", nil), ("[::1]:11211", nil), ("[::1]", nil),
        ("unix:/run/memcached.sock", nil), ("/run/memcached.sock", nil),
        ("", "it is no host with a port"), (":11211", "it is no host with a port"),
        ("kvdb:", "it is no host with a port"),
        ("kvdb:0", "it is no host with a port"), ("kvdb:65536", "it is no host with a port"),
        ("kvdb:+1", "it is no host with a port"), ("::1", "it is no host with a port"),
        ("[::1", "it is no host with a port"),
        ("[::1]11211", "it is no host with a port"), ("a:1,b:1", "it names more than one server"),
        ("a:1;b:1", "it names more than one server"), ("a b", "it has a blank or a control character"),
        ("unix:run", "a socket's path begins with a slash"),
        ("/" + String(repeating: "x", count: 107), "a socket's path has at most 107 bytes"),
    ]

    @Test(arguments: locations)
    func `a location is read or refused`(_ location: String, _ reason: String?) {
        do {
            #expect(try MemcachedLocation(location).description == location)
            #expect(reason == nil)
        } catch {
            #expect(error == .invalidLocation(location: location, reason: reason ?? "none expected"))
        }
    }

    @Test func `a server that was never there is a miss`() async throws {
        let cache = Cache(try MemcachedBackend(at: "unix:/tmp/martlet-\(UUID().uuidString)/none"))
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { () async throws in
            #expect(try await cache.getOrSet("k", for: .forever) { 5 } == 5)
            #expect(try await cache.get("k", as: Int.self) == nil)
        }
        #expect(sink.events.map(\.name) == ["cache_unavailable"])
    }

    @Test func `a killed server is a miss, and is used again when it is back`() async throws {
        let server = try MemcachedServer()
        let cache = Cache(try MemcachedBackend(at: server.location, connections: 2, timeout: .seconds(5)))
        try await Logger.with(LogSettings(sink: MemorySink())) {
            try await cache.set("k", "value", for: .forever)
            #expect(try await cache.get("k", as: String.self) == "value")
            server.stop()
            for _ in 0..<10 {
                #expect(try await cache.get("k", as: String.self) == nil)
                #expect(try await cache.getOrSet("k", for: .forever) { "made" } == "made")
            }
            try server.restart()
            // libmemcached leaves a failed server alone for a second or two.
            var stored: String?
            for _ in 0..<1_000 where stored == nil {
                try await cache.set("k", "again", for: .forever)
                stored = try await cache.get("k")
                if stored == nil { try await Task.sleep(for: .milliseconds(10)) }
            }
            #expect(stored == "again")
        }
        server.stop()
    }

    @Test func `a server that hangs is a miss for all who wait, and answers stay with their questions`() async throws {
        let server = try MemcachedServer()
        let cache = Cache(try MemcachedBackend(at: server.location, connections: 2, timeout: .milliseconds(700)))
        try await Logger.with(LogSettings(sink: MemorySink())) {
            for number in 0..<50 { try await cache.set(CacheKey("k\(number)"), number, for: .forever) }
            try server.pause()
            await withTaskGroup(of: Int?.self) { group in
                for number in 0..<50 {
                    group.addTask { try? await cache.get(CacheKey("k\(number)")) }
                }
                for await value in group { #expect(value == nil) }
            }
            server.resume()
            var answered = 0
            for _ in 0..<1_000 where answered < 50 {
                answered = 0
                for number in 0..<50 {
                    guard let value = try await cache.get(CacheKey("k\(number)"), as: Int.self) else { continue }
                    #expect(value == number)
                    answered += 1
                }
                if answered < 50 { try await Task.sleep(for: .milliseconds(10)) }
            }
            #expect(answered == 50)
        }
        server.stop()
    }

    @Test func `many tasks share a few connections`() async throws {
        let server = try MemcachedServer()
        let cache = Cache(try MemcachedBackend(at: server.location, connections: 3, timeout: .seconds(30)))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<300 {
                group.addTask {
                    let key = CacheKey("k\(number)")
                    try await cache.set(key, "value \(number)", for: .minutes(1))
                    return try await cache.get(key) == "value \(number)"
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        server.stop()
    }
}
