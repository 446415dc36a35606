import FoundationEssentials
import MartletLogging
import MartletORM
import MartletRouting
import MartletSite
import Testing

/// A database named in parts, and its replicas.
@Suite struct DatabasePartsTests {
    private func settings(_ variables: [String: String]) throws -> Settings {
        try Settings(Environment(["DEBUG": "true"].merging(variables) { $1 }))
    }

    @Test(arguments: [
        (["APP_DB_NAME": "blog"], "postgresql://localhost:5432/blog"),
        (["APP_DB_NAME": "blog", "APP_DB_USER": "ann"], "postgresql://ann@localhost:5432/blog"),
        (
            [
                "APP_DB_NAME": "blog", "APP_DB_USER": "ann", "APP_DB_PASSWORD": "p@ss/w#rd%:?", "DB_HOST": "db",
                "DB_PORT": "5433",
            ],
            "postgresql://ann:p%40ss%2Fw%23rd%25%3A%3F@db:5433/blog"
        ),
        (["APP_DB_NAME": "a b", "DB_HOST": "/run/postgresql"], "postgresql://%2Frun%2Fpostgresql:5432/a%20b"),
        (["APP_DB_NAME": "blog", "DB_HOST": "::1"], "postgresql://[::1]:5432/blog"),
        (["APP_DB_NAME": "Zoë😀\"; DROP"], "postgresql://localhost:5432/Zo%C3%AB%F0%9F%98%80%22%3B%20DROP"),
        (["APP_DB_NAME": "blog", "DB_ENGINE": "django.db.backends.postgresql"], "postgresql://localhost:5432/blog"),
    ])
    func `the parts make a URL that libpq takes`(_ parts: [String: String], _ url: String) throws {
        let database = try settings(parts).database
        #expect(database.postgreSQL?.revealed == url)
        // What libpq does not take is no URL.
        #expect(DatabaseURL(url) == database)
    }

    @Test func `SQLite has a file for a name`() throws {
        for engine in ["sqlite", "SQLite3", "django.db.backends.sqlite3"] {
            #expect(
                try settings(["DB_ENGINE": engine, "APP_DB_NAME": "data/a.sqlite3"]).database.path == "data/a.sqlite3")
        }
        #expect(try settings([:]).database.path == "db.sqlite3")
    }

    @Test(arguments: [
        (
            ["DATABASE_URL": "sqlite:///a", "APP_DB_NAME": "blog"],
            "DATABASE_URL (environment) and APP_DB_NAME (environment) are both set, and both say where the database is."
        ),
        (
            ["APP_DB_USER": "ann"],
            "APP_DB_NAME is not set. It must be the name of the database, since APP_DB_USER is set"
        ),
        (
            ["APP_DB_NAME": "a", "DB_PORT": "0"],
            #"DB_PORT (environment) is "0"; it must be a whole number from 1 to 65535."#
        ),
        (
            ["APP_DB_NAME": "a", "DB_ENGINE": "mysql"],
            #"DB_ENGINE (environment) is "mysql"; it must be one of postgresql, sqlite"#
        ),
        (
            // What stands behind the colon may be a password whose '@' is missing.
            ["DATABASE_URL": "postgresql://ann:hunter2"],
            #"DATABASE_URL (environment) is "postgresql://ann:[hidden]"; it must be a URL of PostgreSQL, but the port is not"#
        ),
        (
            ["DATABASE_URL": "postgresql://ann:hunter2#@db/blog"],
            #"DATABASE_URL (environment) is "postgresql://ann:[hidden]@db/blog"; it must be a URL of PostgreSQL, but the '#' at"#
        ),
        (
            ["DATABASE_REPLICA_URLS": "sqlite:///a, postgresql://ann:hunter2@db/a b"],
            #"DATABASE_REPLICA_URLS (environment) is "postgresql://ann:[hidden]@db/a b"; it must be a URL of PostgreSQL, but"#
        ),
    ])
    func `what does not fit together is told`(_ variables: [String: String], _ problem: String) {
        let error = #expect(throws: SettingsError.self) { try settings(variables) }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.hasPrefix(problem) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("hunter2") == false)
    }

    struct Note: Model {
        var id = 0
        var text = ""
        static let appLabel = "notes"
        static let table = Table<Note>(.auto(\.id), .text(\.text))
    }

    @Test func `rows are read from a replica, and from the primary once a request has written`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let site = Site(apps: [App("notes", models: [Note.self])], urls: URLs {}, folder: folder.path)
        for (file, text) in [("main", "new"), ("copy", "old")] {
            let one = try RunningSite(site, settings: settings(["DATABASE_URL": "sqlite:///\(file).sqlite3"]))
            try await one.bound {
                _ = try await Database.current.execute(
                    Statement("CREATE TABLE notes_note (id integer PRIMARY KEY AUTOINCREMENT, text text NOT NULL)"))
                try await Note.objects.create(Note(text: text))
            }
            await one.close()
        }
        let both = try RunningSite(
            site,
            settings: settings([
                "DATABASE_URL": "sqlite:///main.sqlite3", "DATABASE_REPLICA_URLS": "sqlite:///copy.sqlite3",
            ]))
        try await both.bound {
            #expect(try await Note.objects.all().map(\.text) == ["old"])
            try await Note.objects.create(Note(text: "newer"))
            #expect(try await Note.objects.order { $0.id.ascending }.all().map(\.text) == ["new", "newer"])
        }
        try await both.bound {
            let texts = try await Note.objects.all().map(\.text)
            #expect(texts == ["old"])
        }
        await both.close()
    }
}
