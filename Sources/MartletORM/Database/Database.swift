import Synchronization

/// A database: its driver, its models, and who hears its statements.
///
/// The database that queries go to is bound to the task:
///
/// ```swift
/// try await database.use {
///     let posts = try await Post.objects.all()
/// }
/// ```
public final class Database: Sendable {
    /// The driver.
    public let backend: any DatabaseBackend

    /// The models whose tables are in this database; a delete asks here who refers to the deleted rows.
    public let models: ModelRegistry

    /// The SQL of the queries that were asked before.
    let compiledQueries = CompiledQueries()

    private let observers: [@Sendable (StatementEvent) -> Void]

    /// What queries of the current task go to.
    struct Ambient: Sendable {
        let database: Database
        var transaction: Transaction?
        /// How deep in nested transactions the task is.
        var level = 0
    }

    @TaskLocal static var ambient: Ambient?

    /// Makes a database.
    ///
    /// - Parameters:
    ///   - backend: The driver.
    ///   - models: The models of all apps.
    ///   - observers: Called after each statement, on the task that ran it.
    public init(
        _ backend: any DatabaseBackend, models: ModelRegistry = ModelRegistry([]),
        observers: [@Sendable (StatementEvent) -> Void] = []
    ) {
        self.backend = backend
        self.models = models
        self.observers = observers
    }

    /// How this database writes SQL.
    public var dialect: any SQLDialect { backend.dialect }

    /// The database of the current task.
    ///
    /// - Throws: ``ORMError/noDatabase`` outside ``use(isolation:_:)``.
    public static var current: Database {
        get throws(ORMError) {
            guard let ambient else { throw .noDatabase }
            return ambient.database
        }
    }

    /// Runs an operation that does not suspend with this database bound; tasks that it starts inherit it.
    public func use<Result>(_ operation: () throws -> Result) rethrows -> Result {
        try Database.$ambient.withValue(nextAmbient, operation: operation)
    }

    /// Runs an operation with this database as the one its queries go to.
    ///
    /// A transaction that the task has open on this database stays open inside: a test's transaction then holds
    /// what a whole request does.
    public func use<Result>(
        isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
    ) async rethrows -> Result {
        try await Database.$ambient.withValue(nextAmbient, operation: operation, isolation: isolation)
    }

    private var nextAmbient: Ambient {
        let transaction = openTransaction
        let level = transaction == nil ? 0 : Database.ambient?.level ?? 0
        return Ambient(database: self, transaction: transaction, level: level)
    }

    /// Runs a statement and decodes its rows, in the task's transaction if there is one.
    ///
    /// - Parameter access: Whether the statement only reads.
    public func rows<Value: Sendable>(
        _ statement: Statement, access: DatabaseAccess = .read,
        decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] {
        try await withConnection(access) { connection in
            try await self.observed(statement, count: { $0.count }) {
                try await connection.rows(statement, decode: decode)
            }
        }
    }

    /// Runs a statement that returns no rows, in the task's transaction if there is one.
    @discardableResult
    public func execute(_ statement: Statement) async throws -> ExecutionResult {
        try await withConnection(.write) { connection in
            try await self.observed(statement, count: { $0.changedRows }) { try await connection.execute(statement) }
        }
    }

    /// Runs a statement on a connection that the caller has leased.
    @discardableResult
    func execute(
        isolation: isolated (any Actor)? = #isolation, _ statement: Statement, on connection: any DatabaseConnection
    ) async throws -> ExecutionResult {
        try await observed(statement, count: { $0.changedRows }) { try await connection.execute(statement) }
    }

    /// The transaction the current task has open on this database.
    var openTransaction: Transaction? {
        guard let ambient = Database.ambient, ambient.database === self, let transaction = ambient.transaction else {
            return nil
        }
        // A task that was started in a transaction and has outlived it goes on without.
        return transaction.isOpen ? transaction : nil
    }

    func withConnection<Result>(
        isolation: isolated (any Actor)? = #isolation, _ access: DatabaseAccess,
        _ body: (any DatabaseConnection) async throws -> Result
    ) async throws -> Result {
        // Between the look and the entry the transaction of an outlived task may have ended.
        if let transaction = openTransaction, transaction.enter() {
            defer { transaction.leave() }
            return try await body(transaction.connection)
        }
        let connection = try await backend.lease(access)
        defer { backend.release(connection, access) }
        return try await body(connection)
    }

    func observed<Value>(
        isolation: isolated (any Actor)? = #isolation, _ statement: Statement, count: (Value) -> Int,
        _ run: () async throws -> Value
    ) async throws -> Value {
        let log = StatementLog.current
        guard log != nil || !observers.isEmpty else { return try await run() }
        let start = ContinuousClock.now
        func tell(_ rows: Int, _ error: (any Error)?) {
            let event = StatementEvent(
                sql: statement.sql, parameters: statement.parameters, duration: start.duration(to: .now), rows: rows,
                error: error)
            log?.record(event)
            for observer in observers { observer(event) }
        }
        do {
            let value = try await run()
            tell(count(value), nil)
            return value
        } catch {
            tell(0, error)
            throw error
        }
    }
}
