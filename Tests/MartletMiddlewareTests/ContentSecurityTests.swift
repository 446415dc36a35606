import MartletHTTP
import MartletMiddleware
import MartletRouting
import Testing

@Suite struct ContentSecurityPolicyTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let policy: ContentSecurityPolicy
        var nonce: String?
        let text: String
    }

    // Django 6, tests/utils_tests/test_csp.py, CSPBuildPolicyTest. The rows for strings, tuples and sets have no
    // counterpart: a value is always a list.
    static let examples = [
        Example(testDescription: "config_empty", policy: [:], text: ""),
        Example(testDescription: "config_basic", policy: [.defaultSrc: [.selfOrigin]], text: "default-src 'self'"),
        Example(
            testDescription: "config_multiple_directives",
            policy: [.defaultSrc: [.selfOrigin], .scriptSrc: [.none]], text: "default-src 'self'; script-src 'none'"),
        Example(
            testDescription: "config_value_as_tuple", policy: [.defaultSrc: [.selfOrigin, "foo.com"]],
            text: "default-src 'self' foo.com"),
        Example(
            testDescription: "config_value_boolean_true",
            policy: [.defaultSrc: [.selfOrigin], .blockAllMixedContent: true],
            text: "default-src 'self'; block-all-mixed-content"),
        Example(
            testDescription: "config_value_boolean_false",
            policy: [.defaultSrc: [.selfOrigin], .blockAllMixedContent: false], text: "default-src 'self'"),
        Example(
            testDescription: "config_value_multiple_boolean",
            policy: [.defaultSrc: [.selfOrigin], .blockAllMixedContent: true, .upgradeInsecureRequests: true],
            text: "default-src 'self'; block-all-mixed-content; upgrade-insecure-requests"),
        Example(
            testDescription: "config_with_nonce_arg", policy: [.defaultSrc: [.selfOrigin]], nonce: "abc123",
            text: "default-src 'self'"),
        Example(
            testDescription: "config_with_nonce", policy: [.defaultSrc: [.selfOrigin, .nonce]], nonce: "abc123",
            text: "default-src 'self' 'nonce-abc123'"),
        Example(
            testDescription: "config_with_multiple_nonces",
            policy: [.defaultSrc: [.selfOrigin, .nonce], .scriptSrc: [.selfOrigin, .nonce]], nonce: "abc123",
            text: "default-src 'self' 'nonce-abc123'; script-src 'self' 'nonce-abc123'"),
        Example(testDescription: "config_with_empty_directive", policy: [.defaultSrc: []], text: ""),
        Example(
            testDescription: "a nonce that is not used is left out", policy: [.defaultSrc: [.selfOrigin, .nonce]],
            text: "default-src 'self'"),
        // Django leaves the directive out, and so allows whatever default-src allows.
        Example(
            testDescription: "a nonce that was the only source leaves nothing allowed",
            policy: [.defaultSrc: [.selfOrigin], .scriptSrc: [.nonce]], text: "default-src 'self'; script-src 'none'"),
        Example(
            testDescription: "the last of two", policy: [.imgSrc: ["a.example"], .imgSrc: ["data:"]],
            text: "img-src data:"),
    ]

    @Test(arguments: examples)
    func `a policy is written as Django writes it`(_ example: Example) {
        #expect(example.policy.text(nonce: example.nonce) == example.text)
    }

    // CSPConstantsTests
    @Test func `the keywords are those of the standard`() {
        let keywords: [PolicySource] = [
            .none, .reportSample, .selfOrigin, .strictDynamic, .unsafeEval, .unsafeHashes, .unsafeInline,
            .wasmUnsafeEval,
        ]
        #expect(
            keywords.map(\.description) == [
                "'none'", "'report-sample'", "'self'", "'strict-dynamic'", "'unsafe-eval'", "'unsafe-hashes'",
                "'unsafe-inline'", "'wasm-unsafe-eval'",
            ])
    }

    @Test(arguments: [
        ("https://cdn.example.com/a/", true), ("*.example.com:443", true), ("data:", true), ("'self'", true),
        ("'sha256-B2yPHKaXnvFWtRChIbabYmUBFZdVfKKXHbWtWidDVF8='", true), ("/reports/", true),
        ("allow-forms", true), ("", false), ("self", false), ("None", false), ("unsafe-inline", false),
        ("'selff'", false), ("'self", false), ("a b", false), ("a;script-src", false), ("a,b", false),
        ("a\r\nSet-Cookie: x", false), ("é.example", false), ("'nonce-a' 'self'", false), ("''", false), ("'", false),
    ])
    func `a source that browsers would misread is none`(_ text: String, _ isSource: Bool) {
        #expect((PolicySource(text) != nil) == isSource)
    }

    @Test(arguments: [("fenced-frame-src", true), ("IMG-SRC", true), ("", false), ("a b", false), ("a;b", false)])
    func `a directive is a word`(_ name: String, _ isDirective: Bool) {
        #expect((PolicyDirective(name) != nil) == isDirective)
    }

    @Test func `a policy can be changed`() {
        var policy: ContentSecurityPolicy = [.defaultSrc: [.selfOrigin], .imgSrc: ["data:"]]
        policy[.imgSrc] = nil
        policy[.frameAncestors] = ["https://partner.example"]
        policy[.defaultSrc] = [.none]
        #expect(policy.text() == "default-src 'none'; frame-ancestors https://partner.example")
        #expect(policy[.imgSrc] == nil)
        #expect(policy == [.defaultSrc: [.none], .frameAncestors: ["https://partner.example"]])
    }
}

