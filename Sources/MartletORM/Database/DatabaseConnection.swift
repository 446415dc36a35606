/// One connection to a database. Statements given to it run one after the other.
public protocol DatabaseConnection: AnyObject, Sendable {
    /// Runs a statement and decodes each row where the driver holds it.
    ///
    /// - Throws: ``DatabaseError``, or what `decode` throws.
    func rows<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value]

    /// Runs a statement that returns no rows.
    ///
    /// - Throws: ``DatabaseError``.
    func execute(_ statement: Statement) async throws -> ExecutionResult

    /// Whether the connection can go back to its pool; `false` after it was lost.
    var isUsable: Bool { get }

    /// Whether the database has given up the transaction that is open, so that a commit would roll it back.
    var hasFailedTransaction: Bool { get }
}

extension DatabaseConnection {
    /// A statement that fails does not end the transaction.
    public var hasFailedTransaction: Bool { false }
}

/// What a lease is for: a database with one writer and several readers keeps them apart.
public enum DatabaseAccess: Sendable, Hashable {
    /// Reading.
    case read
    /// Writing, or both.
    case write
}

/// A database driver: opens connections and lends them out.
public protocol DatabaseBackend: Sendable {
    /// How this database writes SQL.
    var dialect: any SQLDialect { get }

    /// Takes a connection, waiting for one in turn.
    ///
    /// - Throws: ``DatabaseError`` when none can be opened, ``PoolError`` when none came free in time,
    ///   `CancellationError` when the task was cancelled while it waited.
    func lease(_ access: DatabaseAccess) async throws -> any DatabaseConnection

    /// Gives a connection back.
    func release(_ connection: any DatabaseConnection, _ access: DatabaseAccess)

    /// Lends no further connection and closes those that nobody uses; the others close when they come back.
    func close() async
}
