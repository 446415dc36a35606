import FoundationEssentials
import MartletCommands
import MartletHTTP
import MartletMigrations
import MartletORM
import MartletRouting
import MartletSite
import MartletValues
import Testing

/// The conventions of Martlet's projects: each once broken and once kept.
@Suite struct ConventionCheckTests {
    struct Shelf: Model {
        var id = UUID.v7()
        var name = ""
        var createdAt = Date.now
        var updatedAt = Date.now
        static let appLabel = "library"
        static let table = Table<Shelf>(
            .uuid(\.id, primaryKey: true), .char(\.name, maxLength: 10), .dateTime(\.createdAt, autoNowAdd: true),
            .dateTime(\.updatedAt, autoNow: true))
    }

    /// Keeps every convention.
    struct Book: Model {
        var id = UUID.v7()
        var isbn: String?
        var number: Int?
        var shelf = ForeignKey<Shelf>()
        var readBefore = ManyToMany<Shelf>()
        var createdAt = Date.now
        var updatedAt = Date.now
        static let appLabel = "library"
        static let table = Table<Book>(
            .uuid(\.id, primaryKey: true), .char(\.isbn, maxLength: 13, unique: true), .integer(\.number),
            .foreignKey(\.shelf, onDelete: .protect, relatedName: "books"),
            .manyToMany(\.readBefore, relatedName: "+"), .dateTime(\.createdAt, autoNowAdd: true),
            .dateTime(\.updatedAt, autoNow: true))
    }

    /// Breaks those of models.
    struct Loan: Model {
        var id = UUID.v7()
        var reader: String?
        var shelf = ForeignKey<Shelf>()
        var shelves = ManyToMany<Shelf>()
        var createdAt = Date.now
        static let appLabel = "library"
        static let table = Table<Loan>(
            .uuid(\.id, primaryKey: true), .text(\.reader), .foreignKey(\.shelf, onDelete: .doNothing),
            .manyToMany(\.shelves), .dateTime(\.createdAt, autoNowAdd: true))
    }

    private static let view: Handler = { _ in Response("") }

