public import MartletTiming

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

    package let observers: [@Sendable (StatementEvent) -> Void]

    /// Where the time comes from.
    let time: TimeSource

    /// Hears what there is to tell besides statements.
    let tell: @Sendable (DatabaseNotice) -> Void

    /// Notices transactions that stay open for nothing; `nil` when nobody wants to know.
    let watch: TransactionWatch?

    @TaskLocal static var ambient: Ambient?

    /// Makes a database.
    ///
    /// - Parameters:
    ///   - backend: The driver.
    ///   - models: The models of all apps.
    ///   - observers: Called after each statement, on the task that ran it.
    ///   - idleTransactions: How long a transaction may be open with no statement of it running before that is told;
    ///     `nil` where nobody watches.
    ///   - time: Where the time comes from; the system's unless told.
    ///   - notices: Called with what there is to tell besides statements, on the task that it happened to; logged
    ///     unless told.
    public init(
        _ backend: any DatabaseBackend, models: ModelRegistry = ModelRegistry([]),
        observers: [@Sendable (StatementEvent) -> Void] = [], idleTransactions: Duration? = nil,
        time: TimeSource = .system, notices: @escaping @Sendable (DatabaseNotice) -> Void = Database.log
    ) {
        self.backend = backend
        self.models = models
        self.observers = observers
        self.time = time
        tell = notices
        watch = idleTransactions.map { TransactionWatch(time: time, limit: $0, tell: notices) }
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
    /// what a whole request does. Where several databases are bound, no router is asked inside.
    public func use<Result>(
        isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
    ) async rethrows -> Result {
        try await Database.$ambient.withValue(nextAmbient, operation: operation, isolation: isolation)
    }

    private var nextAmbient: Ambient {
        var next = Ambient(database: self, open: Database.ambient?.open ?? [])
        if let routing = Database.ambient?.routing, routing.databases.contains(self) {
            next.routing = routing
            next.routing?.isFixed = true
        }
        return next
    }

    /// Runs a statement and decodes its rows, in the task's transaction if there is one.
    ///
    /// - Parameter access: Whether the statement only reads.
    public nonisolated(nonsending) func rows<Value: Sendable>(
        _ statement: Statement, access: DatabaseAccess = .read,
        decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] {
        try await withConnection(access, statement, isShared: true) { connection in
            try await self.observed(statement, count: { $0.count }) {
                try await connection.rows(statement, decode: decode)
            }
        }
    }

    /// Runs a statement that returns no rows, in the task's transaction if there is one.
    @discardableResult
    public nonisolated(nonsending) func execute(_ statement: Statement) async throws -> ExecutionResult {
        try await withConnection(.write, statement, isShared: true) { connection in
            try await self.observed(statement, count: { $0.changedRows }) { try await connection.execute(statement) }
        }
    }

    /// Runs statements that return no rows and do not depend on each other's results, in the task's transaction if there
    /// is one.
    ///
    /// PostgreSQL gets them together, and a hundred of them take about as long as one. Outside a transaction the error of
    /// one does not concern the others; in a transaction those that follow it are not run.
    ///
    /// ```swift
    /// let results = try await database.pipeline(changes.map { Statement("UPDATE …", [.integer($0)]) })
    /// for result in results { print(try result.get().changedRows) }
    /// ```
    ///
    /// - Returns: What became of each, in their order.
    /// - Throws: ``DatabaseError`` when the connection was lost, or the statements were ended.
    public func pipeline(_ statements: [Statement]) async throws -> [Result<ExecutionResult, DatabaseError>] {
        guard let first = statements.first else { return [] }
        return try await withConnection(.write, first) { connection in
            try await self.observed(first, count: { $0.count }) {
                try await connection.execute(statements, stopsAtError: self.openTransaction != nil)
            }
        }
    }

    /// Inserts rows by a way of the database's own that is made for many.
    ///
    /// - Returns: `false` when there is none, or it would not pay.
    func insertMany(_ rows: [[SQLValue]], into table: String, columns: [String]) async throws -> Bool {
        let event = Statement("COPY \(dialect.quoted(table)) FROM STDIN")
        return try await withConnection(.write, event) { connection in
            let start = ContinuousClock.now
            do {
                let isDone = try await connection.insertMany(rows, into: table, columns: columns)
                if isDone { self.tell(event, since: start, rows: rows.count, nil) }
                return isDone
            } catch {
                self.tell(event, since: start, rows: 0, error)
                throw error
            }
        }
    }

    /// Runs a statement on a connection that the caller has leased.
    @discardableResult
    func execute(
        isolation: isolated (any Actor)? = #isolation, _ statement: Statement, on connection: any DatabaseConnection
    ) async throws -> ExecutionResult {
        try await observed(statement, count: { $0.changedRows }) { try await connection.execute(statement) }
    }

    /// Calls `body` with the connection of the task's transaction, or with one from the pool.
    ///
    /// - Parameter isShared: Whether other tasks may use the connection at the same time: `body` runs this one statement.
    package func withConnection<Result>(
        isolation: isolated (any Actor)? = #isolation, _ access: DatabaseAccess, _ statement: Statement,
        isShared: Bool = false, _ body: (any DatabaseConnection) async throws -> Result
    ) async throws -> Result {
        if access == .write, let routing = Database.ambient?.routing { routing.hasWritten(self) }
        // Between the look and the entry the transaction of an outlived task may have ended.
        if let transaction = openTransaction, try transaction.enter(statement) {
            defer { transaction.leave() }
            return try await body(transaction.connection)
        }
        let connection =
            isShared ? try await backend.lease(for: statement, access) : try await backend.lease(access)
        defer { backend.release(connection, access) }
        return try await body(connection)
    }

    package func observed<Value>(
        isolation: isolated (any Actor)? = #isolation, _ statement: Statement, count: (Value) -> Int,
        _ run: () async throws -> Value
    ) async throws -> Value {
        guard StatementLog.current != nil || !observers.isEmpty else { return try await explaining(run) }
        let start = ContinuousClock.now
        do {
            let value = try await explaining(run)
            tell(statement, since: start, rows: count(value), nil)
            return value
        } catch {
            tell(statement, since: start, rows: 0, error)
            throw error
        }
    }

    private func tell(
        _ statement: Statement, since start: ContinuousClock.Instant, rows: Int, _ error: (any Error)?
    ) {
        let event = StatementEvent(
            sql: statement.sql, parameters: statement.parameters, duration: start.duration(to: .now), rows: rows,
            error: error, database: self)
        StatementLog.current?.record(event)
        for observer in observers { observer(event) }
    }
}
