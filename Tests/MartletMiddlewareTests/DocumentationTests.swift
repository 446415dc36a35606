import MartletHTTP
import MartletMiddleware
import MartletRouting
import MartletValues
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

    @Test func `all layers together stand in the order of the documentation's table`() async throws {
        let table = try RouteTable(
            URLs {
                path("greeting/", { request in Response(request.language == "de" ? "Guten Tag" : "Good day") })
                path("page/", { request in .html(try request.cspNonce + String(repeating: " ", count: 300)) })
                path("embed/", archiveOfOneYear).frameOptions(nil).contentSecurity(nil).uncompressed()
            })
        let layers: [any Middleware] = [
            ForwardedHeaders(ForwardedSettings(proxies: ["10.0.0.0/8"].compactMap(AddressRange.init))),
            RequestID(), RequestLog(), AllowedHosts([".example.com"]),
            try CORS(origins: ["https://app.example.com", "https://*.example.org"], allowsCredentials: true),
            MaintenanceMode(
                file: "/nowhere/maintenance.on", exemptPaths: ["/live/"],
                exemptAddresses: ["10.0.0.0/8"].compactMap(AddressRange.init)),
            SecurityHeaders(strictTransport: .init(maxAge: .seconds(3_600)), redirectExempt: ["/live/"]),
            ResponseCompression(), LanguageSelection(SiteLanguages(["en", "de"], default: "en")),
            CommonRules(prependsWWW: true, disallowedUserAgents: [try TextPattern("^BadBot")]), ConditionalGet(),
            ContentSecurity([
                .defaultSrc: [.selfOrigin],
                .scriptSrc: [.selfOrigin, .nonce],
                .imgSrc: [.selfOrigin, "data:"],
                .upgradeInsecureRequests: true,
            ]),
            CSRFProtection(),
        ]
        #expect(MiddlewareOrder.problems(in: layers) == [])
        let handler = Dispatcher(table, middleware: layers).handler
        let headers: KeyValuePairs = [
            "Host": "www.example.com", "Accept-Language": "de", "Accept-Encoding": "br",
            "Origin": "https://a.example.org",
        ]
        let greeting = try await handler(.make(.get, "/greeting/", headers: headers))
        #expect(greeting.text == "Guten Tag")
        #expect(greeting.headers[.vary] == "Accept-Language, Cookie, Origin")
        #expect(greeting.headers[.eTag] != nil)
        let page = try await handler(.make(.get, "/page/", headers: headers))
        #expect(page.headers[.contentEncoding] == "br")
        #expect(page.headers[.contentSecurityPolicy]?.contains("script-src 'self' 'nonce-") == true)
        let embedded = try await handler(.make(.get, "/embed/", headers: headers))
        #expect(embedded.text == "2026")
        #expect(embedded.headers[.contentSecurityPolicy] == nil)
        #expect(embedded.headers[HeaderName(literal: "X-Frame-Options")] == nil)
        let short = try Request.make(.get, "/page/", headers: ["Host": "example.com"])
        #expect(try await handler(short).headers[.location] == "http://www.example.com/page/")
    }
}

@Sendable private func archiveOfOneYear(_ request: Request) async throws -> Response {
    try await archive(request, year: 2026)
}
