import CSQLite
import Dispatch
public import MartletORM

/// A SQLite database file: one connection that writes, several that read.
///
/// In WAL mode readers and the writer do not wait for each other. Writers wait in turn for the one connection,
/// which costs nothing while they wait, instead of finding the file locked.
///
/// ```swift
/// let database = Database(SQLiteBackend(path: "blog.sqlite3"), models: registry)
/// ```
public final class SQLiteBackend: DatabaseBackend {
    /// How SQLite writes SQL.
    public let dialect: any SQLDialect = SQLiteDialect()

    private let writers: ConnectionPool<SQLiteConnection>
    private let readers: ConnectionPool<SQLiteConnection>

    /// Makes a backend; the file is opened at the first query.
    public init(_ configuration: SQLiteConfiguration) {
        // One after the other: two connections that turn a new file to WAL at once find each other's lock, and
        // SQLite does not wait for that one.
        let opening = DispatchQueue(label: "martlet.sqlite.open")
        writers = ConnectionPool(configuration.pool(limit: 1)) {
            try await SQLiteConnection.open(configuration, access: .write, on: opening)
        }
        readers = ConnectionPool(configuration.pool(limit: configuration.readers)) {
            try await SQLiteConnection.open(configuration, access: .read, on: opening)
        }
    }

    /// Makes a backend for a file, with the usual settings.
    public convenience init(path: String) {
        self.init(SQLiteConfiguration(path: path))
    }

    /// What the pools have done, and how they are now: of the one connection that writes, and of those that read.
    public var statistics: (writing: PoolStatistics, reading: PoolStatistics) {
        (writers.statistics, readers.statistics)
    }

    /// Takes a connection, waiting for one in turn.
    public func lease(_ access: DatabaseAccess) async throws -> any DatabaseConnection {
        try await pool(access).lease()
    }

    /// Gives a connection back.
    public func release(_ connection: any DatabaseConnection, _ access: DatabaseAccess) {
        guard let connection = connection as? SQLiteConnection else { return }
        pool(access).release(connection)
    }

    /// Closes the connections that nobody uses; the others close when they come back.
    public func close() async {
        _ = readers.close()
        _ = writers.close()
    }

    private func pool(_ access: DatabaseAccess) -> ConnectionPool<SQLiteConnection> {
        access == .read ? readers : writers
    }
}

/// How a SQLite file is opened.
public struct SQLiteConfiguration: Sendable {
    /// The file's path; it is made when it does not exist.
    public var path: String
    /// How many connections read at once.
    public var readers = 4
    /// How long a statement waits for another process that holds the file's lock.
    public var busyTimeout = Duration.seconds(5)
    /// How long a query waits for a connection of this process.
    public var poolTimeout = Duration.seconds(30)
    /// How long a lease may last before ``onLongLease`` is told; `nil` for as long as it likes.
    public var longLease: Duration?
    /// Told once of each lease that lasts longer than ``longLease``.
    public var onLongLease: (@Sendable (LongLease) -> Void)?
    /// How many prepared statements each connection keeps.
    public var cachedStatements = 128

    /// Makes a configuration with the usual settings.
    public init(path: String) {
        self.path = path
    }

    func pool(limit: Int) -> PoolSettings {
        var settings = PoolSettings(name: path, limit: limit, timeout: poolTimeout)
        settings.longLease = longLease
        settings.onLongLease = onLongLease
        return settings
    }

    func pragmas(for access: DatabaseAccess) -> [String] {
        var pragmas = ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON"]
        // A statement that was thought to read and does not fails at once instead of fighting the writer.
        if access == .read { pragmas.append("PRAGMA query_only = ON") }
        return pragmas
    }
}
