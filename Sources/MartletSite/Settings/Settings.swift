public import MartletHTTP
public import MartletLogging
public import MartletMiddleware
public import MartletServer
public import MartletSessions

/// The settings of a site, read from the environment by the names of `.env.example`.
public struct Settings: Sendable {
    /// `DEBUG`: shows errors in full and relaxes what development needs relaxed. Never in production.
    public var debug: Bool
    /// `DEBUG_PAGE`: whether errors show the debug page in debug mode, instead of the site's own templates.
    public var debugPage: Bool
    /// The settings whose names begin with `DEBUG_TOOLBAR`.
    public var toolbar: ToolbarSettings
    /// `SECRET_KEY`: signs what clients carry.
    public var secretKey: Secret<String>
    /// `SECRET_KEY_FALLBACKS`: earlier keys, with commas, whose signatures are still believed.
    public var secretKeyFallbacks: [Secret<String>]
    /// `SIGNED_COOKIE_LEGACY_SALT_FALLBACK`: whether cookies are believed that Django signed before 5.2.15.
    public var acceptsLegacyCookies: Bool
    /// `ALLOWED_HOSTS`: the names the site answers to; `.example.org` includes all below it.
    public var allowedHosts: [String]
    /// `DATABASE_URL`: where the data is.
    public var database: DatabaseURL
    /// The other settings whose names begin with `DATABASE_`: how the database is used, and its replicas.
    public var databaseUse: DatabaseSettings
    /// `KVDB_LOCATION`: Memcached's `host:port`, several with commas, or `file:/folder`, `database:table`, `memory:`,
    /// `dummy:`; without it the cache is in memory.
    public var cacheLocation: String?
    /// `KVDB_PREFIX`: begins every cache key, so that sites can share one Memcached.
    public var cachePrefix: String
    /// The other settings whose names begin with `KVDB_`: how the cache is used.
    public var cacheUse: CacheSettings
    /// What is logged, in which form, and where it goes: the settings whose names begin with `LOG_`.
    public var logging: LoggingSettings
    /// The settings whose names begin with `CSRF_`.
    public var csrf: CSRFProtection
    /// The settings whose names begin with `SESSION_`.
    public var sessions: SessionSettings
    /// `TRUSTED_PROXIES`: networks whose forwarded headers are believed; `unix` for whoever connects to a Unix socket.
    public var trustedProxies: [AddressRange]
    /// `FORWARDED_HEADERS`: the headers in which those proxies tell for whom they ask.
    public var forwardedHeaders: ForwardedSettings.Source
    /// `USE_FORWARDED_HOST`: whether the host that they tell replaces `Host`.
    public var usesForwardedHost: Bool
    /// `APPEND_SLASH`: whether a path that only lacks its final slash is redirected.
    public var appendSlash: Bool
    /// `SECURE_…` and `X_FRAME_OPTIONS`: headers that make browsers strict, and the redirect to HTTPS.
    public var securityHeaders: SecurityHeaders
    /// `PREPEND_WWW` and `DISALLOWED_USER_AGENTS`; `nil` without either.
    public var commonRules: CommonRules?
    /// `MAINTENANCE_…`; `nil` when it is off, and no file could switch it on.
    public var maintenance: MaintenanceMode?
    /// `REQUEST_TIMEOUT`: how long a request may take; `nil` for as long as it likes.
    public var requestTimeout: Duration?
    /// `LANGUAGES` and `LANGUAGE_CODE`: what the site speaks, and what it speaks unless asked for another.
    public var languages: SiteLanguages
    /// `LANGUAGE_COOKIE_NAME`: the cookie in which a user's choice of a language is kept.
    public var languageCookieName: String
    /// `STATIC_URL`: the prefix of static files' addresses; begins and ends with a slash.
    public var staticURL: String
    /// Who hears of errors, and how mails leave the site.
    public var reports: ReportSettings
    /// `INTERNAL_NETWORKS`: who may ask for health and metrics.
    public var internalNetworks: [AddressRange]
    /// `HEALTH_TIMEOUT`: how long the database or the cache may take to answer `/ready/`.
    public var healthTimeout: Duration
    /// The settings whose names begin with `OTEL_`: where spans go, and which.
    public var tracing: TracingSettings
    /// `HOST`, `PORT`, `WORKERS`, and the limits and timeouts of the server, whose names begin with `SERVER_`.
    public var server: ServerSettings

    /// The groups that the project's own function has added.
    var groups = SettingsGroups()

    /// All that was asked for, for the debug toolbar; empty outside of debug mode.
    var declared = DeclaredSettings(all: [])

    /// Stands in for a key where a process needs none.
    let standInKey = makeStandInKey()

    /// Reads the settings of a process that needs no others; ``Site/settings(_:role:)`` reads those of a project too.
    ///
    /// - Parameter role: What the process is for: which variables must be there.
    /// - Throws: ``SettingsError`` with every variable that is missing or does not fit.
    public init(_ environment: Environment, role: Role = .web) throws(SettingsError) {
        var reader = SettingsReader(environment, role: role)
        self.init(&reader)
        try reader.finish()
    }

