import FoundationEssentials
import MartletCommands
import MartletJSON
import MartletMigrations
import MartletORM
import MartletSessions
import MartletSite
import Synchronization
import Testing

/// `manage clearsessions`, and what `manage check` says of sessions.
@Suite struct SessionCommandTests {
    /// Runs `manage` of a site in a folder of its own, which goes with it.
    private func manage(
        _ line: String, _ engine: String?, apps: [App] = [sessionsApp], folder: String
    ) async -> (status: Int32, output: String) {
        let site = Site(apps: apps, urls: healthURLs, templates: [], staticFiles: [], folder: folder)
        let lines = Mutex<[String]>([])
        var variables = ["DEBUG": "true", "DATABASE_URL": "sqlite:///db.sqlite3", "SESSION_FILE_PATH": folder]
        variables["SESSION_ENGINE"] = engine
        let status = await run(
            [line], site: site, environment: Environment(variables),
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

    @Test(arguments: ["database", "file", "cached_database"])
    func `sessions that have ended are removed`(_ engine: String) async throws {
        try await withFolder { folder async throws in
            #expect(await manage("migrate", engine, folder: folder).status == 0)
            #expect(await manage("clearsessions", engine, folder: folder).output == "Removed 0 ended sessions.")
            try await store(engine, folder)
            let cleared = await manage("clearsessions", engine, folder: folder)
            #expect(cleared.status == 0)
            #expect(cleared.output == "Removed 1 ended session.")
            #expect(await manage("clearsessions", engine, folder: folder).output == "Removed 0 ended sessions.")
        }
    }

    /// Stores a session that has ended, and one that has not.
    private func store(_ engine: String, _ folder: String) async throws {
        let settings = try Settings(
            Environment([
                "DEBUG": "true", "DATABASE_URL": "sqlite:///db.sqlite3", "SESSION_ENGINE": engine,
                "SESSION_FILE_PATH": folder,
            ]))
        let site = Site(apps: [sessionsApp], urls: healthURLs, folder: folder)
        let running = try RunningSite(site, settings: settings)
        try await running.bound {
            let store = try #require(try site.sessions(settings)).store
            _ = try await store.create("endedendedended", StoredSession(values: ["_session_expiry": -10]))
            _ = try await store.create("lastinglastinglasting", StoredSession(values: ["a": 1]))
        }
        await running.close()
    }

    @Test(arguments: ["cache", "signed_cookies"])
    func `sessions that go by themselves are not cleared`(_ engine: String) async throws {
        try await withFolder { folder async throws in
            let result = await manage("clearsessions", engine, folder: folder)
            #expect(result.status == 0)
            #expect(result.output == "There is nothing to clear: sessions of this engine go by themselves.")
        }
    }

    @Test func `a site without sessions has none to clear`() async throws {
        try await withFolder { folder async throws in
            let site = Site(apps: [], urls: healthURLs, middleware: { _ in [] }, folder: folder)
            let errors = Mutex<[String]>([])
            let status = await run(
                ["clearsessions"], site: site, environment: Environment(["DEBUG": "true"]), print: { _ in },
                report: { text in errors.withLock { $0.append(text) } })
            #expect(status == 1)
            #expect(
                errors.withLock { $0 }
                    == ["manage clearsessions: The site has no Sessions layer in its middleware."])
        }
    }

    @Test func `check tells of sessions without a table`() async throws {
        try await withFolder { folder async throws in
            let warning =
                "warning sessions.W001: Sessions are kept in the database, which has no table for them. "
                + "Add sessionsApp to the site's apps, or choose another SESSION_ENGINE; "
                + "without either, request.session is an error."
            for engine in [nil, "database", "cached_database"] {
                let result = await manage("check", engine, apps: [], folder: folder)
                #expect(result.status == 0)
                #expect(result.output == warning + "\n1 problem found.")
                #expect(await manage("check", engine, folder: folder).output == "No problems found.")
            }
            for engine in ["cache", "signed_cookies", "file"] {
                #expect(await manage("check", engine, apps: [], folder: folder).output == "No problems found.")
            }
        }
    }

    @Test func `check tells of a folder of sessions that is not there`() async throws {
        try await withFolder { folder async throws in
            let result = await manage("check", "file", folder: folder + "/nowhere")
            #expect(result.status == 1)
            #expect(
                result.output.contains(
                    "error middleware.E004: the middleware cannot be made: Sessions cannot be kept in \(folder)/nowhere: "
                ))
        }
    }
}