@Suite struct ContentSecurityTests {
    private static let header = HeaderName.contentSecurityPolicy
    private static let reportOnly = HeaderName(literal: "Content-Security-Policy-Report-Only")
    private static let basic: ContentSecurityPolicy = [.defaultSrc: [.selfOrigin]]
    private static let withNonce: ContentSecurityPolicy = [.defaultSrc: [.selfOrigin, .nonce]]
    private static let images: ContentSecurityPolicy = [.defaultSrc: [.selfOrigin], .imgSrc: [.selfOrigin, "data:"]]

    private static let nonceView: Handler = { request in
        Response(try request.cspNonce + " " + request.cspNonce)
    }

    private static func site(_ layer: ContentSecurity) throws -> Handler {
        let table = try RouteTable(
            URLs {
                path("base/", echo)
                path("nonce/", { request in try await nonceView(request) })
                path("exempt/", echo).contentSecurity(nil).contentSecurityReportOnly(nil)
                path("exempt-enforced/", echo).contentSecurity(nil)
                path("exempt-report-only/", echo).contentSecurityReportOnly(nil)
                path("override-enforced/", echo).contentSecurity(images)
                path("override-report-only/", echo).contentSecurityReportOnly(images)
                path("override-both/", echo).contentSecurity(images).contentSecurityReportOnly(images)
                path("override-nonce/", { request in try await nonceView(request) }).contentSecurity([
                    .scriptSrc: [.nonce]
                ])
                path("own/", { _ in try ownHeader() })
                path("unchanged/", { _ in Response(status: .notModified) })
                path("failing/", { request in throw HTTPError(.notFound, try request.cspNonce) })
            })
        return Dispatcher(table, middleware: [layer]).handler
    }

