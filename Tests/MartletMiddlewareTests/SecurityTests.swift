import MartletHTTP
import MartletMiddleware
import MartletRouting
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
        "example.com..", "example.com:dr.frankenstein@evil.tld:80", "example.com: recovermypassword.com",
        "invalid_hostname.com", "example.com:80:80", "example.com:99999",
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

    // test_http_get_host_with_x_forwarded_host; here a proxy must be trusted besides.
    @Test func `the host that a trusted proxy tells is the one that counts`() async throws {
        let proxies = ["10.0.0.1"].compactMap(AddressRange.init)
        let handler = compose(
            [
                ForwardedHeaders(ForwardedSettings(proxies: proxies, usesForwardedHost: true)),
                AllowedHosts(["forward.com"]),
            ], around: { request in Response(try request.host.description) })
        let headers: KeyValuePairs = ["Host": "internal.com", "X-Forwarded-Host": "forward.com"]
        #expect(try await handler(.make(headers: headers, peer: "10.0.0.1")).text == "forward.com")
        await #expect(throws: HTTPError.self) { try await handler(.make(headers: headers, peer: "10.0.0.2")) }
        let poisoned: KeyValuePairs = ["Host": "forward.com", "X-Forwarded-Host": "forward.com@evil.tld"]
        await #expect(throws: HTTPError.self) { try await handler(.make(headers: poisoned, peer: "10.0.0.1")) }
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

    private struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var isSecure = false
        let field: HeaderName
        /// What the view has set.
        var ofView: String?
        let expected: String?
        var change: @Sendable (inout SecurityHeaders) -> Void = { _ in }
    }

    private static let sniffing = HeaderName(literal: "X-Content-Type-Options")
    private static let referrer = HeaderName(literal: "Referrer-Policy")
    private static let opener = HeaderName(literal: "Cross-Origin-Opener-Policy")
    private static let frames = HeaderName(literal: "X-Frame-Options")

    private static let examples = [
        Example(
            testDescription: "test_sts_already_present", isSecure: true, field: hsts, ofView: "max-age=7200",
            expected: "max-age=7200", change: { $0.strictTransport = .init(maxAge: .seconds(3_600)) }),
        Example(testDescription: "test_sts_off", isSecure: true, field: hsts, expected: nil),
        Example(testDescription: "test_content_type_on", field: sniffing, expected: "nosniff"),
        Example(testDescription: "test_content_type_already_present", field: sniffing, ofView: "foo", expected: "foo"),
        Example(
            testDescription: "test_content_type_off", field: sniffing, expected: nil,
            change: { $0.refusesSniffing = false }),
        Example(
            testDescription: "test_referrer_policy_off", field: referrer, expected: nil,
            change: { $0.referrerPolicy = nil }),
        Example(
            testDescription: "test_referrer_policy_on: one", field: referrer, expected: "strict-origin",
            change: { $0.referrerPolicy = ReferrerPolicy("strict-origin") }),
        Example(
            testDescription: "test_referrer_policy_on: several", field: referrer, expected: "strict-origin,origin",
            change: { $0.referrerPolicy = ReferrerPolicy("strict-origin, origin") }),
        Example(
            testDescription: "test_referrer_policy_already_present", field: referrer, ofView: "unsafe-url",
            expected: "unsafe-url", change: { $0.referrerPolicy = .strictOrigin }),
        Example(
            testDescription: "test_coop_off", field: opener, expected: nil,
            change: { $0.crossOriginOpenerPolicy = nil }),
        Example(testDescription: "test_coop_default", field: opener, expected: "same-origin"),
        Example(
            testDescription: "test_coop_on", field: opener, expected: "same-origin-allow-popups",
            change: { $0.crossOriginOpenerPolicy = .sameOriginAllowPopups }),
        Example(
            testDescription: "test_coop_already_present", field: opener, ofView: "same-origin",
            expected: "same-origin", change: { $0.crossOriginOpenerPolicy = .unsafeNone }),
        Example(testDescription: "XFrameOptions test_deny", field: frames, expected: "DENY"),
        Example(
            testDescription: "XFrameOptions test_same_origin", field: frames, expected: "SAMEORIGIN",
            change: { $0.frameOptions = .sameOrigin }),
        Example(
            testDescription: "XFrameOptions test_dont_set_if_set", field: frames, ofView: "SAMEORIGIN",
            expected: "SAMEORIGIN"),
        Example(
            testDescription: "XFrameOptions test_dont_set_if_set, the other way round", field: frames, ofView: "DENY",
            expected: "DENY", change: { $0.frameOptions = .sameOrigin }),
    ]

    // tests/middleware/test_security.py, and XFrameOptionsMiddlewareTest of tests/middleware/tests.py
    @Test(arguments: examples)
    private func `a header is what Django's tests expect`(_ example: Example) async throws {
        var layer = SecurityHeaders()
        example.change(&layer)
        let response = try await layer.respond(to: .make(isEncrypted: example.isSecure)) { _ in
            var response = Response("")
            if let value = example.ofView { try response.headers.set(example.field, value) }
            return response
        }
        #expect(response.headers.values(example.field) == (example.expected.map { [$0] } ?? []))
    }

    // test_response_exempt, and the decorators of django.views.decorators.clickjacking; here said where the route is.
    @Test func `a route says who may show it in a frame`() async throws {
        let table = try RouteTable(
            URLs {
                path("plain/", echo)
                path("free/", echo).frameOptions(nil)
                path("own/", echo).frameOptions(.sameOrigin)
                include(
                    "all/",
                    URLs {
                        path("", echo); path("deny/", echo).frameOptions(.deny)
                    }
                ).frameOptions(nil)
                path("failing/", { _ in throw HTTPError(.notFound) }).frameOptions(.sameOrigin)
            })
        let handler = Dispatcher(table, middleware: [SecurityHeaders()]).handler
        for (path, expected) in [
            ("/plain/", "DENY"), ("/free/", nil), ("/own/", "SAMEORIGIN"), ("/all/", nil), ("/all/deny/", "DENY"),
            ("/failing/", "SAMEORIGIN"), ("/nowhere/", "DENY"),
        ] {
            let headers = try await handler(.make(.get, path)).headers
            #expect(headers[Self.frames] == expected, "\(path)")
            #expect(headers[Self.sniffing] == "nosniff", "\(path)")
        }
    }

    @Test(arguments: ["", "same-origin,", "same-origin; x", "sameorigin", "origin\r\nX: y"])
    func `what browsers do not know is no policy`(_ text: String) {
        #expect(ReferrerPolicy(text) == nil)
        #expect(OpenerPolicy(text) == nil)
    }

    @Test func `paths are exempt by prefix or by Django's expressions`() async throws {
        let pattern = try TextPattern("^insecure/")
        let layer = SecurityHeaders(redirectsToHTTPS: true, redirectExempt: [.matching(pattern), "/live/"])
        for (path, isServed) in [
            ("/insecure/page", true), ("//insecure/page", true), ("/live/", true), ("/live", false),
            ("/x/insecure/", false),
        ] {
            let response = try await layer.respond(to: .make(.get, path, headers: ["Host": "a"]), next: echo)
            #expect((response.status == .ok) == isServed, "\(path)")
        }
    }

    @Test func `HTTP is sent to HTTPS`() async throws {
        var layer = SecurityHeaders(redirectsToHTTPS: true, redirectExempt: ["/live/"])
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
