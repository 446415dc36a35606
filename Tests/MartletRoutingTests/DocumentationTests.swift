import MartletHTTP
import MartletRouting
import Testing

// The code of Docs/urls.md about expressions, namespaces and hosts.

private let pollsURLs = URLs(namespace: "polls") { path("<int:id>/", detail, name: "detail") }

private let apiURLs = URLs(namespace: "api") { path("", { _ in Response("api") }, name: "root") }

private let tenantURLs = URLs { path("", home) }

private let blogURLs = URLs(namespace: "blog") { path("archive/<int:year>/", one, name: "archive") }

private let siteURLs = URLs {
    host("api.example.org", apiURLs)
    host("<slug:tenant>.example.org", tenantURLs)
    include("", mainURLs)
}

private let mainURLs = URLs {
    rePath(/articles\/(\d{4})\/(?:page-(\d+)\/)?/, articles, name: "articles", reverse: "articles/<year>/page-<page>/")
    include("author-polls/", pollsURLs, namespace: "author-polls")
    include("publisher-polls/", pollsURLs, namespace: "publisher-polls")
    include("blog/", blogURLs)
    path("links/", { request in Response(try request.reverse("api:root")) })
}

@Sendable private func articles(_ request: Request, year: Int, page: Int?) async throws -> Response {
    Response("\(year), page \(page ?? 1)")
}

@Sendable private func detail(_ request: Request, id: Int) async throws -> Response { Response("\(id)") }

@Sendable private func home(_ request: Request, tenant: String) async throws -> Response { Response("of \(tenant)") }

@Suite struct DocumentationTests {
    @Test func `the code of the documentation works`() async throws {
        let table = try RouteTable(siteURLs)
        let handler = Dispatcher(table).handler
        #expect(try await handler(.get("/articles/2026/")).text == "2026, page 1")
        #expect(try await handler(.get("/articles/2026/page-3/")).text == "2026, page 3")
        #expect(try table.reverse("articles", 2026, 3) == "/articles/2026/page-3/")
        #expect(
            try table.reverse("blog:archive", 2026, query: ["page": 2], fragment: "may")
                == "/blog/archive/2026/?page=2#may")
        #expect(try table.reverse("blog:archive", ["year": 2026]) == "/blog/archive/2026/")
        #expect(try table.reverse("polls:detail", 1) == "/publisher-polls/1/")
        #expect(try table.reverse("polls:detail", 1, currentApp: "author-polls") == "/author-polls/1/")
        #expect(try table.reverse("author-polls:detail", 1) == "/author-polls/1/")
        #expect(try table.reverse("api:root") == "//api.example.org/")
        let tenant = try Request.make(.get, "/", headers: Headers(["Host": "ann.example.org"]))
        #expect(try await handler(tenant).text == "of ann")
        let page = Request.make(.get, "/links/", headers: try Headers(["Host": "www.example.org"]))
        #expect(try await handler(page).text == "http://api.example.org/")
    }
}
