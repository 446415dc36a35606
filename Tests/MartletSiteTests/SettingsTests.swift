import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletServer
import MartletSessions
import MartletSite
import Testing

@Suite struct SettingsTests {
    private let complete = ["SECRET_KEY": "k", "ALLOWED_HOSTS": "example.org"]

    private func settings(_ variables: [String: String]) throws -> Settings {
        try Settings(Environment(complete.merging(variables) { $1 }))
    }

    @Test func `a production site needs a secret and hosts, and is told of both at once`() {
        let error = #expect(throws: SettingsError.self) { try Settings(Environment([:])) }
        #expect(error?.problems.count == 2)
        #expect(error?.description.contains("SECRET_KEY is not set.") == true)
        #expect(error?.description.contains("ALLOWED_HOSTS is not set.") == true)
    }

    @Test func `debug mode needs nothing`() throws {
        let settings = try Settings(Environment(["DEBUG": "yes"]))
        #expect(settings.debug)
        #expect(settings.allowedHosts == [".localhost", "127.0.0.1", "[::1]"])
        #expect(settings.database.path == "db.sqlite3")
        #expect(settings.server.port == 8000)
        #expect(settings.server.host == "127.0.0.1")
        #expect(settings.staticURL == "/static/")
        #expect(settings.appendSlash)
        #expect(settings.cacheLocation == nil)
    }

