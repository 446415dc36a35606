public import MartletHTTP
public import MartletLogging
public import MartletMiddleware
public import MartletServer
public import MartletSessions

/// The settings every site has, read from the environment by the names of `.env.example`.
public struct Settings: Sendable {
    /// `DEBUG`: shows errors in full and relaxes what development needs relaxed. Never in production.
    public var debug: Bool
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
    /// `KVDB_LOCATION`: Memcached's `host:port`; without it the cache is in memory.
    public var cacheLocation: String?
    /// `KVDB_PREFIX`: begins every cache key, so that sites can share one Memcached.
    public var cachePrefix: String
    /// `LOG_FORMAT`: how log lines are written.
    public var logFormat: LogFormat
    /// `LOG_LEVEL`: what is logged.
    public var logLevel: LogLevel
    /// The settings whose names begin with `CSRF_`.
    public var csrf: CSRFProtection
    /// The settings whose names begin with `SESSION_`.
    public var sessions: SessionSettings
    /// `TRUSTED_PROXIES`: networks whose forwarded headers are believed; `unix` for whoever connects to a Unix socket.
    public var trustedProxies: [AddressRange]
    /// `STATIC_URL`: the prefix of static files' addresses; begins and ends with a slash.
    public var staticURL: String
    /// `HOST`, `PORT`, `WORKERS`, and the limits and timeouts of the server, whose names begin with `SERVER_`.
    public var server: ServerSettings

    /// How log lines are written.
    public enum LogFormat: Sendable, Hashable {
        /// For people.
        case console
        /// For machines.
        case json
    }

    /// Reads the settings.
    ///
    /// - Throws: ``SettingsError`` with every variable that is missing or does not fit.
    public init(_ environment: Environment) throws(SettingsError) {
        var reader = SettingsReader(environment)
        debug = reader.bool("DEBUG", default: false)
        // A key that everybody knows is good enough where nobody but the developer comes.
        secretKey = reader.secret("SECRET_KEY", fallback: debug ? "insecure-key-for-development-only" : nil)
        secretKeyFallbacks = reader.list("SECRET_KEY_FALLBACKS", default: []).map { Secret($0) }
        acceptsLegacyCookies = reader.bool("SIGNED_COOKIE_LEGACY_SALT_FALLBACK", default: false)
        allowedHosts = reader.list("ALLOWED_HOSTS", default: debug ? [".localhost", "127.0.0.1", "[::1]"] : [])
        if allowedHosts.isEmpty {
            reader.require(
                "ALLOWED_HOSTS", "the names the site answers to, separated by commas: example.org,.example.org")
        }
        database = reader.databaseURL("DATABASE_URL", default: "sqlite:///db.sqlite3")
        cacheLocation = reader.optionalText("KVDB_LOCATION")
        cachePrefix = reader.text("KVDB_PREFIX", default: "")
        logFormat = reader.choice("LOG_FORMAT", default: .console, ["console": .console, "json": .json])
        logLevel = reader.choice(
            "LOG_LEVEL", default: .info,
            ["debug": .debug, "info": .info, "warning": .warning, "error": .error, "critical": .critical])
        csrf = CSRFProtection(&reader)
        sessions = SessionSettings(&reader)
        trustedProxies = reader.list("TRUSTED_PROXIES", expected: "addresses or networks such as 10.0.0.0/8, or unix") {
            AddressRange($0)
        }
        staticURL = reader.text("STATIC_URL", default: "/static/")
        if !staticURL.hasPrefix("/") && !staticURL.contains("://") || !staticURL.hasSuffix("/") {
            reader.report("STATIC_URL", expected: "a path or URL that ends with a slash, such as /static/")
        }
        server = ServerSettings(&reader)
        try reader.finish()
    }
}

extension Settings {
    /// `CSRF_TRUSTED_ORIGINS`: origins besides the site's own that may send forms.
    public var trustedOrigins: [TrustedOrigin] { csrf.trustedOrigins }

    /// Where log lines go: standard error, in the format of `LOG_FORMAT`.
    package var logSink: any LogSink {
        logFormat == .json ? StreamSink(descriptor: 2, renderer: JSONLinesRenderer()) : StreamSink.standardError()
    }
}
