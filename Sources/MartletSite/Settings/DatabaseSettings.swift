import MartletMigrations

/// How the site's database is used: the settings whose names begin with `DATABASE_`.
public struct DatabaseSettings: Sendable {
    /// `DATABASE_POOL_SIZE`: the most connections of this process to PostgreSQL; SQLite's readers.
    public var poolSize: Int?
    /// `DATABASE_POOL_TIMEOUT`: how long a query waits for a connection before its request is answered with 503.
    public var poolTimeout = Duration.seconds(30)
    /// `DATABASE_STATEMENT_TIMEOUT`: after which time PostgreSQL ends a statement; `nil` for what the server says.
    public var statementTimeout: Duration?
    /// `DATABASE_PREPARE`: whether statements are prepared; `false` for PgBouncer with `pool_mode = transaction`.
    public var preparesStatements = true
    /// `DATABASE_LONG_LEASE`: how long a connection may be held before that is logged; 10 seconds in debug mode, else not
    /// at all unless told.
    public var longLease: Duration?
    /// `DATABASE_REPLICA_URLS`: copies of the database that are only read from.
    public var replicas: [DatabaseURL] = []

    /// `DATABASE_MIGRATIONS_TABLE`: the table that the applied migrations are kept in; Django's unless told.
    public var migrationsTable = MigrationHistory.djangoTable

    /// Reads the settings.
    init(_ reader: inout SettingsReader, isDebugging: Bool) {
        let duration = "a duration above zero with one of the units ms, s, m, h, such as 10s"
        func positive(_ text: String) -> Duration? { Quantity.duration(text).flatMap { $0 > .zero ? $0 : nil } }
        replicas = reader.replicas()
        reader.read(
            "DATABASE_POOL_SIZE", expected: "a whole number from 1 to 10000", into: &poolSize, default: "16",
            about: "The most connections of one process."
        ) { text in
            Int(text).flatMap { (1...10_000).contains($0) ? .some(.some($0)) : nil }
        }
        reader.read(
            "DATABASE_POOL_TIMEOUT", expected: duration, into: &poolTimeout, default: "30s",
            about: "How long a query waits for a connection before its request gets 503.", positive)
        reader.read(
            "DATABASE_STATEMENT_TIMEOUT", expected: duration, into: &statementTimeout,
            about: "After which time PostgreSQL ends a statement; without it, what the server says."
        ) { text in
            positive(text).map { .some($0) }
        }
        preparesStatements = reader.bool(
            "DATABASE_PREPARE", default: true,
            about: "Whether statements are prepared: false behind a PgBouncer with pool_mode = transaction.")
        reader.read(
            "DATABASE_MIGRATIONS_TABLE", expected: "at most 63 letters, digits and underscores", into: &migrationsTable,
            default: MigrationHistory.djangoTable, about: "The table that the applied migrations are kept in."
        ) { MigrationHistory.isTable($0) ? $0 : nil }
        longLease = isDebugging ? .seconds(10) : nil
        reader.read(
            "DATABASE_LONG_LEASE", expected: duration, into: &longLease, default: isDebugging ? "10s" : nil,
            about: "How long a connection may be held before a warning is logged; 10s in debug mode."
        ) { text in
            positive(text).map { .some($0) }
        }
    }
}

extension SettingsReader {
    fileprivate mutating func replicas() -> [DatabaseURL] {
        declare(
            "DATABASE_REPLICA_URLS", default: nil, isSecret: true,
            about: "URLs of copies of the database that are only read from, with commas; a comma in one is %2C.")
        guard let entry = entry("DATABASE_REPLICA_URLS") else { return [] }
        let items = Self.items(of: entry.value)
        resolve(
            "DATABASE_REPLICA_URLS",
            as: "[" + items.map { representation(of: MaskedText.url($0)) }.joined(separator: ", ") + "]")
        return items.compactMap { databaseURL("DATABASE_REPLICA_URLS", $0, entry.origin) }
    }
}
