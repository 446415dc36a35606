public import MartletORM

/// How a PostgreSQL database is reached and used.
///
/// What is `nil` here, and not in the URL, comes from libpq's own sources: the environment (`PGHOST`, `PGPORT`, …), the
/// password file, and its defaults.
public struct PostgreSQLConfiguration: Sendable {
    /// Whether and how the connection is encrypted: libpq's `sslmode`.
    ///
    /// Source: [libpq, SSL Support](https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION).
    public struct TLSMode: Sendable, Hashable {
        let name: String

        /// Never.
        public static let disable = TLSMode(name: "disable")
        /// Only if the server insists.
        public static let allow = TLSMode(name: "allow")
        /// If the server can; whoever sits in between can prevent it.
        public static let prefer = TLSMode(name: "prefer")
        /// Always, with whatever certificate the server shows.
        public static let require = TLSMode(name: "require")
        /// Always, with a certificate that ``PostgreSQLConfiguration/rootCertificate`` has signed.
        public static let verifyCA = TLSMode(name: "verify-ca")
        /// Always, with such a certificate made out to the host.
        public static let verifyFull = TLSMode(name: "verify-full")
    }

    /// How statements are given to the server.
    public struct StatementMode: Sendable, Hashable {
        let isNamed: Bool

        /// Each statement is prepared once for a connection and kept under a name.
        public static let named = StatementMode(isNamed: true)
        /// Every statement is sent whole: for proxies that give each transaction another server connection, such as
        /// PgBouncer with `pool_mode = transaction`. Costs the server the planning of each.
        public static let unnamed = StatementMode(isNamed: false)
    }

    /// A connection URI (`postgresql://user@host:5432/database?sslmode=require`), or libpq's `keyword=value` form.
    public var url: String
    /// The host, or the folder of a Unix socket; in place of the one in the URL.
    public var host: String?
    /// The port; in place of the one in the URL.
    public var port: Int?
    /// The database's name; in place of the one in the URL.
    public var database: String?
    /// The user; in place of the one in the URL.
    public var user: String?
    /// The password; in place of the one in the URL.
    public var password: String?
    /// Whether the connection is encrypted; in place of what the URL says.
    public var tls: TLSMode?
    /// The file with the certificates that may sign the server's.
    public var rootCertificate: String?
    /// Whether the password's proof must be bound to the TLS connection, so that nobody in between can use it: libpq's
    /// `channel_binding=require`. Needs TLS and a password of the kind `scram-sha-256`.
    public var requiresChannelBinding = false
    /// What `pg_stat_activity` shows: the server keeps 63 bytes of it, and shows other characters than ASCII's printable
    /// ones as it likes.
    public var applicationName = "martlet"
    /// How long opening a connection may take.
    public var connectTimeout = Duration.seconds(10)
    /// How long what was sent may stay without an answer of the network before a connection counts as lost; `nil` for what
    /// the system says, which may be a quarter of an hour. Over TCP only.
    public var networkTimeout: Duration? = .seconds(30)
    /// How long a statement may take before the server ends it; `nil` for what the server says.
    public var statementTimeout: Duration?
    /// The most connections of this process.
    public var limit = 16
    /// How long a query waits for a connection of this process.
    public var poolTimeout = Duration.seconds(30)
    /// How long a connection may lie idle before it is closed; `nil` for no end.
    public var idleTimeout: Duration? = .seconds(600)
    /// How long a connection is used before another takes its place; `nil` for no end.
    public var lifetime: Duration? = .seconds(3_600)
    /// How long a connection may lie idle before the server is asked, with one exchange, whether it still answers;
    /// `nil` for never. Networks between the two forget connections without telling either.
    public var checkAfter: Duration? = .seconds(60)
    /// How long a lease may last before ``onLongLease`` is told; `nil` for as long as it likes.
    public var longLease: Duration?
    /// Told once of each lease that lasts longer than ``longLease``.
    public var onLongLease: (@Sendable (LongLease) -> Void)?
    /// How many prepared statements each connection keeps.
    public var cachedStatements = 256
    /// How many statements of different tasks may be under way on one connection at once, outside transactions; with 1 each
    /// has a connection for itself. Only statements share that are prepared and known to be short.
    public var statementsTogether = 32
    /// How long the statements usually take, all together, that share a connection; another one behind them waits for as
    /// long.
    public var shortStatement = Duration.milliseconds(5)
    /// How statements are given to the server.
    public var statementMode = StatementMode.named

