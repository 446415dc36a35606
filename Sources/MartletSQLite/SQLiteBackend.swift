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
    public let dialect: any SQLDialect

    private let writers: ConnectionPool<SQLiteConnection>
    /// The same pool as ``writers`` for a database in memory, which is one connection's own.
    private let readers: ConnectionPool<SQLiteConnection>
    private let isReadOnly: Bool

    /// The most connections that read at once.
    let readerLimit: Int

    /// The database's file; `nil` for one in memory.
    let file: String?

    /// Makes a backend; the file is opened at the first query.
    public init(_ configuration: SQLiteConfiguration) {
        dialect = SQLiteDialect(checksStorage: configuration.checksStorage)
        isReadOnly = configuration.isReadOnly
        readerLimit = configuration.readers
        file = configuration.isInMemory ? nil : configuration.path
        // One after the other: two connections that turn a new file to WAL at once find each other's lock, and
        // SQLite does not wait for that one.
        let opening = DispatchQueue(label: "martlet.sqlite.open")
        writers = ConnectionPool(configuration.pool(limit: 1)) {
            try await SQLiteConnection.open(configuration, access: .write, on: opening)
        }
        guard !configuration.isInMemory else {
            readers = writers
            return
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
    ///
    /// Before that SQLite may count the rows of tables that have changed much, so that the next queries are planned well.
    ///
    /// Source: [SQLite, PRAGMA optimize](https://www.sqlite.org/pragma.html#pragma_optimize).
    public func close() async {
        _ = readers.close()
        for writer in writers.close() where !isReadOnly {
            // What cannot be counted now, as while another process writes, is counted another time.
            _ = try? await writer.execute(Statement("PRAGMA optimize"))
        }
    }

    private func pool(_ access: DatabaseAccess) -> ConnectionPool<SQLiteConnection> {
        access == .read ? readers : writers
    }
}
