import CSQLite
import Dispatch
import MartletORM
import MartletTiming
import Synchronization

/// One SQLite connection and the queue on which it works.
///
/// SQLite blocks, so its calls are jobs of this connection's own queue, and run on a thread that may block. Only queries
/// that were short when they last ran are run by whoever asks: to hand them over would take longer than they do.
// @unchecked: `handle`, `statements`, `cursors`, `monitor` and `hasLostTransaction` are touched in jobs of `queue` only,
// of which one runs at a time, and in `init` and `deinit`, before the first job and after the last.
final class SQLiteConnection: DatabaseConnection, @unchecked Sendable {
    private let queue: JobQueue
    let handle: OpaquePointer
    private var statements: StatementCache
    private let monitor: StatementMonitor
    private var cursors = OpenCursors()
    private let isInTransaction = Atomic(false)
    /// SQLite has ended the transaction by itself, as it does when a statement that writes is interrupted.
    private var hasLostTransaction = false
    /// Whether the connection both reads and writes, and a transaction may ask it to only read.
    private let mustRefuseWrites: Bool

    /// Opens a database file.
    ///
    /// - Parameter opening: The queue on which it is opened.
    /// - Throws: ``DatabaseError`` of kind `connection`.
    static func open(
        _ configuration: SQLiteConfiguration, access: DatabaseAccess, on opening: DispatchQueue
    ) async throws -> SQLiteConnection {
        let queue = JobQueue(label: "martlet.sqlite.\(access)")
        return try await withCheckedThrowingContinuation { continuation in
            opening.async {
                continuation.resume(
                    with: Result { try SQLiteConnection(configuration, access: access, queue: queue) })
            }
        }
    }

    private init(_ configuration: SQLiteConfiguration, access: DatabaseAccess, queue: JobQueue) throws {
        self.queue = queue
        try Self.check(configuration.path)
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(configuration.path, &opened, configuration.flags, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            let advice =
                configuration.isReadOnly
                ? "The file must exist." : "Its folder must exist, and the process must be allowed to write there."
            throw DatabaseError(.connection, "\(configuration.path): \(message). \(advice)")
        }
        handle = opened
        mustRefuseWrites = configuration.isInMemory && !configuration.isReadOnly
        statements = StatementCache(limit: configuration.cachedStatements)
        sqlite3_extended_result_codes(handle, 1)
        try Self.refuseTextInDoubleQuotes(handle)
        monitor = StatementMonitor(patience: configuration.busyTimeout)
        monitor.watch(handle)
        try ScalarFunction.register(on: handle)
        try SQLiteAggregates.register(on: handle)
        guard SQLiteDecimals.register(on: handle) == SQLITE_OK else { throw SQLiteError.current(handle, sql: "") }
        try Self.checkLibrary(handle)
        for pragma in configuration.pragmas(for: access) {
            guard sqlite3_exec(handle, pragma, nil, nil, nil) == SQLITE_OK else {
                // `deinit` closes the handle.
                let error = SQLiteError.current(handle, sql: pragma)
                throw DatabaseError(error.kind, "\(configuration.path): \(error.message)", sql: pragma)
            }
        }
    }

    /// Refuses a library that lacks what statements are made of: `RETURNING` came with 3.35, and JSON can be left out.
    private static func checkLibrary(_ handle: OpaquePointer) throws(DatabaseError) {
        guard sqlite3_libversion_number() >= 3_035_000,
            sqlite3_exec(handle, "SELECT json_extract('[1]', '$[0]')", nil, nil, nil) == SQLITE_OK
        else {
            let version = String(cString: sqlite3_libversion())
            throw DatabaseError(
                .connection,
                "This process has SQLite \(version). Version 3.35 or newer is needed, with its JSON functions.")
        }
    }

    /// In SQLite a name in double quotes that no column has is a text, unless that is switched off: a query on a column
    /// that is missing would give its name for each row.
    ///
    /// Source: [SQLite, Double-quoted String Literals Are Accepted](https://www.sqlite.org/quirks.html#dblquote).
    private static func refuseTextInDoubleQuotes(_ handle: OpaquePointer) throws(DatabaseError) {
        guard martlet_sqlite3_refuse_double_quoted_text(handle) == SQLITE_OK else {
            throw DatabaseError(
                .connection, "SQLite cannot be told to refuse text in double quotes; use 3.35 or newer.")
        }
    }

