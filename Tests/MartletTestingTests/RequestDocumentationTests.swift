import FoundationEssentials
import MartletHTTP
import MartletJSON
import MartletRouting
import MartletShortcuts
import MartletSite
import MartletTesting
import Testing

// MARK: The views of Docs/requests.md

private enum Status: String, CaseIterable { case draft, published }

private struct Comment: Codable {
    var author: String
    var text: String
}

private struct Order: Decodable {
    struct Item: Decodable { var name: String, price: Double }
    var customer: String
    var items: [Item]
}

@Sendable private func postList(_ request: Request) async throws -> Response {
    let page = try request.query.int("page", default: 1, in: 1...1_000)
    let status = try request.query.choice("status", default: Status.published)
    return Response("Page \(page) of what is \(status)")
}

@Sendable private func commentCreate(_ request: Request) async throws -> Response {
    let comment = try await request.json(as: Comment.self)
    return try .json(comment, status: .created)
}

@Sendable private func orderTotal(_ request: Request) async throws -> Response {
    let order = try await request.json(as: Order.self)
    return .json(
        bytes: try JSON.object { body throws(JSONError) in
            try body.field("total", order.items.reduce(0) { $0 + $1.price })
        })
}

@Sendable private func archive(_ request: Request) async throws -> Response {
    guard let from = try request.query.date("from"), let to = try request.query.date("to") else {
        return Response("all")
    }
    guard from <= to else { throw HTTPError(badInput: "'to' must not be before 'from'.", field: "to", rule: .range) }
    return Response("some")
}

@Sendable private func export(_ request: Request) async throws -> Response {
    let csv = Array("a,b\r\n".utf8)
    return Response(content: csv, contentType: MediaType(literal: "text/csv")).attachment(fileName: "Übersicht.csv")
}

@Sendable private func login(_ request: Request) async throws -> Response {
    var response = try redirect(toUserSupplied: request.query["next"], request: request, fallback: "post-list")
    try response.setCookie(
        Cookie(
            "__Host-theme", "dark", maxAge: .seconds(31_536_000), isSecure: true, isHTTPOnly: true, sameSite: .lax))
    return response
}

@Sendable private func greeting(_ request: Request) async throws -> Response {
    let languages = SiteLanguages(["en", "de", "pt-br"], default: "en")
    var response: Response
    switch request.preferred(of: [.html, .json]) {
    case .some(.json): response = try .json(request.language(among: languages))
    case .some: response = .html(request.language(among: languages))
    case nil: throw HTTPError(.notAcceptable)
    }
    response.headers.addVary(.accept, .acceptLanguage)
    return response
}

@Sendable private func postDetail(_ request: Request, id: Int) async throws -> Response {
    Response(try request.absoluteURL())
}

private let documentedSite = TestSite(
    Site(
        apps: [],
        urls: URLs {
            path("posts/", postList, name: "post-list")
            path("comments/", commentCreate)
            path("total/", orderTotal)
            path("archive/", archive)
            path("export/", export)
            path("login/", login)
            path("greeting/", greeting)
            path(
                "posts/<int:id>/",
                conditional(postDetail, lastModified: { _, id in Date(timeIntervalSince1970: Double(id)) }))
            path("feed/", { _ in Response("feed") }).conditional(etag: { _ in EntityTag(opaque: "v1") })
        }),
    variables: ["DEBUG": "false"])

@Suite(documentedSite.database) struct RequestDocumentationTests {
    private func get(_ target: String, _ fields: KeyValuePairs<String, String> = [:]) async throws -> TestResponse {
        try await TestClient().get(target, headers: Headers(fields))
    }

    private func post(_ target: String, _ json: String) async throws -> TestResponse {
        try await TestClient().send(
            .post, target, headers: Headers(["Content-Type": "application/json"]), body: Array(json.utf8))
    }

    @Test func `fields have types`() async throws {
        #expect(try await get("/posts/?page=2&status=draft").text == "Page 2 of what is draft")
        #expect(try await get("/posts/?status=gone").status == .badRequest)
    }

    @Test func `JSON is read and sent`() async throws {
        let created = try await post("/comments/", #"{"author": "Ann", "text": "Hi", "spam": true}"#)
        #expect(created.status == .created)
        #expect(created.text == #"{"author":"Ann","text":"Hi"}"#)
        let total = try await post(
            "/total/", #"{"customer":"","items":[{"name":"a","price":1.5},{"name":"b","price":1}]}"#)
        #expect(total.text == #"{"total":2.5}"#)
    }

    @Test func `a view has rules of its own`() async throws {
        let response = try await get("/archive/?from=2026-02-01&to=2026-01-01", ["Accept": "application/json"])
        #expect(response.text == #"{"detail":"'to' must not be before 'from'.","field":"to","rule":"range"}"#)
        #expect(try await get("/archive/?from=2026-01-01&to=2026-01-01").text == "some")
    }

    @Test func `a file has a name`() async throws {
        #expect(
            try await get("/export/").headers[.contentDisposition]
                == "attachment; filename=\"_bersicht.csv\"; filename*=UTF-8''%C3%9Cbersicht.csv")
    }

    @Test func `a login leads to this site only`() async throws {
        let followed = try await get("/login/?next=/archive/")
        #expect(followed.status == .found)
        #expect(followed.headers[.location] == "/archive/")
        #expect(
            followed.headers[.setCookie]
                == "__Host-theme=dark; HttpOnly; Max-Age=31536000; Path=/; SameSite=Lax; Secure")
        #expect(try await get("/login/?next=//evil.example/").headers[.location] == "/posts/")
    }

    @Test func `type and language are the client's wish`() async throws {
        let response = try await get("/greeting/", ["Accept": "application/json", "Accept-Language": "pt"])
        #expect(response.text == "\"pt-br\"")
        #expect(response.headers[.vary]?.hasPrefix("Accept, Accept-Language") == true)
        #expect(try await get("/greeting/", ["Accept": "image/png"]).status == .notAcceptable)
    }

    @Test func `a page that the client has is not made again`() async throws {
        let first = try await get("/posts/784111777/")
        #expect(first.text == "http://testserver/posts/784111777/")
        let modified = try #require(first.headers[.lastModified])
        #expect(modified == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(try await get("/posts/784111777/", ["If-Modified-Since": modified]).status == .notModified)
        #expect(try await get("/feed/", ["If-None-Match": "\"v1\""]).status == .notModified)
    }
}