    /// Makes a configuration with the usual settings.
    public init(url: String = "") {
        self.url = url
    }

    /// What stands in messages about the pool; a URL may hold a password, so it is not that.
    var name: String {
        database.map { "PostgreSQL database \($0)" } ?? "PostgreSQL"
    }

    /// How connections are lent.
    var pool: PoolSettings {
        var settings = PoolSettings(name: name, limit: limit, timeout: poolTimeout)
        settings.idleTimeout = idleTimeout
        settings.lifetime = lifetime
        settings.checkAfter = checkAfter
        settings.longLease = longLease
        settings.onLongLease = onLongLease
        return settings
    }

    /// The keywords for libpq; a later one overrides an earlier one.
    var keywords: [(String, String)] {
        var keywords: [(String, String)] = []
        // Expanded by libpq where it stands, so it comes first. The database's name may come a second time.
        if !url.isEmpty { keywords.append(("dbname", url)) }
        func add(_ name: String, _ value: String?) {
            if let value { keywords.append((name, value)) }
        }
        add("dbname", database)
        add("host", host)
        add("port", port.map(String.init))
        add("user", user)
        add("password", password)
        add("sslmode", tls?.name)
        add("sslrootcert", rootCertificate)
        add("channel_binding", requiresChannelBinding ? "require" : nil)
        add("fallback_application_name", keptApplicationName)
        add("client_encoding", "UTF8")
        if let networkTimeout {
            let seconds = max(1, networkTimeout.components.seconds)
            add("tcp_user_timeout", "\(min(seconds, 2_000_000) * 1_000)")
            add("keepalives_idle", "\(seconds)")
            add("keepalives_interval", "\(max(1, seconds / 3))")
            add("keepalives_count", "3")
        }
        add("connect_timeout", "\(max(2, connectTimeout.components.seconds))")
        return keywords
    }

    /// What the server keeps of the name. All of a very long one would not fit into its first message, and it refuses that
    /// without a word.
    private var keptApplicationName: String {
        var (kept, size) = (String.UnicodeScalarView(), 0)
        for scalar in applicationName.unicodeScalars {
            size += UTF8.width(scalar)
            guard size <= 63 else { break }
            kept.append(scalar)
        }
        return String(kept)
    }

    /// Refuses what libpq would cut off in silence: behind a null character it reads nothing.
    ///
    /// - Throws: ``DatabaseError`` of kind `connection`, without the value, which may be a password.
    func checkKeywords() throws(DatabaseError) {
        guard let keyword = keywords.first(where: { $0.1.utf8.contains(0) })?.0 else { return }
        let name = keyword == "fallback_application_name" ? "application_name" : keyword
        throw DatabaseError(
            .connection,
            "The \(name) of the connection to PostgreSQL has a null character (U+0000), where libpq stops reading. "
                + "Remove it.")
    }

    /// Sets up each new connection: the text forms of moments, lengths of time and bytes, where the binary ones are not
    /// used, depend on it. A role or a database may have other settings.
    var setUp: String {
        var sql = "SET TIME ZONE 'UTC'; SET DateStyle TO 'ISO, YMD'; SET IntervalStyle TO 'postgres'; "
        sql += "SET bytea_output TO 'hex'"
        if let statementTimeout {
            let (seconds, attoseconds) = statementTimeout.components
            let milliseconds = max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
            sql += "; SET statement_timeout TO \(Int32(clamping: milliseconds))"
        }
        return sql
    }
}
