import MartletLogging
import MartletORM
import MartletPostgreSQL
import MartletSQLite

extension Site {
    /// The driver for the database that the settings name.
    func backend(_ settings: Settings) -> any DatabaseBackend {
        let (url, use) = (settings.database, settings.databaseUse)
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
