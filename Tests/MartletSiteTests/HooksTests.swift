import FoundationEssentials
import MartletORM
import MartletReporting
import MartletRouting
import MartletSite
import Testing

private struct Note: Model {
    var id = 0
    var text = ""

    static let appLabel = "site_hooks"
    static let table = Table<Note>(.auto(\.id), .text(\.text))
}

@Suite struct HooksTests {
    /// A site whose database is a file of the test's own, with the table of the notes.
    private func withSite(
        _ hooks: Hooks, reporter: (any ErrorReporter)? = nil, _ body: (RunningSite) async throws -> Void
    ) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("hooks-\(UUID().uuidString).sqlite3")
        defer {
            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + end) }
        }
        let settings = try Settings(Environment(["DEBUG": "true", "DATABASE_URL": "sqlite:///\(file.path)"]))
        let site = Site(
            apps: [App("site_hooks", models: [Note.self])], urls: URLs {},
            reporters: { _ in reporter.map { [$0] } ?? [] }, hooks: hooks)
        let running = try RunningSite(site, settings: settings)
        try await running.database.execute(
            Statement(
                "CREATE TABLE site_hooks_note (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, text text NOT NULL)"))
        do {
            try await body(running)
        } catch {
            await running.close()
            throw error
        }
        await running.close()
    }

    @Test func `a site's hooks are those of its database`() async throws {
        try await withSite(Hooks(.beforeSave(Note.self) { note, _ in note.text += "!" })) { site in
            let note = try await site.database.use { try await Note.objects.create(Note(text: "Hello")) }
            #expect(note.text == "Hello!")
        }
        try await withSite(Hooks()) { site in
            let note = try await site.database.use { try await Note.objects.create(Note(text: "Hello")) }
            #expect(note.text == "Hello")
        }
    }

    /// Says what it is told as soon as it is told.
    private struct TellingReporter: ErrorReporter {
        let told: AsyncStream<any Error>.Continuation

        func capture(_ error: any Error, _ context: ErrorContext) async { told.yield(error) }
    }

    @Test func `what fails after a commit that nobody waits for reaches the site's reporters`() async throws {
        struct Stop: Error {}
        let (errors, told) = AsyncStream<any Error>.makeStream()
        try await withSite(Hooks(), reporter: TellingReporter(told: told)) { site in
            await site.bound { afterCommit { throw Stop() } }
            var iterator = errors.makeAsyncIterator()
            #expect(await iterator.next() is Stop)
        }
    }
}
