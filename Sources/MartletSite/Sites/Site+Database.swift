import MartletLogging
import MartletORM
import MartletPostgreSQL
import MartletSQLite

extension Site {
    /// The driver for the database that the settings name.
    func backend(_ settings: Settings) -> any DatabaseBackend { backend(settings.database, settings.databaseUse) }

    /// The copies of the database that the settings name, and who says what is read from them; `nil` where there is
    /// nothing to choose from.
    func databases(_ primary: Database, _ settings: Settings, _ make: (any DatabaseBackend) -> Database) -> Databases? {
        let replicas = settings.databaseUse.replicas
        guard !replicas.isEmpty || router != nil else { return nil }
        return Databases(
            primary: primary, replicas: replicas.map { make(backend($0, settings.databaseUse)) },
            router: router ?? RouterChain())
    }

    private func backend(_ url: DatabaseURL, _ use: DatabaseSettings) -> any DatabaseBackend {
        if let postgreSQL = url.postgreSQL {
            var configuration = PostgreSQLConfiguration(url: postgreSQL.revealed)
            if let size = use.poolSize { configuration.limit = size }
            configuration.poolTimeout = use.poolTimeout
            configuration.statementTimeout = use.statementTimeout
            configuration.statementMode = use.preparesStatements ? .named : .unnamed
            configuration.longLease = use.longLease
            configuration.onLongLease = Self.tell
            return PostgreSQLBackend(configuration)
        }
        var configuration = SQLiteConfiguration(path: path(url.path ?? ""))
        if let size = use.poolSize { configuration.readers = size }
        configuration.poolTimeout = use.poolTimeout
        configuration.longLease = use.longLease
        configuration.onLongLease = Self.tell
        return SQLiteBackend(configuration)
    }

    /// Logs a connection that is held for long: it may never come back.
    @Sendable private static func tell(_ lease: LongLease) {
        log.warning(
            "connection_held_long", holder: "\(lease.holder)", duration: lease.duration, pool: lease.pool)
    }
}

private let log = Logger("martlet.site")
