import Foundation
import MartletCache
import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletORM
import MartletRouting
import MartletSessions
import MartletShortcuts
import MartletSite
import MartletTemplates
import MartletTesting
import TestPrograms

struct Bird: Model {
    var id = 0
    var name = ""
    var password = ""

    static let appLabel = "aviary"
    static let table = Table<Bird>(
        .auto(\.id), .char(\.name, maxLength: 200), .char(\.password, maxLength: 200))
}

/// A site whose pages do what the toolbar shows.
final class ToolbarSite: Sendable {
    let folder: TemporaryFolder
    let tests: TestSite

    private static let templates = [
        "base.html": "<!doctype html><html><body><h1>{% block title %}{% endblock %}</h1></body></html>",
        "page.html": """
        {% extends "base.html" %}{% block title %}{{ title }}\
        {% for bird in birds %}{% include "card.html" with bird=bird %}{% endfor %}{% endblock %}
        """,
        "card.html": "<p>{{ bird }}</p>",
        "<i onclick=x>.html": "<html><body>echo</body></html>",
        "broken.html": "<p>{{ title|nosuch }}</p>",
    ]

    init(
        _ variables: [String: String] = [:],
        layers: @escaping @Sendable (Settings) throws -> [any Middleware] = {
            try Site.standardMiddleware($0)
        }, urls more: URLs = URLs {}
    ) throws {
        folder = try TemporaryFolder()
        let place = folder.file("Templates")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        for (name, text) in Self.templates {
            try text.write(toFile: "\(place)/\(name)", atomically: true, encoding: .utf8)
        }
        let site = Site(
            apps: [App("aviary", models: [Bird.self])],
            urls: URLs {
                include("", more)
                include("", Self.urls)
            }, middleware: layers, templates: [place], staticFiles: [], folder: folder.path)
        // Telling of an N+1 looks lines up within the request, which takes seconds in a program as big as all tests.
        let usual = ["DEBUG_TOOLBAR": "true", "SESSION_ENGINE": "cache", "LOG_N_PLUS_ONE": "0"]
        tests = TestSite(site, variables: usual.merging(variables) { $1 })
    }

    /// Runs an operation with the site, its table made.
    func using(_ operation: (RunningSite) async throws -> Void) async throws {
        try await Logger.with(LogSettings(sink: MemorySink())) {
            let site = try await tests.makeSite()
            try await Self.makeTable(site)
            try await operation(site)
            await site.close()
        }
        withExtendedLifetime(self) {}
    }

    static func makeTable(_ site: RunningSite) async throws {
        try await site.bound {
            _ = try await Database.current.execute(
                Statement(
                    "CREATE TABLE aviary_bird (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, name text, password text)"
                ))
        }
    }

    private static let urls = URLs {
        path("", page, name: "front")
        path("birds/<int:id>/<slug:name>/", bird, name: "bird")
        path("data/", { _ in Response(content: Array("{}".utf8), contentType: .json) })
        path("count/<int:count>/", count)
        path("write/", write)
        path("echo/", echo)
        path("form/", form).csrfExempt()
        path("session/", session)
        path("failing/", { request in try render(request, "broken.html", ["title": "x"]) })
    }

    /// The line that runs the statements of the loop below.
    static let lineOfTheLoop = #line + 5

    @Sendable static func page(_ request: Request) async throws -> Response {
        Logger("aviary").info("page_opened", place: "<b>front</b>", api_key: "hush-log")
        for number in 0..<6 {
            _ = try await Bird.objects.filter { $0.id == number }.all()
        }
        _ = try await Bird.objects.count()
        _ = try await Bird.objects.count()
        _ = try await Cache.current.get("nobody", as: Int.self)
        try await Cache.current.set("somebody", 1, for: .minutes(1))
        _ = try await Cache.current.getMany(["somebody", "nobody"], as: Int.self)
        return try render(request, "page.html", ["title": "Birds", "birds": ["swift", "martlet"]])
    }

    @Sendable static func bird(_ request: Request, id: Int, name: String) async throws -> Response {
        .html("<html><body>\(id)</body></html>")
    }

    @Sendable static func count(_ request: Request, count: Int) async throws -> Response {
        for number in 0..<count {
            _ = try await Bird.objects.filter { $0.id == number && $0.name == "count-\(count)" }.all()
            Logger("aviary").info("counted", count: count)
            try await Cache.current.set(CacheKey("aviary", "count", count, "n"), number, for: .minutes(1))
            await Task.yield()
        }
        return Response("\(count)")
    }

    @Sendable static func write(_ request: Request) async throws -> Response {
        try await transaction {
            _ = try await Bird.objects.create(Bird(name: "swift", password: "hush-sql"))
            try await Bird.objects.filter { $0.password == "hush-filter" }.update { $0.name = "x" }
        }
        return .html("<html><body>written</body></html>")
    }

    @Sendable static func echo(_ request: Request) async throws -> Response {
        let text = request.query["text"] ?? ""
        Logger("aviary").info("echoed", text: text)
        _ = try? await Bird.objects.filter { $0.name == text }.all()
        _ = try? await Database.current.rows(Statement("SELECT '\(text.replacing("'", with: "''"))', nothing")) { _ in 1
        }
        return try render(request, "<i onclick=x>.html")
    }

    @Sendable static func form(_ request: Request) async throws -> Response {
        _ = try await request.form()
        return .html("<html><body>form</body></html>")
    }

    @Sendable static func session(_ request: Request) async throws -> Response {
        try request.session.set("cart", 7)
        return .html("<html><body>session</body></html>")
    }
}

extension TestResponse {
    /// The name of the record, as a browser reads it.
    var recordID: String? {
        headers[HeaderName(literal: "Server-Timing")]?.firstMatch(of: /martlet;desc="([0-9a-f]{16})"/).map {
            String($0.1)
        }
    }
}

extension TestClient {
    /// The panel of the request that a target's answer names.
    func panel(_ name: String, of target: String) async throws -> String {
        try await panel(name, of: try await get(target))
    }

    func panel(_ name: String, of answer: TestResponse) async throws -> String {
        let id = answer.recordID ?? "missing"
        return try await get("/__debug__/requests/\(id)/\(name.isEmpty ? "" : name + "/")").text
    }

    /// The SQL panel with the lines of all statements; looking them up takes as long as it takes.
    func panelWithLines(of target: String) async throws -> String {
        let answer = try await get(target)
        while true {
            let text = try await panel("sql", of: answer)
            if !text.contains("still being looked up") { return text }
        }
    }
}