    @Test(arguments: [
        ("DEBUG", "maybe", "true or false"), ("PORT", "65536", "a whole number from 0 to 65535"),
        ("PORT", "-1", "a whole number from 0 to 65535"), ("PORT", "80a", "a whole number from 0 to 65535"),
        ("PORT", "99999999999999999999", "a whole number from 0 to 65535"),
        ("LOG_LEVEL", "loud", "one of debug, info, warning, error, critical"),
        ("FORWARDED_HEADERS", "both", "one of x-forwarded, forwarded"), ("APPEND_SLASH", "never", "true or false"),
        ("LOG_FORMAT", "xml", "one of console, json, logfmt"),
        ("STATIC_URL", "static", "a path or URL that ends with a slash"),
        ("DATABASE_URL", "mysql://x", "the URL of an SQLite file, such as sqlite:///data/blog.sqlite3, or of a"),
        ("DATABASE_URL", "sqlite:///", "the URL of an SQLite file, such as sqlite:///data/blog.sqlite3, or of a"),
        (
            "DATABASE_URL", "postgresql://db/%zz",
            "a URL of PostgreSQL, but the '%' at character 17 is not followed by two hexadecimal digits"
        ),
        ("DATABASE_URL", "sqlite:///a?b", "a URL of an SQLite file, but the '?' at character 12 must be written %3F"),
        ("DATABASE_URL", "sqlite:///a#b", "a URL of an SQLite file, but the '#' at character 12 must be written %23"),
        ("DATABASE_URL", "sqlite:///a b", "a URL of an SQLite file, but the space at character 12 must be written %20"),
        (
            "DATABASE_URL", "sqlite:///100%",
            "a URL of an SQLite file, but the '%' at character 14 is not followed by two hexadecimal digits"
        ),
        ("DATABASE_URL", "sqlite:///a%00", "a URL of an SQLite file, but %00 at character 12 stands for nothing"),
        ("DATABASE_URL", "sqlite:///a%FF", "a URL of an SQLite file, but what its '%' stand for is no text in UTF-8"),
        ("DATABASE_URL", "postgresql://db/b%2", "a URL of PostgreSQL, but the '%' at character 18 is not followed"),
        ("DATABASE_URL", "postgresql://db/a%00b", "a URL of PostgreSQL, but %00 at character 18 stands for nothing"),
        ("DATABASE_URL", "postgresql://db/a#b", "a URL of PostgreSQL, but the '#' at character 18 must be written %23"),
        (
            "DATABASE_URL", "postgresql://db/a b",
            "a URL of PostgreSQL, but the space at character 18 must be written %20"
        ),
        ("DATABASE_URL", "postgresql://db/blog?ssl_mode=require", "a URL of PostgreSQL, but libpq does not take it"),
        ("DATABASE_POOL_SIZE", "0", "a whole number from 1 to 10000"),
        ("DATABASE_POOL_TIMEOUT", "0s", "a duration above zero"),
        ("DATABASE_STATEMENT_TIMEOUT", "soon", "a duration above zero"),
        ("DATABASE_PREPARE", "perhaps", "true or false"),
        (
            "SESSION_ENGINE", "django.contrib.sessions.backends.redis",
            "one of database, cache, cached_database, signed_cookies, file"
        ),
        ("SESSION_COOKIE_NAME", "a b", "letters, digits, '-' and '_'"),
        ("SESSION_COOKIE_AGE", "-1", "a number of seconds, or one with a unit such as 336h"),
        ("SESSION_COOKIE_AGE", "two weeks", "a number of seconds, or one with a unit such as 336h"),
        ("SESSION_COOKIE_PATH", "shop", "a path that begins with '/'"),
        ("SESSION_COOKIE_DOMAIN", "a;b", "a domain such as .example.org"),
        ("SESSION_COOKIE_SAMESITE", "sometimes", "one of lax, strict, none, false"),
        ("SESSION_COOKIE_SAMESITE", "None", "Lax or Strict unless SESSION_COOKIE_SECURE is true"),
        ("SESSION_SAVE_EVERY_REQUEST", "often", "true or false"),
        (
            "CSRF_COOKIE_AGE", "for ever",
            "a number of seconds, or one with a unit such as 336h, or browser to end with it"
        ),
        ("CSRF_HEADER_NAME", "X CSRF", "a header's name, such as X-CSRFToken or Django's HTTP_X_CSRFTOKEN"),
    ])
    func `a value that does not fit is named with what would`(_ name: String, _ value: String, _ expected: String) {
        let error = #expect(throws: SettingsError.self) { try settings([name: value]) }
        #expect(error?.problems.count == 1)
        #expect(
            error?.problems.first?.hasPrefix("\(name) (environment) is \"\(value)\"; it must be \(expected)") == true)
    }

    @Test func `proxies are believed in one family of headers, and the environment says in which`() throws {
        #expect(try settings([:]).forwarding == ForwardedSettings())
        let settings = try settings([
            "TRUSTED_PROXIES": "10.0.0.0/8,unix", "FORWARDED_HEADERS": "Forwarded", "USE_FORWARDED_HOST": "true",
        ])
        let proxies = ["10.0.0.0/8", "unix"].compactMap(AddressRange.init)
        #expect(settings.forwarding == ForwardedSettings(proxies: proxies, usesForwardedHost: true, source: .forwarded))
    }

    @Test(arguments: [
        ("x-forwarded", "6.6.6.6", false), ("forwarded", "1.2.3.4", true),
    ])
    func `the headers of the other family count for nothing`(
        _ source: String, _ client: String, _ isSecure: Bool
    ) async throws {
        let settings = try settings(["TRUSTED_PROXIES": "10.0.0.1", "FORWARDED_HEADERS": source])
        let request = Request(
            method: .get, target: "/", path: "/", queryString: "",
            headers: try Headers(["Forwarded": "for=1.2.3.4;proto=https", "X-Forwarded-For": "6.6.6.6"]),
            body: RequestBody(), peerAddress: "10.0.0.1", isEncrypted: false)
        let layer = try #require(Site.standardMiddleware(settings).first)
        let response = try await layer.respond(to: request) { request in
            Response("\(request.clientAddress) \(request.isSecure)")
        }
        #expect(response.body.bytes.map { String(decoding: $0, as: UTF8.self) } == "\(client) \(isSecure)")
    }

    @Test func `a password in an address is never shown`() {
        for (name, value) in [
            ("DATABASE_URL", "postgres://ann:hunter2%@db/blog"), ("DATABASE_URL", "postgres://ann:hunter2@x@db/blog"),
            ("DATABASE_URL", "postgres://ann:a/hunter2@db/blog"), ("DATABASE_URL", "postgres://ann:a?hunter2@db/blog"),
            ("DATABASE_URL", "postgres://ann:hunter2#@db/blog"), ("DATABASE_URL", "mysql://ann:hunter2@db/blog"),
            ("CSRF_TRUSTED_ORIGINS", "https//ann:hunter2@example.org"),
        ] {
            let error = #expect(throws: SettingsError.self) { try settings([name: value]) }
            #expect(error?.problems.count == 1)
            #expect(error?.description.contains(name) == true)
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test func `a secret prints as nothing that it is`() throws {
        let settings = try settings(["SECRET_KEY": "hunter2", "DATABASE_URL": "postgresql://ann:hunter2@db/blog"])
        #expect(!"\(settings)".contains("hunter2"))
        #expect(!String(reflecting: settings).contains("hunter2"))
    }

    @Test func `sessions and forms are as Django has them unless told`() throws {
        let usual = try settings([:])
        #expect(usual.sessions.engine == .database)
        #expect(usual.sessions.lifetime.age == .seconds(1_209_600))
        #expect(!usual.sessions.lifetime.endsWithBrowser)
        #expect(!usual.sessions.savesEveryRequest)
        #expect(usual.sessions.cookie == Cookie("sessionid", "", isHTTPOnly: true, sameSite: .lax))
        #expect(usual.csrf.cookie == Cookie("csrftoken", "", maxAge: .seconds(31_449_600), sameSite: .lax))
        #expect(!usual.csrf.usesSessions)
        let told = try settings([
            "SESSION_ENGINE": "django.contrib.sessions.backends.cached_db", "SESSION_COOKIE_AGE": "336h",
            "SESSION_EXPIRE_AT_BROWSER_CLOSE": "true", "SESSION_SAVE_EVERY_REQUEST": "1",
            "SESSION_COOKIE_SAMESITE": "false", "SESSION_FILE_PATH": "/var/lib/sessions",
            "CSRF_COOKIE_AGE": "browser", "CSRF_HEADER_NAME": "HTTP_X_MY_TOKEN", "CSRF_USE_SESSIONS": "on",
            "CSRF_TRUSTED_ORIGINS": "https://a.org,https://*.b.org",
        ])
        #expect(told.sessions.engine == .cachedDatabase)
        #expect(told.sessions.lifetime.age == .seconds(1_209_600))
        #expect(told.sessions.lifetime.endsWithBrowser)
        #expect(told.sessions.savesEveryRequest)
        #expect(told.sessions.cookie.sameSite == nil)
        #expect(told.sessions.folder == "/var/lib/sessions")
        #expect(told.csrf.cookie.maxAge == nil)
        #expect("\(told.csrf.headerName)".lowercased() == "x-my-token")
        #expect(told.csrf.usesSessions)
        #expect(told.csrf.trustedOrigins.map(\.description) == ["https://a.org", "https://*.b.org"])
    }

    @Test func `a PostgreSQL database is named by its URL, and how it is used by further variables`() throws {
        let url = "postgresql://ann:p%40ss%2Fw%23rd@db.example.org:5433/blog?sslmode=verify-full&application_name=blog"
        let settings = try settings([
            "DATABASE_URL": url, "DATABASE_POOL_SIZE": "5", "DATABASE_POOL_TIMEOUT": "2s",
            "DATABASE_STATEMENT_TIMEOUT": "500ms", "DATABASE_PREPARE": "false", "DATABASE_LONG_LEASE": "1m",
        ])
        #expect(settings.database.path == nil)
        #expect(settings.database.postgreSQL?.revealed == url)
        #expect(settings.databaseUse.poolSize == 5)
        #expect(settings.databaseUse.poolTimeout == .seconds(2))
        #expect(settings.databaseUse.statementTimeout == .milliseconds(500))
        #expect(!settings.databaseUse.preparesStatements)
        #expect(settings.databaseUse.longLease == .seconds(60))
        #expect(try self.settings([:]).databaseUse.longLease == nil)
        #expect(try self.settings(["DEBUG": "true"]).databaseUse.longLease == .seconds(10))
    }

    @Test func `lists are parted at commas`() throws {
        let settings = try settings([
            "ALLOWED_HOSTS": " a.org , .b.org,,", "DATABASE_URL": "sqlite:////var/lib/blog.sqlite3",
            "LOG_FORMAT": "JSON",
        ])
        #expect(settings.allowedHosts == ["a.org", ".b.org"])
        #expect(settings.database.path == "/var/lib/blog.sqlite3")
        #expect(settings.logging.format == .json)
    }
}
