import MartletHTTP
import MartletMiddleware
import Testing

@Suite struct AllowedHostsTests {
    // tests/requests_tests/tests.py: test_http_get_host, and django.http.request.validate_host
    static let patterns = [
        "forward.com", "example.com", "internal.com", "12.34.56.78", "[2001:19f0:feee::dead:beef:cafe]",
        "xn--4ca9at.com",
        ".multitenant.com", "INSENSITIVE.com", "[::ffff:169.254.169.254]",
    ]

    @Test(arguments: [
        "example.com", "example.com:80", "12.34.56.78", "12.34.56.78:443", "[2001:19f0:feee::dead:beef:cafe]",
        "[2001:19f0:feee::dead:beef:cafe]:8080", "xn--4ca9at.com", "anything.multitenant.com", "multitenant.com",
        "insensitive.com", "example.com.", "example.com.:80", "EXAMPLE.com", "[::ffff:169.254.169.254]",
    ])
    func `a host of the site is served`(_ host: String) async throws {
        let request = try Request.make(headers: ["Host": host])
        #expect(try await AllowedHosts(Self.patterns).respond(to: request, next: echo).status == .ok)
    }

    @Test(arguments: [
        "other.com", "evilexample.com", "example.com.evil.org", "notmultitenant.com", "example.com@evil.tld",
        "example.com:dr.frankenstein@evil.tld", "example.com:80/badpath", "[::1]", "sub.example.com", "",
        "example.com..",
    ])
    func `another host is a 400`(_ host: String) async throws {
        let request = try Request.make(headers: ["Host": host])
        let error = try await #require(throws: HTTPError.self) {
            try await AllowedHosts(Self.patterns).respond(to: request, next: echo)
        }
        #expect(error.status == .badRequest)
    }

    @Test func `a star allows every host but no malformed one`() async throws {
        let all = AllowedHosts(["*"])
        #expect(try await all.respond(to: .make(headers: ["Host": "any.example"]), next: echo).status == .ok)
        await #expect(throws: HTTPError.self) {
            try await all.respond(to: .make(headers: ["Host": "any example"]), next: echo)
        }
        await #expect(throws: HTTPError.self) { try await all.respond(to: .make(), next: echo) }
    }

    @Test(arguments: [
        ("localhost", true), ("blog.localhost:8000", true), ("127.0.0.1:8000", true), ("[::1]:8000", true),
        ("example.com", false), ("localhost.example.com", false),
    ])
    func `development serves this machine`(_ text: String, _ isAllowed: Bool) throws {
        #expect(AllowedHosts.local.contains(try #require(RequestHost(text))) == isAllowed)
    }
}

/// Expectations of Django's tests/middleware/test_security.py.
@Suite struct SecurityHeadersTests {
    private static let hsts = HeaderName(literal: "Strict-Transport-Security")

    @Test func `Django's headers are sent, and HSTS is not`() async throws {
        let response = try await SecurityHeaders().respond(to: .make(isEncrypted: true), next: echo)
        let sent = Dictionary(uniqueKeysWithValues: response.headers.map { ($0.name.rawName, $0.value) })
        #expect(
            sent == [
                "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
                "X-Frame-Options": "DENY",
            ])
    }

    @Test func `what a view has set stays, and what is off is left out`() async throws {
        var layer = SecurityHeaders()
        layer.referrerPolicy = nil
        layer.crossOriginOpenerPolicy = nil
        layer.refusesSniffing = false
        let response = try await layer.respond(to: .make()) { _ in
            var response = Response("")
            try response.headers.set(HeaderName(literal: "X-Frame-Options"), "SAMEORIGIN")
            return response
        }
        #expect(response.headers[HeaderName(literal: "X-Frame-Options")] == "SAMEORIGIN")
        #expect(response.headers.count == 2)
    }

    @Test(arguments: [
        (SecurityHeaders.StrictTransport(maxAge: .seconds(3_600)), "max-age=3600"),
        (
            SecurityHeaders.StrictTransport(maxAge: .seconds(600), includesSubdomains: true),
            "max-age=600; includeSubDomains"
        ),
        (
            SecurityHeaders.StrictTransport(maxAge: .seconds(10_886_400), includesSubdomains: true, preload: true),
            "max-age=10886400; includeSubDomains; preload"
        ),
    ])
    func `HSTS is sent over HTTPS only`(_ policy: SecurityHeaders.StrictTransport, _ field: String) async throws {
        let layer = SecurityHeaders(strictTransport: policy)
        #expect(try await layer.respond(to: .make(isEncrypted: true), next: echo).headers[Self.hsts] == field)
        #expect(try await layer.respond(to: .make(), next: echo).headers[Self.hsts] == nil)
    }

    @Test func `HTTP is sent to HTTPS`() async throws {
        var layer = SecurityHeaders(redirectsToHTTPS: true, redirectExemptPrefixes: ["/live/"])
        let request = try Request.make(.get, "/some/é", query: "query=string", headers: ["Host": "testserver"])
        let response = try await layer.respond(to: request, next: echo)
        #expect(response.status == .movedPermanently)
        #expect(response.headers[.location] == "https://testserver/some/%C3%A9?query=string")
        #expect(try await layer.respond(to: .make(isEncrypted: true), next: echo).status == .ok)
        #expect(try await layer.respond(to: .make(.get, "/live/"), next: echo).status == .ok)
        layer.redirectHost = "secure.example.com"
        #expect(
            try await layer.respond(to: request, next: echo).headers[.location]?
                .hasPrefix("https://secure.example.com/some/") == true)
    }

    @Test func `what a trusted proxy says counts as HTTPS`() async throws {
        let handler = compose(
            [
                ForwardedHeaders(ForwardedSettings(proxies: ["127.0.0.1"].compactMap(AddressRange.init))),
                SecurityHeaders(redirectsToHTTPS: true),
            ], around: { request in Response(request.clientAddress) })
        let headers: KeyValuePairs = ["Host": "a", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4"]
        #expect(try await handler(.make(headers: headers)).text == "1.2.3.4")
        #expect(try await handler(.make(headers: headers, peer: "8.8.8.8")).status == .movedPermanently)
    }
}