    private static func ownHeader() throws -> Response {
        var response = Response("")
        try response.headers.set(header, "default-src 'none'")
        return response
    }

    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String { path }
        let path: String
        let enforced: String?
        let reportOnly: String?
    }

    private static let own = "default-src 'self'"
    private static let changed = "default-src 'self'; img-src 'self' data:"

    // Django 6, tests/middleware/test_csp.py, CSPMiddlewareWithDecoratedViewsTest
    static let examples = [
        Example(path: "/base/", enforced: own, reportOnly: own),
        Example(path: "/exempt/", enforced: nil, reportOnly: nil),
        Example(path: "/exempt-enforced/", enforced: nil, reportOnly: own),
        Example(path: "/exempt-report-only/", enforced: own, reportOnly: nil),
        Example(path: "/override-enforced/", enforced: changed, reportOnly: own),
        Example(path: "/override-report-only/", enforced: own, reportOnly: changed),
        Example(path: "/override-both/", enforced: changed, reportOnly: changed),
        Example(path: "/own/", enforced: "default-src 'none'", reportOnly: own),
        // The page that the client has kept goes with the header, and the nonce, that it was sent with.
        Example(path: "/unchanged/", enforced: nil, reportOnly: nil),
        Example(path: "/nowhere/", enforced: own, reportOnly: own),
    ]

    @Test(arguments: examples)
    func `a route may have a policy of its own`(_ example: Example) async throws {
        let handler = try Self.site(ContentSecurity(Self.basic, reportOnly: Self.basic))
        let headers = try await handler(.make(.get, example.path)).headers
        #expect(headers.values(Self.header) == (example.enforced.map { [$0] } ?? []))
        #expect(headers.values(Self.reportOnly) == (example.reportOnly.map { [$0] } ?? []))
    }

    // CSPMiddlewareTest: test_csp_defaults_off, test_csp_basic, test_csp_report_only_basic
    @Test func `only the policies that there are are sent`() async throws {
        let none = try await Self.site(ContentSecurity())(.make(.get, "/base/")).headers
        #expect(!none.contains(Self.header) && !none.contains(Self.reportOnly))
        let empty = try await Self.site(ContentSecurity([:]))(.make(.get, "/base/")).headers
        #expect(!empty.contains(Self.header))
        let enforced = try await Self.site(ContentSecurity(Self.basic))(.make(.get, "/base/")).headers
        #expect(enforced[Self.header] == Self.own && !enforced.contains(Self.reportOnly))
        let reported = try await Self.site(ContentSecurity(reportOnly: Self.basic))(.make(.get, "/base/")).headers
        #expect(reported[Self.reportOnly] == Self.own && !reported.contains(Self.header))
    }

    // test_csp_basic_with_nonce, LazyNonceTests
    @Test func `the header has the page's nonce`() async throws {
        let handler = try Self.site(ContentSecurity(Self.withNonce, reportOnly: Self.withNonce))
        let first = try await handler(.make(.get, "/nonce/"))
        let words = first.text.split(separator: " ")
        #expect(words.count == 2 && words[0] == words[1] && words[0].count == 22)
        #expect(first.headers[Self.header] == "default-src 'self' 'nonce-\(words[0])'")
        #expect(first.headers[Self.reportOnly] == first.headers[Self.header])
        let second = try await handler(.make(.get, "/nonce/"))
        #expect(second.text != first.text)
        let ofRoute = try await handler(.make(.get, "/override-nonce/"))
        #expect(ofRoute.headers[Self.header] == "script-src 'nonce-\(ofRoute.text.prefix(22))'")
        let failing = try await handler(.make(.get, "/failing/"))
        #expect(failing.status == .notFound)
        #expect(failing.headers[Self.header]?.hasPrefix("default-src 'self' 'nonce-") == true)
    }

    // test_csp_basic_with_nonce_but_unused
    @Test func `a page that asks for no nonce has none in its header`() async throws {
        let handler = try Self.site(ContentSecurity(Self.withNonce))
        #expect(try await handler(.make(.get, "/base/")).headers[Self.header] == Self.own)
    }

    @Test func `a nonce that no header would have is an error`() async throws {
        let error = try await #require(throws: MissingPolicyNonce.self) {
            try await ContentSecurity(Self.basic).respond(to: .make(), next: Self.nonceView)
        }
        #expect(error.description.contains("put ContentSecurity into the middleware, with .nonce in its policy"))
        let bare = try Request.make()
        #expect(throws: MissingPolicyNonce.self) { try bare.cspNonce }
    }

    @Test func `a stream cannot ask for a nonce after the header`() async throws {
        let response = try await ContentSecurity(Self.withNonce).respond(to: .make()) { request in
            .stream(contentType: .html) { writer in try await writer.write(request.cspNonce) }
        }
        let error = try await #require(throws: MissingPolicyNonce.self) { try await response.body.collect() }
        #expect(error.description.contains("before the view returns"))
    }
}
