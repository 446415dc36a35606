import CPostgreSQL
import MartletIO
public import MartletORM
import Synchronization

/// A PostgreSQL database, 15 or newer, through libpq.
///
/// There is one pool of connections for the whole process. A statement runs on the worker that asks for it: the pool
/// prefers to lend a connection to the worker that used it last, and a connection that is lent to another moves there.
/// Outside a server, as in a command or a test, statements run on a worker of the backend's own.
///
/// ```swift
/// let database = Database(PostgreSQLBackend(url: "postgresql://blog@db.example.org/blog"), models: registry)
/// ```
public final class PostgreSQLBackend: DatabaseBackend {
    /// How PostgreSQL writes SQL.
    public let dialect: any SQLDialect = PostgreSQLDialect()

    private let pool: LeaseQueue
    /// The most connections at once.
    let limit: Int
    /// `nil` where each statement has a connection for itself.
    private let shared: SharedConnections?
    private let open: @Sendable () async throws -> PostgreSQLConnection

    /// Makes a backend; connections are opened when they are needed.
    public init(_ configuration: PostgreSQLConfiguration) {
        let home = OwnWorker()
        let catalog = ConstraintCatalog(configuration)
        let open: @Sendable () async throws -> PostgreSQLConnection = {
            try await PostgreSQLConnection.open(configuration, catalog, on: try Worker.current ?? home.worker())
        }
        self.open = open
        limit = configuration.limit
        let pool = LeaseQueue(configuration.pool) { try await open() }
        self.pool = pool
        let mayShare = configuration.statementMode.isNamed && configuration.statementsTogether > 1
        shared =
            mayShare
            ? SharedConnections(pool, most: configuration.statementsTogether, short: configuration.shortStatement) : nil
    }

    /// Makes a backend for a connection URI or a libpq connection string, with the usual settings.
    ///
    /// Source: [libpq, Connection Strings](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING).
    public convenience init(url: String) {
        self.init(PostgreSQLConfiguration(url: url))
    }

    /// How many connections are open, and how many tasks wait for one.
    public var gauges: (open: Int, idle: Int, waiting: Int) { pool.gauges }

    /// What the pool has done, and how it is now.
    public var statistics: PoolStatistics { pool.statistics }

    /// Takes a connection, waiting for one in turn. Reading and writing are the same to PostgreSQL.
    public func lease(_ access: DatabaseAccess) async throws -> any DatabaseConnection {
        try await pool.lease(near: Worker.current.map { ObjectIdentifier($0) })
    }

    /// Takes a connection for one statement, which other tasks of the worker may use at the same time.
    public nonisolated(nonsending) func lease(
        for statement: Statement, _ access: DatabaseAccess
    ) async throws -> any DatabaseConnection {
        guard let shared, let worker = Worker.current, worker.isCurrent else { return try await lease(access) }
        return try await shared.lease(for: statement, on: worker)
    }

    /// Gives a connection back.
    public func release(_ connection: any DatabaseConnection, _ access: DatabaseAccess) {
        guard let connection = connection as? PostgreSQLConnection else { return }
        guard !connection.lane.isOpen else { return connection.lane.leave() }
        pool.release(connection, home: ObjectIdentifier(connection.worker))
    }

    /// Opens a connection that does not count among those of the pool, and is closed when nobody holds it.
    func openBesidePool() async throws -> PostgreSQLConnection { try await open() }

    /// Closes the connections that nobody uses; the others close when they come back.
    public func close() async {
        _ = pool.close()
    }
}

/// The worker for connections that no server's worker asks for, made when the first is.
private final class OwnWorker: Sendable {
    private let made = Mutex<Worker?>(nil)

    func worker() throws -> Worker {
        try made.withLock { made in
            if let made { return made }
            let worker = try Worker(index: 0)
            made = worker
            return worker
        }
    }
}
