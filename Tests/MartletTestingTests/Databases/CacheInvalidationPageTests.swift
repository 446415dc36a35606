import MartletCache
import MartletHTTP
import MartletORM
import MartletRouting
import MartletSite
import MartletTesting
import TestPrograms
import Testing

private struct Entry: Model {
    var id = 0
    var title = ""

    static let appLabel = "diary"
    static let table = Table<Entry>(.auto(\.id), .text(\.title))
}

private let all: CacheKey = "entries"
private func key(of entry: Entry) -> CacheKey { CacheKey("diary", "entry", entry.id, "title") }

private func isCached(_ entry: Entry) async throws -> Bool {
    let found = try await Cache.current.getMany([key(of: entry), all], as: String.self)
    #expect(found.count != 1)
    return !found.isEmpty
}

private func words(_ isCached: Bool) -> String { isCached ? "there" : "gone" }

/// What was made of a row goes with the request that changes it: a site's hooks, its database and its cache together.
@Suite struct CacheInvalidationPageTests {
    private struct Stop: Error {}

    private static let site = Site(
        apps: [App("diary", models: [Entry.self])],
        urls: URLs {
            path("change/<str:how>/", change)
            path(
                "cached/",
                { _ in
                    let entry = try await Entry.objects.get { $0.title == "Monday" || $0.title == "Tuesday" }
                    return Response(words(try await isCached(entry)))
                })
        }, templates: [], staticFiles: [],
        hooks: Hooks(Cache.invalidate(on: Entry.self) { entry in [key(of: entry), all] }))

    /// Saves the entry, and says whether what was made of it was cached then.
    @Sendable private static func change(_ request: Request, how: String) async throws -> Response {
        var entry = try await Entry.objects.get { $0.title == "Monday" }
        try await Cache.current.setMany([key(of: entry): "Monday", all: "Monday"], for: .minutes(5))
        entry.title = "Tuesday"
        if how == "alone" {
            try await entry.save()
            return Response(words(try await isCached(entry)))
        }
        var isThere = false
        do {
            try await transaction {
                try await entry.save()
                isThere = try await isCached(entry)
                if how == "undone" { throw Stop() }
            }
        } catch is Stop {}
        return Response(words(isThere))
    }

    /// What the pages of a fresh site say, asked one after the other.
    private func pages(_ paths: String..., cache location: String) async throws -> [String] {
        let folder = try TemporaryFolder()
        let variables = [
            "DEBUG": "true", "DEBUG_TOOLBAR": "false", "ALLOWED_HOSTS": "testserver", "KVDB_LOCATION": location,
            "DATABASE_URL": "sqlite:///\(folder.file("site.sqlite3"))",
        ]
        let site = try RunningSite(Self.site, settings: Self.site.settings(Environment(variables)))
        var texts: [String] = []
        do {
            try await site.database.use {
                for sql in [
                    "CREATE TABLE diary_entry (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, title text NOT NULL)",
                    "CREATE TABLE my_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires datetime)",
                ] { try await Database.current.execute(Statement(sql)) }
                _ = try await Entry.objects.create(Entry(title: "Monday"))
            }
            for path in paths { texts.append(try await TestClient(site).get(path).text) }
        } catch {
            await site.close()
            throw error
        }
        await site.close()
        withExtendedLifetime(folder) {}
        return texts
    }

    @Test(arguments: ["memory:", "database:my_cache"])
    func `it is there until the request's commit, and gone after that`(_ location: String) async throws {
        #expect(try await pages("/change/committed/", "/cached/", cache: location) == ["there", "gone"])
    }

    @Test(arguments: ["memory:", "database:my_cache"])
    func `a rollback leaves it`(_ location: String) async throws {
        #expect(try await pages("/change/undone/", "/cached/", cache: location) == ["there", "there"])
    }

    @Test func `without a transaction it is gone with the save`() async throws {
        #expect(try await pages("/change/alone/", "/cached/", cache: "memory:") == ["gone", "gone"])
    }
}
