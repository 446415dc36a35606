import Foundation
import MartletCache
import MartletLogging
import MartletSite
import TestPrograms
import Testing

/// What `KVDB_LOCATION` and `KVDB_PREFIX` make.
@Suite struct CacheSettingsTests {
    private func cache(_ location: String?, prefix: String? = nil, _ more: [String: String] = [:]) throws -> Cache {
        var variables = ["DEBUG": "true", "DATABASE_URL": "sqlite:///never-opened.sqlite3"]
        variables.merge(more) { $1 }
        variables["KVDB_LOCATION"] = location
        variables["KVDB_PREFIX"] = prefix
        let settings = try Settings(Environment(variables))
        return try RunningSite(Site(apps: [], urls: healthURLs), settings: settings).cache
    }

    @Test func `the location says where values are kept`() async throws {
        let folder = try TemporaryFolder()
        let server = try MemcachedServer()
        for location in [nil, "memory:", "file:\(folder.file("cache"))", server.location] {
            let cache = try cache(location, prefix: "site")
            try await cache.set("k", 1, for: .minutes(1))
            #expect(try await cache.get("k", as: Int.self) == 1, "\(location ?? "none")")
        }
        let dummy = try cache("dummy:")
        try await dummy.set("k", 1, for: .minutes(1))
        #expect(try await !dummy.contains("k"))
        let other = try cache(server.location, prefix: "other")
        #expect(try await !other.contains("k"))
        server.stop()
    }

    @Test func `the variables say how large a cache in memory and one in files may be`() async throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "x", count: 100_000)
        for location in [nil, "memory:", "file:\(folder.file("cache"))"] {
            for (capacity, isKept) in [("64KB", false), ("1MB", true)] {
                let cache = try cache(location, ["KVDB_CAPACITY": capacity])
                try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
                    try await cache.set("k", text, for: .minutes(1))
                }
                #expect(try await cache.contains("k") == isKept, "\(location ?? "none") \(capacity)")
            }
        }
    }

    @Test func `every variable of the cache is read, and has the back ends' own default`() throws {
        let secret = ["DEBUG": "true"]
        let usual = try Settings(Environment(secret)).cacheUse
        #expect(usual.timeout == .milliseconds(500))
        #expect(usual.connections == 4)
        #expect(usual.compressAbove == nil)
        #expect(usual.capacity == nil)
        #expect(usual.maxEntries == 10_000)
        let told = [
            "KVDB_TIMEOUT": "2", "KVDB_CONNECTIONS": "8", "KVDB_COMPRESS_ABOVE": "4KB", "KVDB_CAPACITY": "1GB",
            "KVDB_MAX_ENTRIES": "300",
        ]
        let use = try Settings(Environment(secret.merging(told) { $1 })).cacheUse
        #expect(use.timeout == .seconds(2))
        #expect(use.connections == 8)
        #expect(use.compressAbove == 4_096)
        #expect(use.capacity == 1 << 30)
        #expect(use.maxEntries == 300)
    }

    @Test(arguments: [
        ("KVDB_TIMEOUT", "0"), ("KVDB_CONNECTIONS", "0"), ("KVDB_COMPRESS_ABOVE", "large"), ("KVDB_CAPACITY", "1KB"),
        ("KVDB_MAX_ENTRIES", "0"),
    ])
    func `a variable that does not fit is told`(_ name: String, _ value: String) {
        let error = #expect(throws: SettingsError.self) { try Settings(Environment(["DEBUG": "true", name: value])) }
        #expect(error?.problems.count == 1)
        #expect(error?.description.contains(name) == true)
    }

    @Test(arguments: ["", "a b", "kvdb:0", "a:1,a:1", "file:", "file:/dev/null", "database:", "database:a b", "unix:x"])
    func `a location that cannot be is an error when the site is made`(_ location: String) {
        #expect(throws: CacheError.self) { try cache(location.isEmpty ? "," : location) }
    }
}
