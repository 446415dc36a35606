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

    /// Runs statements that return no rows, sent together where the database can do that.
    ///
    /// - Parameter stopsAtError: Whether those behind one that has failed are not run, as in a transaction.
    /// - Returns: What became of each.
    /// - Throws: ``DatabaseError`` when the connection was lost, or the statements were ended.
    func execute(
        _ statements: [Statement], stopsAtError: Bool
    ) async throws -> [Result<ExecutionResult, DatabaseError>]

    /// Inserts rows by a way of the database's own that is made for many.
    ///
    /// - Returns: `false` when there is none, or it would not pay; then nothing has been done.
    /// - Throws: ``DatabaseError``; then no row was inserted.
    func insertMany(_ rows: [[SQLValue]], into table: String, columns: [String]) async throws -> Bool

    /// Begins to read the rows of a query, which are fetched when they are asked for.
    ///
    /// Other statements may use the connection between two fetches. The caller closes the cursor.
    ///
    /// - Throws: ``DatabaseError``.
    func cursor<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> any RowCursor<Value>

    /// Whether the connection can go back to its pool; `false` after it was lost.
    var isUsable: Bool { get }

    /// Whether the database has given up the transaction that is open, so that a commit would roll it back.
    var hasFailedTransaction: Bool { get }

    /// Whether the system still knows the connection, which a pool asks before it lends one that has been idle. Returns at
    /// once.
    var isConnected: Bool { get }

    /// Whether the database still answers, which a pool asks of a connection that has been idle for long.
    func answers() async -> Bool
}

extension DatabaseConnection {
    /// A statement that fails does not end the transaction.
    public var hasFailedTransaction: Bool { false }

    /// There is no such way.
    public func insertMany(_ rows: [[SQLValue]], into table: String, columns: [String]) async throws -> Bool { false }

    /// Runs the statements one after the other.
    public func execute(
        _ statements: [Statement], stopsAtError: Bool
    ) async throws -> [Result<ExecutionResult, DatabaseError>] {
        var results: [Result<ExecutionResult, DatabaseError>] = []
        var hasFailed = false
        for statement in statements {
            if hasFailed && stopsAtError {
                results.append(.failure(.notRun(statement)))
                continue
            }
            do {
                results.append(.success(try await execute(statement)))
            } catch let error as DatabaseError
                where error.kind != .connection && error.kind != .cancelled && error.kind != .timeout
            {
                results.append(.failure(error))
                hasFailed = true
            }
        }
        return results
    }

    /// A connection without a network is there.
    public var isConnected: Bool { true }

    /// A connection without a network answers.
    public func answers() async -> Bool { true }
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

    /// Takes a connection for one statement outside a transaction; others may use it at the same time where the database
    /// can do that.
    ///
    /// - Throws: As ``lease(_:)``.
    nonisolated(nonsending) func lease(
        for statement: Statement, _ access: DatabaseAccess
    ) async throws -> any DatabaseConnection

    /// Gives a connection back.
    func release(_ connection: any DatabaseConnection, _ access: DatabaseAccess)

    /// The pools that connections are lent from, with what they have done.
    var pools: [PoolReport] { get }

    /// Lends no further connection and closes those that nobody uses; the others close when they come back.
    func close() async
}

extension DatabaseBackend {
    /// Takes a connection that nobody else uses.
    public nonisolated(nonsending) func lease(
        for statement: Statement, _ access: DatabaseAccess
    ) async throws -> any DatabaseConnection {
        try await lease(access)
    }
}
