import Foundation
import MartletCache
import MartletSite
import TestPrograms
import Testing

/// What `KVDB_LOCATION` and `KVDB_PREFIX` make.
@Suite struct CacheSettingsTests {
    private func cache(_ location: String?, prefix: String? = nil) throws -> Cache {
        var variables = ["DEBUG": "true", "DATABASE_URL": "sqlite:///never-opened.sqlite3"]
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

    @Test(arguments: ["", "a b", "kvdb:0", "a:1,a:1", "file:", "file:/dev/null", "database:", "database:a b", "unix:x"])
    func `a location that cannot be is an error when the site is made`(_ location: String) {
        #expect(throws: CacheError.self) { try cache(location.isEmpty ? "," : location) }
    }
}
