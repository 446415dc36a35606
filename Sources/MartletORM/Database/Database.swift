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

    private let observers: [@Sendable (StatementEvent) -> Void]

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
    ///   - notices: Called with what there is to tell besides statements, on the task that it happened to.
    public init(
        _ backend: any DatabaseBackend, models: ModelRegistry = ModelRegistry([]),
        observers: [@Sendable (StatementEvent) -> Void] = [], idleTransactions: Duration? = nil,
        time: TimeSource = .system, notices: @escaping @Sendable (DatabaseNotice) -> Void = { _ in }
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
    public func rows<Value: Sendable>(
        _ statement: Statement, access: DatabaseAccess = .read,
        decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] {
        try await withConnection(access, statement) { connection in
            try await self.observed(statement, count: { $0.count }) {
                try await connection.rows(statement, decode: decode)
            }
        }
    }

    /// Runs a statement that returns no rows, in the task's transaction if there is one.
    @discardableResult
    public func execute(_ statement: Statement) async throws -> ExecutionResult {
        try await withConnection(.write, statement) { connection in
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

    private func withConnection<Result>(
        isolation: isolated (any Actor)? = #isolation, _ access: DatabaseAccess, _ statement: Statement,
        _ body: (any DatabaseConnection) async throws -> Result
    ) async throws -> Result {
        if access == .write, let routing = Database.ambient?.routing { routing.hasWritten(self) }
        // Between the look and the entry the transaction of an outlived task may have ended.
        if let transaction = openTransaction, try transaction.enter(statement) {
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