    private func check(
        models: [any Model.Type] = [], migrations: [Migration] = [], urls: URLs = URLs {}, hasConventions: Bool = true,
        source: String? = nil
    ) async throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        let sources = folder.appendingPathComponent("Sources/Shop")
        try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        if let source { try Data(source.utf8).write(to: sources.appendingPathComponent("Pay.swift")) }
        let app = App(
            "library", models: models, migrations: Migrations(app: "library", migrations),
            hasConventions: hasConventions)
        let site = Site(apps: [app], urls: urls, templates: [], staticFiles: [], folder: folder.path)
        let result = await CommandSite.manage(
            ["check", "--tag", "conventions"], of: site, in: Environment(["DEBUG": "true"]))
        #expect(result.status == 0)
        return result.output.split(separator: "\n").map(String.init).filter { !$0.hasSuffix("found.") }
    }

    @Test func `models that keep the conventions have no findings`() async throws {
        #expect(try await check(models: [Shelf.self, Book.self]) == [])
    }

    @Test func `models that break them are told with field and remedy`() async throws {
        let lines = try await check(models: [Shelf.self, Loan.self])
        #expect(
            lines == [
                "library.Loan.shelf: warning conventions.W001: The relation has no relatedName. Write relatedName: \"…\", or "
                    + "\"+\" for none; without one it is called after the model.",
                "library.Loan.shelves: warning conventions.W001: The relation has no relatedName. Write relatedName: \"…\", or "
                    + "\"+\" for none; without one it is called after the model.",
                "library.Loan.shelf: warning conventions.W002: onDelete is .doNothing: deleting library.Shelf fails while a "
                    + "row refers to it. Say what is to happen: .cascade, .protect, .restrict, .setNull or .set.",
                "library.Loan: warning conventions.W003: The model has no updated_at. Add "
                    + ".dateTime(\\.updatedAt, autoNow: true).",
                "library.Loan.reader: warning conventions.W004: The text may be null, and so has two values for nothing. Make "
                    + "the property a String with the value \"\".",
            ])
        #expect(try await check(models: [Shelf.self, Loan.self], hasConventions: false) == [])
    }

    @Test func `numbers of rows in public addresses are found`() async throws {
        let lines = try await check(
            urls: URLs {
                path("a/<int:id>/", { (_, _: Int) in Response("") }, file: "Shop/URLs.swift", line: 3).methods(.get)
                path("b/<int:book_id>/", { (_, _: Int) in Response("") }, file: "Shop/URLs.swift", line: 4).methods(
                    .get)
                path("c/<int:year>/", { (_, _: Int) in Response("") }).methods(.get)
                path("d/<shortuuid:id>/", { (_, _: ShortUUID) in Response("") }).methods(.get)
                path("e/<int:id>/", { (_, _: Int) in Response("") }).protected(by: "staff")
            })
        #expect(lines.count == 2)
        #expect(
            lines.first
                == "Shop/URLs.swift:3: warning conventions.W005: The pattern 'a/<int:id>/' has the number 'id' in a "
                + "public address. Use <shortuuid:id>, <uuid:id> or a slug; or guard the route and say .protected(by: …)."
        )
        #expect(lines.last?.hasPrefix("Shop/URLs.swift:4: warning conventions.W005: ") == true)
    }

    @Test(arguments: [
        (rePath(/books\/(?<id>\d+)\//, oneNumber), "id"), (rePath(/books\/(\d+)/, oneNumber), #"(\d+)"#),
        (rePath(/books\/([0-9]+)\/pages/, oneNumber), "([0-9]+)"),
        (rePath(/books\/(\d+)\//, oneNumber, reverse: "books/<book_id>/"), "book_id"),
        (rePath(/books\/(?<pk>\d+)?/, oneOrNone, reverse: "books/<pk>"), "pk"),
        (include("shelves/<int:shelf_id>/", URLs { rePath(/(?<year>\d+)/, twoNumbers) }), "shelf_id"),
        (include("shelves/<slug:name>/", URLs { rePath(/(\d+)/, wordAndNumber) }), #"(\d+)"#),
        (rePath(/books\/(?<year>\d+)\//, oneNumber), nil), (rePath(/books\/(\d{4})\//, oneNumber), nil),
        (rePath(/books\/page-(\d+)\//, oneNumber), nil), (rePath(/books\/(?<id>\d+)\//, oneWord), nil),
        (rePath(/books\/(\d+)\//, oneNumber, reverse: "books/<year>/"), nil),
        (rePath(/books\/(?<id>\d+)\//, oneNumber).protected(by: "staff"), nil),
    ])
    func `numbers of rows are found in expressions, by name or where a segment is nothing else`(
        _ route: Route, _ name: String?
    ) async throws {
        let lines = try await check(urls: URLs { route.methods(.get) })
        #expect(lines.count == (name == nil ? 0 : 1), "\(lines)")
        if let name { #expect(lines.first?.contains("has the number '\(name)' in a public address") == true) }
    }

    private static let oneNumber: @Sendable (Request, Int) async throws -> Response = { _, _ in Response("") }
    private static let oneOrNone: @Sendable (Request, Int?) async throws -> Response = { _, _ in Response("") }
    private static let oneWord: @Sendable (Request, String) async throws -> Response = { _, _ in Response("") }
    private static let twoNumbers: @Sendable (Request, Int, Int) async throws -> Response = { _, _, _ in Response("") }
    private static let wordAndNumber: @Sendable (Request, String, Int) async throws -> Response = { _, _, _ in
        Response("")
    }

    @Test func `migrations that cannot be undone are found`() async throws {
        let lines = try await check(migrations: [
            Migration("0001_initial") { RunSQL("SELECT 1", reverse: .nothing) },
            Migration("0002_data", dependencies: ["library.0001_initial"]) {
                RunSQL("DELETE FROM a", reverse: .irreversible)
                RunSwift(reverse: .irreversible) { _ in }
                RunSwift(reverse: .nothing) { _ in }
                RunSQL("DELETE FROM b", reverse: .sql("SELECT 2"))
                SeparateDatabaseAndState(
                    database: [RunSQL("SELECT 3", reverse: .nothing)],
                    state: [RunSwift(reverse: .irreversible) { _ in }])
                SeparateDatabaseAndState(database: [
                    SeparateDatabaseAndState(database: [RunSwift(reverse: .irreversible) { _ in }]),
                    RunSQL("DELETE FROM c", reverse: .irreversible),
                ])
            },
        ])
        #expect(
            lines == [
                "library.0002_data: warning conventions.W006: The migration cannot be undone: Raw SQL operation. Give the "
                    + "operation a way back, .nothing where there is nothing to undo.",
                "library.0002_data: warning conventions.W006: The migration cannot be undone: Run Swift code. Give the "
                    + "operation a way back, .nothing where there is nothing to undo.",
                "library.0002_data: warning conventions.W006: The migration cannot be undone: Run Swift code. Give the "
                    + "operation a way back, .nothing where there is nothing to undo.",
                "library.0002_data: warning conventions.W006: The migration cannot be undone: Raw SQL operation. Give the "
                    + "operation a way back, .nothing where there is nothing to undo.",
            ])
    }

    @Test func `views that change data say who may`() async throws {
        let lines = try await check(
            urls: URLs {
                path("a/", Self.view, file: "Shop/URLs.swift", line: 3).methods(.get, .post, .delete)
                path("b/", Self.view, file: "Shop/URLs.swift", line: 4).csrfExempt()
                path("c/", Self.view).methods(.get)
                path("d/", Self.view, file: "Shop/URLs.swift", line: 6)
                path("e/", Self.view).methods(.post).protected(by: "login")
                path("f/", Self.view).methods(.post).openToAll(because: "anybody may write")
                include("g/", URLs { path("", Self.view).methods(.post) }).protected(by: "login")
            })
        #expect(
            lines == [
                "Shop/URLs.swift:3: warning conventions.W007: The route 'a/' takes POST, DELETE from everybody. Guard it with a "
                    + "layer that says .protected(by: …), or write .openToAll(because: \"…\").",
                "Shop/URLs.swift:4: warning conventions.W007: The route 'b/' takes any method without a token of forms from "
                    + "everybody. Guard it with a layer that says .protected(by: …), or write .openToAll(because: \"…\").",
                "Shop/URLs.swift:6: info conventions.I001: The route 'd/' names no methods, and so takes all of them. Write "
                    + ".methods(.get) where it only reads, and else what it takes.",
            ])
    }

    @Test(arguments: [
        (#"let key = Secret("hunter2")"#, "a literal in Secret(…)"),
        (#"let apiToken = "k3yWithDigits""#, "a literal under the name 'apiToken'"),
        (#"let password: String = "pa55w0rd!""#, "a literal under the name 'password'"),
        (#"connect(user: "ann", password: "pa55w0rd!")"#, "a literal under the name 'password'"),
        (#"let id = "AKIAABCDEFGHIJKLMNOP""#, "a key of Amazon's"),
        (#"let url = "postgresql://ann:hunter2@db/blog""#, "a URL with a password"),
        (#"let pem = "-----BEGIN RSA PRIVATE KEY-----\n""#, "a key of a certificate's owner"),
        (#"let key = Secret("hunter2")  // no secret"#, nil), (#"// let key = Secret("hunter2")"#, nil),
        (#"let key = Secret("\(value)1234567")"#, nil), (#"reader.secret("SECRET_KEY2")"#, nil),
        (#"let tokenName = "csrfmiddlewaretoken""#, nil), (#"let passwordPath = "/accounts/password2/""#, nil),
        (#"let url = "postgresql://user:password@host/database""#, nil), (#"let key = Secret("")"#, nil),
        (#"let title = "Post 12345678""#, nil), (#"let unclosed = ""#, nil), (#""""#, nil),
    ])
    func `secrets in the sources are found, and are not shown`(_ line: String, _ what: String?) async throws {
        let lines = try await check(source: "import Foundation\n\(line)\n")
        #expect(lines.count == (what == nil ? 0 : 1), "\(lines)")
        if let what {
            #expect(
                lines.first?.hasPrefix(
                    "Sources/Shop/Pay.swift:2: warning conventions.W008: There is \(what) in the source.")
                    == true)
            #expect(lines.first?.contains("hunter2") == false)
        }
    }
}
