import FoundationEssentials
import MartletCommands
import MartletHTTP
import MartletMiddleware
import MartletORM
import MartletRouting
import MartletSessions
import MartletSite
import Testing

/// `manage check --deploy`: each of Django's findings once there and once not.
@Suite struct DeploymentCheckTests {
    /// A site as it should be; each row changes one thing.
    private static let production = [
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR", "ALLOWED_HOSTS": "example.org",
        "SESSION_COOKIE_SECURE": "true", "CSRF_COOKIE_SECURE": "true", "SECURE_SSL_REDIRECT": "true",
        "SECURE_HSTS_SECONDS": "31536000", "SECURE_HSTS_INCLUDE_SUBDOMAINS": "true", "SECURE_HSTS_PRELOAD": "true",
    ]

    private static func site(_ apps: [App] = [sessionsApp]) -> Site {
        Site(
            apps: apps, urls: healthURLs, templates: [], staticFiles: [],
            folder: FileManager.default.temporaryDirectory.appendingPathComponent("martlet-none").path)
    }

    private static func check(
        _ variables: [String: String], _ options: [String] = ["--deploy", "--tag", "security,settings"],
        of site: Site = site()
    ) async throws -> CommandResult {
        let all = production.merging(variables) { $1 }
        return await CommandSite.manage(["check"] + options, of: site, in: Environment(all))
    }

    @Test func `a site as it should be has no findings`() async throws {
        let result = try await Self.check([:])
        #expect(result.output == "No problems found.")
        #expect(result.status == 0)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let id: String
        let variables: [String: String]
        var ids: [String] = []
        var testDescription: String { id }
    }

    // docs/ref/checks.txt of Django 5.2, "Security"; ids that are not here are in Docs/checks.md with the reason.
    static let cases = [
        Case(id: "security.W004", variables: ["SECURE_HSTS_SECONDS": "0"]),
        Case(id: "security.W005", variables: ["SECURE_HSTS_INCLUDE_SUBDOMAINS": "false"]),
        Case(id: "security.W006", variables: ["SECURE_CONTENT_TYPE_NOSNIFF": "false"]),
        Case(id: "security.W008", variables: ["SECURE_SSL_REDIRECT": "false"]),
        Case(id: "security.W009", variables: ["SECRET_KEY": "short"]),
        Case(id: "security.W009", variables: ["SECRET_KEY": String(repeating: "ab", count: 40)]),
        Case(
            id: "security.W009", variables: ["SECRET_KEY": "django-insecure-" + String(production["SECRET_KEY"] ?? "")]),
        Case(id: "security.W012", variables: ["SESSION_COOKIE_SECURE": "false"]),
        Case(id: "security.W015", variables: ["SESSION_COOKIE_HTTPONLY": "false"]),
        Case(id: "security.W016", variables: ["CSRF_COOKIE_SECURE": "false"]),
        Case(id: "security.W018", variables: ["DEBUG": "true"]),
        Case(id: "security.W019", variables: ["X_FRAME_OPTIONS": "SAMEORIGIN"]),
        Case(id: "security.W002", variables: ["X_FRAME_OPTIONS": "off"]),
        Case(id: "security.W021", variables: ["SECURE_HSTS_PRELOAD": "false"]),
        Case(id: "security.W022", variables: ["SECURE_REFERRER_POLICY": "off"]),
        Case(id: "security.W025", variables: ["SECRET_KEY_FALLBACKS": "old"]),
        Case(id: "security.W101", variables: ["ALLOWED_HOSTS": "*"]),
        Case(id: "settings.W001", variables: ["KVDB_PREFIX": "a\r"]),
    ]

