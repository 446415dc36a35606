import Foundation
import MartletHTTP
import MartletLogging
import MartletORM
import MartletReporting
import MartletRouting
import MartletShortcuts
import MartletSite
import MartletTemplates
import TestPrograms

/// A site whose views fail, with templates in a folder of its own.
struct FailingSite {
    struct Broken: Error {
        let secret = "inside-of-the-error"
    }

    let running: RunningSite
    let folder: TemporaryFolder
    let sink = MemorySink()

    @Sendable private static func broken(_ request: Request) async throws -> Response {
        throw Broken()
    }

    /// Where the view above throws.
    static let throwingLine = #line - 4

    @Sendable private static func http(_ request: Request, code: Int) async throws -> Response {
        throw HTTPError(HTTPStatus(code), "Told to the client.")
    }

    @Sendable private static func page(_ request: Request) async throws -> Response {
        try render(request, "page.html", ["value": "x"])
    }

    @Sendable private static func typed(_ request: Request) async throws -> Response {
        try typedFailure()
    }

    private static func typedFailure() throws(Broken) -> Response {
        throw Broken()
    }

    /// Where the function above throws.
    static let typedLine = #line - 4

    @Sendable private static func query(_ request: Request) async throws -> Response {
        for _ in 0..<2 {
            _ = try await Database.current.rows(Statement("SELECT 1 + ?", [.integer(90_417)])) { $0.value(at: 0) }
        }
        _ = try await Database.current.execute(Statement("INSERT INTO nowhere VALUES (1)"))
        return Response("never")
    }

    /// Where the view above runs the statement that fails.
    static let failingStatementLine = #line - 5

    @Sendable private static func form(_ request: Request) async throws -> Response {
        _ = try await request.form()
        throw Broken()
    }

    static let urls = URLs {
        path("broken/", broken, name: "broken")
        path("http/<int:code>/", http)
        path("page/", page)
        path("typed/", typed)
        path("query/", query)
        path("posts/<int:year>/<slug:slug>/", { (_: Request, _: Int, _: String) in Response("post") }, name: "post")
        path("form/", form).csrfExempt()
        path("guarded/", form)
        path("get/", broken).methods(.get).csrfExempt()
        include("api/", URLs { path("broken/", broken) }).errors(as: .json)
    }

    init(
        templates: [String: String] = [:], variables: [String: String] = [:], reporters: [any ErrorReporter] = []
    ) throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("Templates"), withIntermediateDirectories: true)
        for (name, text) in templates {
            try text.write(toFile: folder.file("Templates/\(name)"), atomically: true, encoding: .utf8)
        }
        var environment = [
            "SECRET_KEY": "the-secret-key-of-this-site", "ALLOWED_HOSTS": "testserver",
            "DATABASE_URL": "sqlite:///db.sqlite3",
        ]
        environment.merge(variables) { $1 }
        let site = Site(apps: [], urls: Self.urls, reporters: { _ in reporters }, folder: folder.path)
        running = try RunningSite(site, settings: Settings(Environment(environment)))
    }

    /// The site in debug mode.
    static func debugging(templates: [String: String] = [:]) throws -> FailingSite {
        try FailingSite(templates: templates, variables: ["DEBUG": "true"])
    }

    func answer(
        _ path: String, method: HTTPMethod = .get, query: String = "", accept: String = "text/html",
        headers: KeyValuePairs<String, String> = [:], body: String = ""
    ) async throws -> (response: Response, text: String) {
        var fields = try Headers(headers)
        if fields[.host] == nil { try fields.set(.host, "testserver") }
        try fields.set(.accept, accept)
        let request = Request(
            method: method, target: path, path: path, queryString: query, headers: fields,
            body: RequestBody(Array(body.utf8)), peerAddress: "192.0.2.7", isEncrypted: false)
        return try await Logger.with(LogSettings(sink: sink)) {
            let response = try await running.handle(request)
            return (response, String(decoding: try await response.body.collect(), as: UTF8.self))
        }
    }
}
