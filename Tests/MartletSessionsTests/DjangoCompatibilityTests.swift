import FoundationEssentials
import MartletCache
import MartletJSON
import MartletMigrations
import MartletORM
import MartletSQLite
import MartletSessions
import MartletSigning
import TestPrograms
import Testing

/// Both ways: these stores, and the session engines of the real Django on the same database, folder, server or cookie.
@Suite struct DjangoCompatibilityTests {
    /// What Django stores and finds; strange text, numbers and shapes among it.
    static let values: JSONObject = [
        "_auth_user_id": "1", "text": "é😀\"\\\n\u{0} <>&'", "int": -9_007_199_254_740_993, "float": 0.1, "none": nil,
        "yes": true, "list": [1, ["a"], [:]], "nested": ["b": ["c": [nil]]],
        "long": .string(String(repeating: "x", count: 500)),
    ]

    private static let script = """
        import json, sys
        engine, place, location = sys.argv[1:4]
        from django.conf import settings
        settings.configure(
            SECRET_KEY="swift-framework-test-key", USE_TZ=True, INSTALLED_APPS=["django.contrib.sessions"],
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": place + "/db.sqlite3"}},
            CACHES={"default": {"BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
                                "LOCATION": location, "KEY_PREFIX": "site", "VERSION": 3}},
            SESSION_ENGINE="django.contrib.sessions.backends." + engine, SESSION_FILE_PATH=place)
        import django
        django.setup()
        from importlib import import_module
        Store = import_module(settings.SESSION_ENGINE).SessionStore

        """

    /// Django, as one process for each question, on the same things as a store.
    private struct Django {
        let python: PythonEnvironment
        let engine: String
        let folder: TemporaryFolder
        let location: String

        func run(_ script: String, _ argument: String = "", input: JSONObject = [:]) async throws -> String {
            let input = String(decoding: try JSON.encode(JSONValue.object(input), asciiOnly: true), as: UTF8.self)
            return try await python.run(
                DjangoCompatibilityTests.script + script, engine, folder.path, location, argument, input: input)
        }
    }