    @Test(arguments: cases)
    func `what is missing is found, and nothing else`(_ example: Case) async throws {
        let result = try await Self.check(example.variables)
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 2, "\(result.output)")
        #expect(lines.first?.hasPrefix("warning \(example.id): ") == true)
        // Not without --deploy: a machine for development is no public site.
        if example.id.hasPrefix("security") {
            #expect(try await Self.check(example.variables, []).output == "No problems found.")
        }
    }

    // security.E023, E024, W020: the settings refuse such values at once.
    @Test(arguments: [
        ("SECURE_REFERRER_POLICY", "sometimes"), ("SECURE_CROSS_ORIGIN_OPENER_POLICY", "perhaps"),
        ("ALLOWED_HOSTS", ""),
    ])
    func `settings that no server would start with are errors`(_ name: String, _ value: String) async throws {
        let result = try await Self.check([name: value])
        #expect(result.status == 1)
        #expect(result.output.hasPrefix("error settings.E001: \(name) "))
        #expect(try await Self.check([name: value], []).status == 0)
    }

    @Test func `debug mode is an error where the environment is production's`() async throws {
        let found = try await Self.check(["DEBUG": "true", "ENVIRONMENT": "production"], [])
        #expect(found.status == 1)
        #expect(found.output.hasPrefix("error settings.E002: DEBUG is true, and ENVIRONMENT is production."))
        #expect(try await Self.check(["DEBUG": "true", "ENVIRONMENT": "staging"], []).status == 0)
    }

    @Test func `layers that are not there are found`() async throws {
        var site = Self.site()
        site.middleware = { _ in [] }
        let ids = try await Self.check([:], of: site).output.split(separator: "\n").compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("security.") }.map(String.init)
        }
        #expect(ids == ["security.W001:", "security.W002:", "security.W003:"])
    }

    @Test func `which of table and layer is there tells the id of sessions`() async throws {
        let open = [
            "SESSION_COOKIE_SECURE": "false", "SESSION_COOKIE_HTTPONLY": "false", "SESSION_ENGINE": "signed_cookies",
        ]
        let layerOnly = try await Self.check(open, of: Self.site([])).output
        #expect(layerOnly.contains("security.W011") && layerOnly.contains("security.W014"))
        var site = Self.site()
        site.middleware = { settings in try Site.standardMiddleware(settings).filter { !($0 is Sessions) } }
        let tableOnly = try await Self.check(open, ["--deploy", "--tag", "security"], of: site).output
        #expect(tableOnly.contains("security.W010") && tableOnly.contains("security.W013"))
        site.apps = []
        #expect(
            try await !Self.check(open, ["--deploy", "--tag", "security"], of: site).output.contains("security.W01"))
    }

    @Test func `a finding is silenced for a reason, and counted`() async throws {
        let site = Self.site().silencing("security.W008", because: "nginx redirects")
        let result = try await Self.check(["SECURE_SSL_REDIRECT": "false"], of: site)
        #expect(result.output == "No problems found (1 silenced).")
    }

    @Test(arguments: [("warning", Int32(1)), ("WARNING", 1), ("info", 1), ("error", 0), ("critical", 0)])
    func `the status is 1 from a level on`(_ level: String, _ status: Int32) async throws {
        let result = try await Self.check(
            ["SECURE_SSL_REDIRECT": "false"], ["--deploy", "--fail-level", level, "--tag", "security"])
        #expect(result.status == status)
    }

    @Test func `levels, tags and apps that do not exist are told`() async throws {
        for options in [["--fail-level", "loud"], ["--tag", "sekurity"], ["sesions"]] {
            #expect(try await Self.check([:], options).status == 2)
        }
        #expect(try await Self.check([:], ["sesions"]).errors.contains("Did you mean 'sessions'?"))
        #expect(try await Self.check([:], ["sessions"]).status == 0)
        let tags = try await Self.check([:], ["--list-tags"]).output.split(separator: "\n")
        #expect(
            tags == [
                "conventions", "middleware", "migrations", "models", "security", "sessions", "settings", "templates",
                "urls",
            ])
    }

    @Test func `an app brings checks of its own, and one that fails is told`() async throws {
        struct Broken: Error, CustomStringConvertible { let description = "no network" }
        let app = App(
            "shop",
            checks: [
                Check("shop") { _ in
                    [.warning("shop.W001", "There is no currency.", hint: "Run loadcurrencies.", place: "shop")]
                },
                Check("shop", isForDeployment: true) { _ in throw Broken() },
            ])
        let plain = try await Self.check([:], ["--tag", "shop"], of: Self.site([app]))
        #expect(plain.output == "shop: warning shop.W001: There is no currency. Run loadcurrencies.\n1 problem found.")
        let deploy = try await Self.check([:], ["--tag", "shop", "--deploy"], of: Self.site([app]))
        #expect(deploy.status == 1)
        #expect(deploy.output.hasPrefix("error checks.E001: A check of 'shop' could not look: no network"))
    }
}