    private static func check(_ path: String) throws(DatabaseError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw DatabaseError(.connection, "'\(path)' is no file. Name one, or `:memory:`.")
        }
    }

    deinit {
        statements.finalizeAll()
        sqlite3_close_v2(handle)
    }

    /// A connection that a failed rollback has left in a transaction is closed, which ends it.
    var isUsable: Bool { !isInTransaction.load(ordering: .acquiring) }

    func rows<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] {
        if let values = try runNow(statement, decode) { return values }
        return try await onQueue(statement) { try self.run(statement, $0, decode).0 }
    }

    /// Runs a query that was short when it last ran, on the caller's thread.
    ///
    /// It meets no lock for longer than a look, since a reader of a file in WAL mode waits for nobody, and it is ended
    /// when it takes longer than it used to; then it runs anew where it may block.
    ///
    /// - Returns: `nil` when it must run on the queue.
    private func runNow<Value>(_ statement: Statement, _ decode: (any Row) throws -> Value) throws -> [Value]? {
        if Task.isCancelled || TimeLimit.current?.isOver == true { return nil }
        return try queue.runNow {
            guard !hasLostTransaction, let prepared = statements.find(statement.sql), prepared.isShort else {
                return nil
            }
            do {
                return try monitor.hurrying {
                    try self.using(prepared, statement) { try self.step($0, statement, nil, decode).0 }
                }
            } catch  where monitor.wasLong {
                prepared.isShort = false
                return nil
            }
        }
    }

    /// Of SQLite's machine: some hundreds of rows, or a quarter of a millisecond.
    private static let fewSteps: Int32 = 5_000
    /// What takes longer has waited for the disk.
    private static let shortTime = Duration.milliseconds(1)

    /// Some errors end the transaction.
    private func noteFailure(wasInTransaction: Bool) {
        hasLostTransaction = wasInTransaction && sqlite3_get_autocommit(handle) != 0
    }

    func execute(_ statement: Statement) async throws -> ExecutionResult {
        try await onQueue(statement) { try self.run(statement, $0) { _ in () }.1 }
    }

    /// Runs a statement on the queue, where it ends early when the task is cancelled or its time is over.
    func onQueue<Result: Sendable>(
        _ statement: Statement, _ job: @escaping @Sendable (Interruption) throws -> Result
    ) async throws -> Result {
        let (limit, interruption) = (TimeLimit.current, Interruption())
        try limit?.check(statement)
        if let limit, !limit.add(interruption) { interruption.interrupt() }
        defer { limit?.remove(interruption) }
        do {
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    queue.add { continuation.resume(with: Swift.Result { try self.watched(interruption, job) }) }
                }
            } onCancel: {
                interruption.interrupt()
            }
        } catch let error as Interrupted {
            if let limit, limit.isOver { throw limit.timeout(of: statement) }
            try Task.checkCancellation()
            throw error.cause
        }
    }

    /// A statement that was ended early.
    private struct Interrupted: Error {
        let cause: any Error
    }

    private func watched<Result>(
        _ interruption: Interruption, _ job: (Interruption) throws -> Result
    ) throws -> Result {
        monitor.interruption = interruption
        defer { monitor.interruption = nil }
        do {
            // Others may have been in front of it for long.
            if interruption.isInterrupted { throw CancellationError() }
            return try job(interruption)
        } catch  where interruption.isInterrupted {
            throw Interrupted(cause: error)
        }
    }

    /// Prepares or finds the statement, binds, steps, and resets it whatever happens.
    private func run<Value>(
        _ statement: Statement, _ interruption: Interruption, _ decode: (any Row) throws -> Value
    ) throws -> ([Value], ExecutionResult) {
        if hasLostTransaction { return ([], try answerWithoutTransaction(statement)) }
        return try withPrepared(statement) { prepared in try step(prepared, statement, interruption, decode) }
    }

    /// Prepares a statement, runs it, and keeps nothing of it.
    func runOnce<Value>(
        _ statement: Statement, _ interruption: Interruption, _ decode: (any Row) throws -> Value
    ) throws -> [Value] {
        let prepared = try compile(statement.sql, isKept: false)
        defer { sqlite3_finalize(prepared) }
        return try step(prepared, statement, interruption, decode).0
    }

    /// Prepares or finds a statement for a piece of work, and resets it whatever happens.
    func withPrepared<Result>(_ statement: Statement, _ work: (OpaquePointer) throws -> Result) throws -> Result {
        if hasLostTransaction { _ = try answerWithoutTransaction(statement) }
        return try using(prepare(statement.sql), statement, work)
    }

    /// Does a piece of work with a statement, and resets it whatever happens.
    private func using<Result>(
        _ prepared: PreparedStatement, _ statement: Statement, _ work: (OpaquePointer) throws -> Result
    ) throws -> Result {
        let wasInTransaction = isInTransaction.load(ordering: .relaxed)
        let start = prepared.isQuery ? ContinuousClock.now : nil
        var isDone = false
        defer {
            if !isDone { noteFailure(wasInTransaction: wasInTransaction) }
            prepared.end()
            isInTransaction.store(sqlite3_get_autocommit(handle) == 0, ordering: .releasing)
        }
        let result = try work(prepared.pointer)
        isDone = true
        if let start { prepared.isShort = prepared.steps < Self.fewSteps && start.duration(to: .now) < Self.shortTime }
        if mustRefuseWrites { refuseWrites(after: statement.sql) }
        return result
    }

    /// A database in memory has one connection, which in a transaction that only reads must refuse what the connections
    /// that only read refuse in a file.
    private func refuseWrites(after sql: String) {
        switch sql {
        case "BEGIN DEFERRED": sqlite3_exec(handle, "PRAGMA query_only = ON", nil, nil, nil)
        case "COMMIT", "ROLLBACK": sqlite3_exec(handle, "PRAGMA query_only = OFF", nil, nil, nil)
        default: break
        }
    }

    private func step<Value>(
        _ prepared: OpaquePointer, _ statement: Statement, _ interruption: Interruption?,
        _ decode: (any Row) throws -> Value
    ) throws -> ([Value], ExecutionResult) {
        try bindAll(statement, to: prepared)
        if sqlite3_stmt_readonly(prepared) == 0 { readAheadCursors() }
        let before = sqlite3_total_changes64(handle)
        var values: [Value] = []
        let row = SQLiteRow(prepared)
        while true {
            switch sqlite3_step(prepared) {
            case SQLITE_ROW:
                // Decoding may take longer than finding the row.
                if interruption?.isInterrupted == true { throw CancellationError() }
                values.append(try decode(row))
            case SQLITE_DONE:
                return (values, ExecutionResult(changedRows: changedRows(since: before)))
            default: throw SQLiteError.current(handle, sql: statement.sql)
            }
        }
    }

    /// How many rows the last statement has changed by itself, as PostgreSQL and Django count: those of triggers and of
    /// foreign keys' actions stand in the total only.
    ///
    /// - Parameter total: All changes of the connection before the statement. A statement that counts nothing, such as
    ///   `PRAGMA`, leaves the number of the one before it.
    private func changedRows(since total: sqlite3_int64) -> Int {
        sqlite3_total_changes64(handle) == total ? 0 : Int(sqlite3_changes64(handle))
    }

    /// Lets open cursors read what they will give, before rows are written that they must not meet.
    func readAheadCursors() {
        for cursor in cursors.take() { cursor.readAhead() }
    }

    private func bindAll(_ statement: Statement, to prepared: OpaquePointer) throws {
        let expected = Int(sqlite3_bind_parameter_count(prepared))
        guard expected == statement.parameters.count else {
            throw DatabaseError(
                .statement, "\(expected) values are needed and \(statement.parameters.count) were given.",
                sql: statement.sql)
        }
        for (index, value) in statement.parameters.enumerated() {
            guard bind(value, to: prepared, at: Int32(index + 1)) == SQLITE_OK else {
                throw SQLiteError.unstorable(value, sql: statement.sql)
                    ?? SQLiteError.current(handle, sql: statement.sql)
            }
        }
    }

    /// Refuses what would be done by itself and outside of the transaction that it belongs to, until that is rolled back.
    private func answerWithoutTransaction(_ statement: Statement) throws(DatabaseError) -> ExecutionResult {
        guard statement.sql == "ROLLBACK" else {
            throw DatabaseError(
                .statement,
                "The transaction was rolled back when an earlier statement of it was ended. Let that error end the "
                    + "transaction, and begin it anew.", sql: statement.sql)
        }
        hasLostTransaction = false
        return ExecutionResult(changedRows: 0)
    }

    /// - Returns: The statement; one whose text is as long as a list of thousands hardly comes again, and is not kept.
    private func prepare(_ sql: String) throws -> PreparedStatement {
        if let kept = statements.find(sql) { return kept }
        let isKept = sql.utf8.count <= Self.longestKept
        let prepared = PreparedStatement(try compile(sql, isKept: isKept), sql: sql, isKept: isKept)
        if isKept { statements.insert(prepared, for: sql) }
        return prepared
    }

    private func compile(_ sql: String, isKept: Bool) throws -> OpaquePointer {
        guard !sql.utf8.contains(0) else {
            throw DatabaseError(.statement, "The statement holds a zero byte, where SQLite stops reading.", sql: sql)
        }
        var prepared: OpaquePointer?
        var consumed = true
        let code = sql.withCString { text -> Int32 in
            var tail: UnsafePointer<CChar>?
            let flags = isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
            let code = sqlite3_prepare_v3(handle, text, -1, flags, &prepared, &tail)
            // What follows the first statement would be left out in silence.
            while let next = tail, next.pointee != 0, consumed {
                consumed = next.pointee == 0x20 || next.pointee == 0x0A || next.pointee == 0x3B
                tail = next + 1
            }
            return code
        }
        guard code == SQLITE_OK else { throw SQLiteError.current(handle, sql: sql) }
        guard let prepared else { throw DatabaseError(.statement, "The statement is empty.", sql: sql) }
        guard consumed else {
            sqlite3_finalize(prepared)
            throw DatabaseError(.statement, "One statement at a time; more text follows the first.", sql: sql)
        }
        return prepared
    }

    /// In bytes; with 128 statements a connection keeps less than 2 MB of text.
    private static let longestKept = 16_384
}

