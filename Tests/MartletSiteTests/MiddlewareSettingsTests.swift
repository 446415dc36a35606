import MartletHTTP
import MartletMiddleware
import MartletRouting
import MartletSite
import Testing

@Suite struct MiddlewareSettingsTests {
    private static func headers(_ variables: [String: String], isEncrypted: Bool = true) async throws -> [String:
        String]
    {
        let settings = try Settings(Environment(["DEBUG": "true"].merging(variables) { $1 }))
        let request = Request(
            method: .get, target: "/a?b=c", path: "/a", queryString: "b=c", headers: try Headers(["Host": "localhost"]),
            body: RequestBody(), peerAddress: "127.0.0.1", isEncrypted: isEncrypted)
        let response = try await settings.securityHeaders.respond(to: request) { _ in Response() }
        return Dictionary(uniqueKeysWithValues: response.headers.map { ($0.name.rawName, $0.value) })
    }

    private static let standard = [
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY",
    ]

    @Test(arguments: [
        ([:], standard),
        (["SECURE_HSTS_SECONDS": "3600"], standard.merging(["Strict-Transport-Security": "max-age=3600"]) { $1 }),
        (
            [
                "SECURE_HSTS_SECONDS": "600", "SECURE_HSTS_INCLUDE_SUBDOMAINS": "true", "SECURE_HSTS_PRELOAD": "true",
            ],
            standard.merging(["Strict-Transport-Security": "max-age=600; includeSubDomains; preload"]) { $1 }
        ),
        (
            [
                "SECURE_CONTENT_TYPE_NOSNIFF": "false", "SECURE_REFERRER_POLICY": "off",
                "SECURE_CROSS_ORIGIN_OPENER_POLICY": "OFF", "X_FRAME_OPTIONS": "off",
            ], [:]
        ),
        (
            [
                "SECURE_CONTENT_TYPE_NOSNIFF": "false", "SECURE_REFERRER_POLICY": "no-referrer, strict-origin",
                "SECURE_CROSS_ORIGIN_OPENER_POLICY": "unsafe-none", "X_FRAME_OPTIONS": "sameorigin",
            ],
            [
                "Referrer-Policy": "no-referrer,strict-origin", "Cross-Origin-Opener-Policy": "unsafe-none",
                "X-Frame-Options": "SAMEORIGIN",
            ]
        ),
    ])
    func `security headers come from Django's variables`(_ variables: [String: String], _ sent: [String: String])
        async throws
    {
        #expect(try await Self.headers(variables) == sent)
    }

    @Test(arguments: [
        (["SECURE_SSL_REDIRECT": "true"], "https://localhost/a?b=c"),
        (
            ["SECURE_SSL_REDIRECT": "true", "SECURE_SSL_HOST": "secure.example.org:8443"],
            "https://secure.example.org:8443/a?b=c"
        ),
        (["SECURE_SSL_REDIRECT": "true", "SECURE_REDIRECT_EXEMPT": "^x$, ^a$"], nil),
    ])
    func `the redirect to HTTPS comes from Django's variables`(_ variables: [String: String], _ location: String?)
        async throws
    {
        #expect(try await Self.headers(variables, isEncrypted: false)["Location"] == location)
    }

    @Test(arguments: [
        ("SECURE_HSTS_SECONDS", "-1"), ("SECURE_HSTS_SECONDS", "1h"), ("SECURE_SSL_HOST", "https://a"),
        ("SECURE_REFERRER_POLICY", "same_origin"), ("SECURE_CROSS_ORIGIN_OPENER_POLICY", "deny"),
        ("X_FRAME_OPTIONS", "ALLOW-FROM https://a"), ("SECURE_REDIRECT_EXEMPT", "("),
        ("DISALLOWED_USER_AGENTS", "["), ("MAINTENANCE_MODE", "maybe"), ("MAINTENANCE_RETRY_AFTER", "soon"),
        ("MAINTENANCE_EXEMPT_ADDRESSES", "home"), ("PREPEND_WWW", "2"), ("LANGUAGES", "en-us, x y"),
        ("LANGUAGES", "de, fr"), ("LANGUAGE_CODE", "../x"),
        ("LANGUAGE_CODE", "-"),
    ])
    func `a variable that does not fit is named`(_ name: String, _ value: String) {
        let error = #expect(throws: SettingsError.self) {
            try Settings(Environment(["DEBUG": "true", name: value]))
        }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.hasPrefix(name) == true)
    }

    private static func names(_ variables: [String: String]) throws -> [String] {
        let settings = try Settings(Environment(["DEBUG": "true"].merging(variables) { $1 }))
        return try Site.standardMiddleware(settings).map { "\(type(of: $0))" }
    }

    @Test func `a layer that has nothing to do is not there`() throws {
        let plain = try Self.names([:])
        let all = try Self.names(["PREPEND_WWW": "on", "MAINTENANCE_FILE": "/nowhere/on"])
        #expect(!plain.contains("CommonRules") && !plain.contains("MaintenanceMode"))
        #expect(all.contains("CommonRules") && all.contains("MaintenanceMode"))
        #expect(all.filter { plain.contains($0) } == plain)
    }

    @Test func `the languages come from Django's variables`() throws {
        func settings(_ variables: [String: String]) throws -> Settings {
            try Settings(Environment(["DEBUG": "true"].merging(variables) { $1 }))
        }
        let plain = try settings([:])
        #expect(plain.languages.codes == ["en-us"])
        #expect(try !Self.names([:]).contains("LanguageSelection"))
        let some = try settings(["LANGUAGES": "en, de", "LANGUAGE_CODE": "de-at", "LANGUAGE_COOKIE_NAME": "tongue"])
        #expect(some.languages.codes == ["en", "de"])
        #expect(some.languages.default == "de")
        #expect(some.languageCookieName == "tongue")
        #expect(try Self.names(["LANGUAGES": "en,de"]).contains("LanguageSelection"))
        let error = #expect(throws: SettingsError.self) { try settings(["LANGUAGES": "en,de", "LANGUAGE_CODE": "fr"]) }
        #expect(error?.problems.first?.contains("one of LANGUAGES") == true)
    }

    @Test func `the standard layers stand in an order that can be right`() throws {
        let settings = try Settings(
            Environment(["DEBUG": "true", "PREPEND_WWW": "on", "MAINTENANCE_FILE": "/nowhere/on"]))
        #expect(try MiddlewareOrder.problems(in: Site.standardMiddleware(settings)) == [])
    }

    @Test func `a site with a wrong order does not start`() throws {
        let site = Site(apps: [], urls: URLs {}, middleware: { _ in [CSRFProtection(), AllowedHosts(["a"])] })
        let settings = try Settings(Environment(["DEBUG": "true", "DATABASE_URL": "sqlite:///unused.sqlite3"]))
        let error = #expect(throws: MiddlewareOrderError.self) { try RunningSite(site, settings: settings) }
        #expect(error?.problems.map(\.id) == ["middleware.E001"])
        #expect(error?.description.contains("Move AllowedHosts above CSRFProtection") == true)
    }
}
