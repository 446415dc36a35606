import FoundationEssentials
import MartletHTTP
import MartletORM
import MartletRouting
import MartletSite
import MartletTesting
import TestPrograms
import Testing

private struct Note: Model {
    var id = 0
    var text = ""
    static let appLabel = "notes"
    static let table = Table<Note>(.auto(\.id), .text(\.text))

    static func texts() async throws -> String {
        try await Note.objects.order { $0.id }.all().map(\.text).joined(separator: ",")
    }
}

@Sendable private func list(_ request: Request) async throws -> Response { Response(try await Note.texts()) }

@Sendable private func listTwice(_ request: Request) async throws -> Response {
    Response([try await Note.texts(), try await Note.texts()].joined(separator: " "))
}

@Sendable private func listSteadily(_ request: Request) async throws -> Response {
    Response(try await transaction { try await Note.texts() })
}

@Sendable private func add(_ request: Request) async throws -> Response {
    let before = try await Note.texts()
    try await Note.objects.create(Note(text: try await request.form().require("text")))
    // A child task is part of the request.
    async let child = Note.texts()
    return Response([before, try await Note.texts(), try await child].joined(separator: " "))
}

@Sendable private func addAndFail(_ request: Request) async throws -> Response {
    try? await transaction {
        try await Note.objects.create(Note(text: "gone"))
        throw CancellationError()
    }
    return Response(try await Note.texts())
}

/// A database with two replicas behind the pages of a site; each of them says by its row which it is.
@Suite struct ReplicaPageTests {
    private static let site = Site(
        apps: [App("notes", models: [Note.self])],
        urls: URLs {
            path("", list)
            path("twice/", listTwice)
            path("steady/", listSteadily)
            path("add/", add)
            path("fail/", addAndFail)
        })

    private static func withSite(_ body: (TestClient) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let urls = ["main", "one", "two"].map { "sqlite:///\(folder.file($0))" }
        let usual = ["DEBUG": "true", "DEBUG_PAGE": "false", "ALLOWED_HOSTS": "testserver"]
        for (url, text) in zip(urls, ["main", "one", "two"]) {
            let single = try RunningSite(
                site, settings: Settings(Environment(usual.merging(["DATABASE_URL": url]) { $1 })))
            try await single.bound {
                _ = try await Database.current.execute(
                    Statement("CREATE TABLE notes_note (id integer PRIMARY KEY AUTOINCREMENT, text text NOT NULL)"))
                try await Note.objects.create(Note(text: text))
            }
            await single.close()
        }
        let replicas = ["DATABASE_URL": urls[0], "DATABASE_REPLICA_URLS": "\(urls[1]), \(urls[2])"]
        let running = try RunningSite(site, settings: Settings(Environment(usual.merging(replicas) { $1 })))
        try await body(TestClient(running))
        await running.close()
        withExtendedLifetime(folder) {}
    }

    @Test func `queries go to the replicas in turn, within a request and from one to the next`() async throws {
        try await Self.withSite { (client: TestClient) async throws in
            let pages = [
                try await client.get("/").text, try await client.get("/").text, try await client.get("/").text,
                try await client.get("/").text,
            ]
            #expect(pages == ["one", "two", "one", "two"])
            #expect(try await client.get("/twice/").text == "one two")
        }
    }

    @Test func `a transaction reads from the primary, though it writes nothing`() async throws {
        try await Self.withSite { (client: TestClient) async throws in
            for _ in 0..<3 { #expect(try await client.get("/steady/").text == "main") }
            #expect(try await client.get("/").text == "one")
        }
    }

    @Test func `a request that has written reads from the primary to its end, and the next one from a replica`()
        async throws
    {
        try await Self.withSite { (client: TestClient) async throws in
            let added = try await client.post("/add/", form: ["text": "new"])
            #expect(added.text == "one main,new main,new")
            #expect(try await client.get("/").text == "two")
            #expect(try await client.get("/twice/").text == "one two")
            #expect(try await client.get("/steady/").text == "main,new")
            let again = try await client.post("/add/", form: ["text": "newer"])
            #expect(again.text == "one main,new,newer main,new,newer")
            #expect(try await client.get("/").text == "two")
        }
    }

    @Test func `a write that was rolled back counts as one, since the primary may know more`() async throws {
        try await Self.withSite { (client: TestClient) async throws in
            #expect(try await client.get("/fail/").text == "main")
            #expect(try await client.get("/").text == "one")
        }
    }
}
