import Foundation
import MartletCommands
import MartletSite
import Synchronization
import Testing

/// Source of the expectations: Django's tests/cache/tests.py, `CreateCacheTableForDBCacheTests`.
@Suite struct CacheTableCommandTests {
    private func manage(
        _ line: [String], cache: String? = "memory:", folder: String
    ) async -> (status: Int32, output: String) {
        let site = Site(apps: [], urls: healthURLs, templates: [], staticFiles: [], folder: folder)
        let lines = Mutex<[String]>([])
        var variables = ["DEBUG": "true", "DATABASE_URL": "sqlite:///db.sqlite3"]
        variables["KVDB_LOCATION"] = cache
        let status = await run(
            ["createcachetable"] + line, site: site, environment: Environment(variables),
            print: { text in lines.withLock { $0.append(text) } },
            report: { text in lines.withLock { $0.append(text) } })
        return (status, lines.withLock { $0.joined(separator: "\n") })
    }

    private func withFolder(_ test: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await test(folder.path)
    }

    @Test func `the table is made once`() async throws {
        try await withFolder { folder in
            let cache = "database:cache_table"
            #expect(await manage([], cache: cache, folder: folder) == (0, "Made the cache table 'cache_table'."))
            #expect(await manage([], cache: cache, folder: folder) == (0, "Cache table 'cache_table' already exists."))
            #expect(await manage(["other"], cache: cache, folder: folder) == (0, "Made the cache table 'other'."))
        }
    }

    @Test func `dry-run prints the SQL and makes nothing`() async throws {
        try await withFolder { folder in
            let (status, output) = await manage(["t", "--dry-run"], folder: folder)
            #expect(status == 0)
            #expect(output.hasPrefix("CREATE TABLE \"t\" (\"cache_key\" varchar(255) NOT NULL PRIMARY KEY"))
            #expect(output.hasSuffix("CREATE INDEX \"t_expires\" ON \"t\" (\"expires\");"))
            #expect(await manage(["t"], folder: folder).output == "Made the cache table 't'.")
        }
    }

    @Test func `a site whose cache is elsewhere is told so`() async throws {
        try await withFolder { folder in
            let (status, output) = await manage([], cache: "memory:", folder: folder)
            #expect(status == 1)
            #expect(output.contains("KVDB_LOCATION=database:cache_table"))
        }
    }
}