    struct Engine: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isDatabase: Bool
        let isCache: Bool
    }

    static let engines = [
        Engine(testDescription: "db", isDatabase: true, isCache: false),
        Engine(testDescription: "cache", isDatabase: false, isCache: true),
        Engine(testDescription: "cached_db", isDatabase: true, isCache: true),
        Engine(testDescription: "signed_cookies", isDatabase: false, isCache: false),
        Engine(testDescription: "file", isDatabase: false, isCache: false),
    ]

    @Test(arguments: engines) func `sessions go both ways`(_ engine: Engine) async throws {
        let packages = [PythonEnvironment.django, "pymemcache"]
        let python = try await PythonEnvironment(packages[0], packages[1])
        let folder = try TemporaryFolder()
        let server = engine.isCache ? try MemcachedServer() : nil
        let cache = Cache(try MemcachedBackend(at: server?.location ?? "127.0.0.1:1"), prefix: "site", version: 3)
        let backend = SQLiteBackend(path: folder.file("db.sqlite3"))
        let database = Database(backend, models: ModelRegistry([Session.self]))
        // The tables are this project's, and Django takes them for its own.
        try await MigrationExecutor(database, MigrationGraph([sessionsMigrations])).migrate()
        var settings = SessionSettings()
        settings.engine = try #require(
            SessionEngine(named: "django.contrib.sessions.backends.\(engine.testDescription)"))
        settings.folder = folder.path
        let layer = try Sessions(settings, keys: StoreBench.keys, cache: { cache })
        let django = Django(
            python: python, engine: engine.testDescription, folder: folder, location: server?.location ?? "")
        try await database.use { try await exchange(django, layer, isShared: engine.isDatabase || engine.isCache) }
        await backend.close()
        server?.stop()
    }

    /// A session of Django's is read and changed here, read and changed there, and read here again.
    private func exchange(_ django: Django, _ layer: Sessions, isShared: Bool) async throws {
        var key = try await django.run(
            """
            session = Store()
            session.update(json.load(sys.stdin))
            session.set_expiry(3600)
            session.save()
            print(session.session_key, end="")
            """, input: Self.values)
        let browser = Browser(layer, cookie: key)
        try await browser.visit { session async throws in
            for (name, value) in Self.values {
                let found = try await session[name]
                #expect(found == value)
            }
            #expect(try await session.expiryAge == 3_600)
            try session.set("from", "Martlet é")
            try await session.remove("none")
        }
        key = try #require(browser.cookie)
        let printed = try await django.run(
            """
            session = Store(sys.argv[4])
            expected = json.load(sys.stdin)
            del expected["none"]
            found = dict(session.items())
            assert found.pop("_session_expiry") == 3600
            assert found.pop("from") == "Martlet \\u00e9"
            assert found == expected, (found, expected)
            session["from"] = "Django"
            session.save()
            print(session.session_key, end="")
            """, key, input: Self.values)
        #expect(isShared || django.engine != "file" || printed == key)
        let back = Browser(layer, cookie: printed)
        #expect(try await back.values()["from"] == "Django")
        try await fresh(django, layer)
    }

    /// A session that begins here is Django's, too, and its end as well.
    private func fresh(_ django: Django, _ layer: Sessions) async throws {
        let browser = Browser(layer)
        try await browser.visit { session async throws in
            try session.set("a", ["b": 1])
            try await session.setExpiry(.date(Date(timeIntervalSince1970: 4_102_444_800.5)))
        }
        let printed = try await django.run(
            """
            session = Store(sys.argv[4])
            print(json.dumps(session["a"]), session.get_expiry_date())
            session.flush()
            """, try #require(browser.cookie))
        #expect(printed == "{\"b\": 1} 2100-01-01 00:00:00.500000+00:00\n")
        guard django.engine != "signed_cookies" else { return }
        #expect(try await browser.values() == [:])
    }

    @Test func `what Django has pickled and JSON cannot say stays as it is`() async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django, "pymemcache")
        let server = try MemcachedServer()
        let cache = Cache(try MemcachedBackend(at: server.location), prefix: "site", version: 3)
        let layer = Sessions(SessionSettings(), store: CacheSessionStore(cache: { cache }))
        let django = Django(python: python, engine: "cache", folder: try TemporaryFolder(), location: server.location)
        let key = try await django.run(
            """
            import datetime
            session = Store()
            session["day"] = datetime.datetime(2026, 1, 1, 12)
            session["pair"] = (1, b"\\x00\\xff")
            session["count"] = 1
            session.save()
            print(session.session_key, end="")
            """)
        let browser = Browser(layer, cookie: key)
        try await browser.visit { session async throws in
            #expect(try await session.contains("day"))
            await #expect(throws: SessionError.unreadable(key: "day")) { try await session["day"] }
            try session.set("count", 2)
        }
        let printed = try await django.run("session = Store(sys.argv[4]); print(dict(session.items()))", key)
        #expect(printed == "{'day': datetime.datetime(2026, 1, 1, 12, 0), 'pair': (1, b'\\x00\\xff'), 'count': 2}\n")
        server.stop()
    }

    @Test func `Django migrates nothing where the table is`() async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django, "pymemcache")
        let folder = try TemporaryFolder()
        let backend = SQLiteBackend(path: folder.file("db.sqlite3"))
        let database = Database(backend, models: ModelRegistry([Session.self]))
        try await MigrationExecutor(database, MigrationGraph([sessionsMigrations])).migrate()
        let django = Django(python: python, engine: "db", folder: folder, location: "")
        let printed = try await django.run(
            """
            from django.core.management import call_command
            from django.db import connection
            call_command("migrate", "sessions", plan=True)
            with connection.cursor() as cursor:
                print(sorted(connection.introspection.get_constraints(cursor, "django_session")))
            """)
        #expect(printed.contains("No planned migration operations."))
        #expect(printed.contains("django_session_expire_date_a5c62663"))
        await backend.close()
    }
}
