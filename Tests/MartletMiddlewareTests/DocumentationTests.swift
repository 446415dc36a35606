import MartletHTTP
import MartletMiddleware
import MartletRouting
import Testing

// The code of Docs/urls.md and Docs/middleware.md.

private let apiURLs = URLs { path("posts/", postList, name: "api-posts") }

private let blogURLs = URLs(namespace: "blog") {
    path("", postList, name: "post-list")
    path("posts/<shortuuid:id>/", postDetail, name: "post-detail")
    path("posts/new/", postList, name: "post-create").methods(.get, .post)
    path("archive/<int:year>/", archive, name: "archive")
    include("api/", apiURLs)
    path("<language>/about/", about)
}

@Sendable private func postList(_ request: Request) async throws -> Response { Response("posts") }

@Sendable private func postDetail(_ request: Request, id: ShortUUID) async throws -> Response { Response("Post \(id)") }

@Sendable private func archive(_ request: Request, year: Int) async throws -> Response { Response("\(year)") }

private enum Language: String, PathParameter { case en, de }

@Sendable private func about(_ request: Request, language: Language) async throws -> Response {
    Response("about, \(language)")
}

extension HeaderName {
    fileprivate static let xPoweredBy = HeaderName(literal: "X-Powered-By")
}

private struct PoweredBy: Middleware {
    func respond(to request: Request, next: Handler) async throws -> Response {
        var response = try await next(request)
        try response.headers.set(.xPoweredBy, "Martlet")
        return response
    }
}

@Suite struct DocumentationTests {
    @Test func `the code of the documentation works`() async throws {
        let table = try RouteTable(URLs { include("blog/", blogURLs) })
        let dispatcher = Dispatcher(
            table,
            middleware: [
                ForwardedHeaders(ForwardedSettings(proxies: ["10.0.0.0/8"].compactMap(AddressRange.init))),
                RequestID(),
                RequestLog(),
                AllowedHosts([".example.com"]),
                SecurityHeaders(strictTransport: .init(maxAge: .seconds(3_600))),
                CSRFProtection(trustedOrigins: ["https://forms.example.com"].compactMap(TrustedOrigin.init)),
                PoweredBy(),
            ])
        let request = try Request.make(.get, "/blog/archive/2026/", headers: ["Host": "www.example.com"])
        let response = try await dispatcher.handler(request)
        #expect(response.text == "2026")
        #expect(response.headers[.xPoweredBy] == "Martlet")
        #expect(try await dispatcher.handler(.make(headers: ["Host": "www.evil.org"])).status == .badRequest)
        #expect(try table.reverse("blog:archive", 2026) == "/blog/archive/2026/")
        #expect(try table.reverse("blog:archive", ["year": 2026]) == "/blog/archive/2026/")
        #expect(try RouteTable.$current.withValue(table) { try reverse("blog:post-list") } == "/blog/")
        #expect(table.match("/blog/de/about/")?.info.pattern == "blog/<language>/about/")
        #expect(table.match("/blog/fr/about/") == nil)
    }
}