// MARK: Cursors

extension SQLiteConnection {
    /// Prepares a statement for a cursor, which keeps it for itself: the same text may run meanwhile.
    ///
    /// - Returns: The statement, to be finalized on the queue.
    func begin(_ statement: Statement) throws -> UnfinishedStatement {
        let prepared = try compile(statement.sql, isKept: false)
        do {
            guard sqlite3_stmt_readonly(prepared) != 0 else {
                throw DatabaseError(.statement, "Only a statement that reads can be read by parts.", sql: statement.sql)
            }
            try bindAll(statement, to: prepared)
        } catch {
            sqlite3_finalize(prepared)
            throw error
        }
        return UnfinishedStatement(pointer: prepared)
    }

    func remember(_ cursor: any OpenCursor) { cursors.add(cursor) }

    func forget(_ cursor: any OpenCursor) { cursors.remove(cursor) }

    /// What SQLite says about its last step.
    func error(of statement: Statement) -> DatabaseError {
        SQLiteError.current(handle, sql: statement.sql)
    }

    /// Runs a job behind the others, whatever has become of the task.
    func afterOthers(_ job: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            queue.add {
                job()
                continuation.resume()
            }
        }
    }

    /// Ends a statement that nobody reads any more, behind the jobs that are there.
    func finalize(_ prepared: UnfinishedStatement) {
        queue.add { [self] in
            sqlite3_finalize(prepared.pointer)
            // Until here the connection must live.
            withExtendedLifetime(self) {}
        }
    }
}