    /// Reads the settings that every site has; a project's own function begins with this.
    ///
    /// What is missing or does not fit is told to the reader.
    public init(_ reader: inout SettingsReader) {
        reader.section("The site")
        debug = reader.bool(
            "DEBUG", default: false,
            about:
                "true shows the reason of an error in the browser and serves static files; never on a public machine.")
        debugPage = reader.bool(
            "DEBUG_PAGE", default: true, for: .web, about: "false shows the site's own error pages while DEBUG is true."
        )
        toolbar = ToolbarSettings(&reader)
        // A key that everybody knows is good enough where nobody but the developer comes.
        secretKey = reader.secret(
            "SECRET_KEY", fallback: debug ? Self.developmentKey : nil, for: [.web, .worker],
            about: "Signs cookies, sessions and tokens; at least 50 random characters, for example from "
                + "`openssl rand -base64 48`.")
        secretKeyFallbacks = reader.secrets(
            "SECRET_KEY_FALLBACKS", for: [.web, .worker],
            about:
                "Earlier values of SECRET_KEY, with commas: what they have signed is still believed. Take them out when "
                + "it has run out.")
        acceptsLegacyCookies = reader.bool(
            "SIGNED_COOKIE_LEGACY_SALT_FALLBACK", default: false, for: .web,
            about: "true believes cookies that Django signed before 5.2.15, as long as browsers have such.")
        allowedHosts = reader.list(
            "ALLOWED_HOSTS", default: debug ? [".localhost", "127.0.0.1", "[::1]"] : [], for: .web,
            example: "example.org,.example.org",
            about: "Host names that the site answers to, with commas; .example.org includes its subdomains.")
        if allowedHosts.isEmpty {
            reader.require("ALLOWED_HOSTS", "the names the site answers to, separated by commas")
        }
        (database, databaseUse) = reader.databases(isDebugging: debug)
        reader.section("The cache")
        cacheLocation = reader.optionalText(
            "KVDB_LOCATION", example: "memcached:11211",
            about: "host:port of Memcached, several with commas, or file:/folder, database:table, memory:, dummy:; "
                + "without it the cache is in each process's own memory.")
        cachePrefix = reader.text(
            "KVDB_PREFIX", default: "", about: "Begins every cache key, so that sites can share one Memcached.")
        cacheUse = CacheSettings(&reader)
        logging = LoggingSettings(&reader)
        csrf = CSRFProtection(&reader)
        sessions = SessionSettings(&reader)
        reader.section("Proxies and addresses", for: .web)
        trustedProxies = reader.list(
            "TRUSTED_PROXIES", expected: "addresses or networks such as 10.0.0.0/8, or unix",
            about:
                "Networks whose forwarded headers are believed, with commas; unix for a proxy that connects through a "
                + "Unix socket."
        ) { AddressRange($0) }
        forwardedHeaders = reader.choice(
            "FORWARDED_HEADERS", default: .xForwarded, ["x-forwarded": .xForwarded, "forwarded": .forwarded],
            about:
                "The headers in which those proxies tell for whom they ask: x-forwarded (X-Forwarded-For and its like) "
                + "or forwarded (RFC 7239). The others count for nothing.")
        usesForwardedHost = reader.bool(
            "USE_FORWARDED_HOST", default: false, about: "Whether the host that those proxies tell replaces Host.")
        appendSlash = reader.bool(
            "APPEND_SLASH", default: true, about: "Whether a path that only lacks its final slash is redirected.")
        staticURL = reader.text(
            "STATIC_URL", default: "/static/",
            about: "Where pages look for their style sheets and images; ends with a slash.")
        if !staticURL.hasPrefix("/") && !staticURL.contains("://") || !staticURL.hasSuffix("/") {
            reader.report("STATIC_URL", expected: "a path or URL that ends with a slash, such as /static/")
        }
        commonRules = CommonRules(&reader, appendsSlash: appendSlash)
        reader.read(
            "REQUEST_TIMEOUT", expected: "a duration above zero with one of the units ms, s, m, h, such as 10s",
            into: &requestTimeout,
            about: "How long a request may take before it is given up with 503, such as 10s; without it, as long as it "
                + "likes."
        ) { Quantity.duration($0).flatMap { $0 > .zero ? .some(.some($0)) : nil } }
        languages = SiteLanguages(&reader)
        languageCookieName = reader.text(
            "LANGUAGE_COOKIE_NAME", default: "django_language",
            about: "The cookie that keeps a user's choice of language.")
        securityHeaders = SecurityHeaders(&reader)
        maintenance = MaintenanceMode(&reader)
        reports = ReportSettings(&reader)
        (internalNetworks, healthTimeout) = Self.watching(&reader)
        tracing = TracingSettings(&reader)
        server = ServerSettings(&reader)
    }

    /// What stands in for `SECRET_KEY` in debug mode.
    static let developmentKey = "insecure-key-for-development-only"
}

extension Settings {
    /// Which proxies are believed, and in what.
    public var forwarding: ForwardedSettings {
        ForwardedSettings(
            proxies: trustedProxies, usesForwardedHost: usesForwardedHost, source: forwardedHeaders)
    }

    /// `CSRF_TRUSTED_ORIGINS`: origins besides the site's own that may send forms.
    public var trustedOrigins: [TrustedOrigin] { csrf.trustedOrigins }

    /// Whether errors show the debug page: never outside of debug mode.
    var showsDebugPage: Bool { debug && debugPage }
}
