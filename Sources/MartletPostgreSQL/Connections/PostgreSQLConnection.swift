import CPostgreSQL
import Glibc
import MartletIO
import MartletORM
import MartletTiming
import Synchronization

/// One PostgreSQL connection.
///
/// libpq never blocks here: the connection is non-blocking, and a worker watches its socket.
// @unchecked: what changes is used by the task that has the turn only, on `worker`; `worker` itself is read by the pool
// while nobody has the connection. `isLost` is atomic.
final class PostgreSQLConnection: DatabaseConnection, @unchecked Sendable {
    let pointer: OpaquePointer

    /// The worker that watches the socket: the one that used the connection last.
    private(set) var worker: Worker

    var statements: StatementCache
    /// What begins the transaction, until something is sent in it.
    var pendingBegin: String?
    /// How many cursors the transaction has had.
    var cursors = 0
    var parameters = ParameterBuffer()
    let isNamed: Bool

    private var readiness: Readiness?
    /// libpq has read something since the last request, and may have left the rest to be read.
    private var mayHaveLeftBytes = false
    /// Whether ``flush()`` waits for the socket.
    private var isSending = false
    private let canceller: Canceller
    private let turn = Turn()

    /// The statements of tasks that share the connection.
    // Set once, when the connection is made.
    private(set) lazy var lane = StatementLane(self, canceller)
    /// How long the server took for the last statement, in nanoseconds.
    var lastTime: UInt64 = 0
    private let isLost = Atomic<Bool>(false)

    /// Knows the columns of constraints.
    let catalog: ConstraintCatalog

    init(
        _ handle: Handle, _ configuration: PostgreSQLConfiguration, _ catalog: ConstraintCatalog, worker: Worker
    ) {
        self.catalog = catalog
        pointer = handle.pointer
        self.worker = worker
        statements = StatementCache(limit: configuration.cachedStatements)
        isNamed = configuration.statementMode.isNamed
        canceller = Canceller(handle.pointer)
        _ = lane
    }

    deinit {
        let remains = Remains(handle: Handle(pointer: pointer), readiness: readiness)
        worker.run { remains.close() }
    }

    /// What is left to close on the worker when the connection has gone.
    // @unchecked: handed over once.
    private struct Remains: @unchecked Sendable {
        let handle: Handle
        let readiness: Readiness?

        func close() {
            readiness?.close(isCopy: true)
            PQfinish(handle.pointer)
        }
    }

    /// Whether it can be lent again: not lost, and not inside a transaction that somebody has left open.
    var isUsable: Bool {
        !isLost.load(ordering: .acquiring) && pendingBegin == nil && PQtransactionStatus(pointer) == PQTRANS_IDLE
    }

    /// Whether a statement of the open transaction has failed: `COMMIT` would then roll back without a word.
    var hasFailedTransaction: Bool { PQtransactionStatus(pointer) == PQTRANS_INERROR }

    func rows<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] {
        if lane.isOpen { return try await lane.use(statement) { try await runRows(statement, decode) } }
        return try await inTurn(statement) { try await runRows(statement, decode) }
    }

    private nonisolated(nonsending) func runRows<Value>(
        _ statement: Statement, _ decode: (any Row) throws -> Value
    ) async throws -> [Value] {
        let result = try await run(statement)
        defer { PQclear(result) }
        return try Self.decode(result, decode)
    }

    func execute(_ statement: Statement) async throws -> ExecutionResult {
        if lane.isOpen { return try await lane.use(statement) { try await runChanges(statement) } }
        return try await inTurn(statement) {
            if let answer = answerAtOnce(statement) { return answer }
            return try await runChanges(statement)
        }
    }

    private nonisolated(nonsending) func runChanges(_ statement: Statement) async throws -> ExecutionResult {
        let result = try await run(statement)
        defer { PQclear(result) }
        return ExecutionResult(changedRows: Self.changedRows(result))
    }

    static func decode<Value>(_ result: OpaquePointer, _ decode: (any Row) throws -> Value) throws -> [Value] {
        let rows = PQntuples(result)
        var values: [Value] = []
        values.reserveCapacity(Int(rows))
        for row in 0..<rows { values.append(try decode(PostgreSQLRow(result, row))) }
        return values
    }

    /// Does something when it is its turn, on the worker of the task where there is one.
    ///
    /// - Parameter statement: What stands in errors.
    nonisolated(nonsending) func inTurn<Value: Sendable>(
        _ statement: Statement, _ operation: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
        if !turn.take() { try await turn.wait(for: statement) }
        defer { turn.leave() }
        if worker.isCurrent {
            return try await cancellable(statement, operation)
        }
        if let current = Worker.current, current.isCurrent {
            try await move(to: current)
            return try await cancellable(statement, operation)
        }
        return try await withTaskExecutorPreference(worker) { try await cancellable(statement, operation) }
    }

    /// Does something that the server is asked to end when the task is cancelled or its time is over.
    private nonisolated(nonsending) func cancellable<Value: Sendable>(
        _ statement: Statement, _ operation: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
        let limit = TimeLimit.current
        try limit?.check(statement)
        try Task.checkCancellation()
        canceller.begin()
        if let limit, !limit.add(canceller) { canceller.cancel() }
        defer { limit?.remove(canceller) }
        do {
            let value = try await withTaskCancellationHandler {
                try await operation()
            } onCancel: { [canceller] in
                canceller.cancel()
            }
            if !canceller.endAtOnce() { await canceller.end() }
            return value
        } catch {
            await canceller.end()
            if let limit, limit.isOver, Self.isCancellation(error) { throw limit.timeout(of: statement) }
            if let error = error as? DatabaseError, error.kind == .cancelled { try Task.checkCancellation() }
            throw error
        }
    }

    static func isCancellation(_ error: any Error) -> Bool {
        error is CancellationError || (error as? DatabaseError)?.kind == .cancelled
    }

    /// How many rows a statement has changed; `SELECT` counts what it has found, which is no change.
    static func changedRows(_ result: OpaquePointer) -> Int {
        guard PQresultStatus(result) == PGRES_COMMAND_OK || PQcmdStatus(result)?.pointee != CChar(0x53) else {
            return 0
        }
        return PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }
}

// MARK: The socket

extension PostgreSQLConnection {
    /// Lets the worker watch the socket.
    func watch() async throws {
        try await withTaskExecutorPreference(worker) { try watchHere() }
    }

    /// Watches the socket under a number of its own: libpq closes its number by itself when the connection is lost, and
    /// the next socket of the process may get it, while what is left of this connection is still to be taken down.
    private func watchHere() throws {
        let descriptor = fcntl(PQsocket(pointer), F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw SystemCallError("fcntl", "the socket of a PostgreSQL connection") }
        let readiness: Readiness
        do {
            readiness = try worker.readiness(of: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        readiness.news = { [lane, weak self] in
            lane.receive()
            self?.sendingHasNews()
        }
        readiness.peerClosed = { [weak self] _ in self?.isLost.store(true, ordering: .releasing) }
        self.readiness = readiness
    }

    /// Moves to the worker of the current task, which is the one it runs on.
    private func move(to target: Worker) async throws {
        await withTaskExecutorPreference(worker) { unwatch() }
        worker = target
        do {
            try watchHere()
        } catch {
            isLost.store(true, ordering: .releasing)
            throw DatabaseError(.connection, "\(error)")
        }
    }

    private func unwatch() {
        readiness?.close(isCopy: true)
        readiness = nil
    }

    // MARK: Sharing

    /// Lets statements be sent before those before them were answered; on the worker.
    ///
    /// - Returns: `false` when the connection was lost.
    func beginPipeline() -> Bool {
        guard let readiness, pendingBegin == nil, PQenterPipelineMode(pointer) == 1 else { return false }
        readiness.drained()
        mayHaveLeftBytes = false
        return true
    }

    /// The opposite, when all were answered.
    func endPipeline() {
        if PQexitPipelineMode(pointer) != 1 { _ = lost() }
    }

    /// Has libpq read what has come.
    ///
    /// - Returns: `false` when the connection was lost.
    func consume() -> Bool {
        guard let readiness else { return false }
        guard readiness.mayRead else { return true }
        readiness.drained()
        return PQconsumeInput(pointer) == 1
    }

    /// Has the worker tell again of what libpq has not read.
    func askForMore() { readiness?.refresh() }

    /// Has the worker tell when more can be sent.
    func waitToSend() { readiness?.filled() }

    /// Forgets what is known of the socket before something is sent: what comes now is news.
    func expectNews() throws(DatabaseError) {
        assert(worker.isCurrent, "a connection is used on its worker only")
        guard let readiness else { throw lost() }
        readiness.drained()
        mayHaveLeftBytes = false
    }

    /// Sends what the socket did not take at once.
    ///
    /// The server reads nothing more while what it sends is not read, such as a notice for each row of a `COPY`: so what
    /// comes is read meanwhile.
    ///
    /// Source: [libpq, PQflush](https://www.postgresql.org/docs/current/libpq-async.html#LIBPQ-PQFLUSH).
    nonisolated(nonsending) func flush() async throws {
        isSending = true
        defer { isSending = false }
        while true {
            guard let readiness else { throw lost() }
            // Asks anew for both directions: libpq need not have read all there was.
            readiness.refresh()
            guard await readiness.writable() == .ready else { throw lost() }
            if readiness.mayRead {
                readiness.drained()
                mayHaveLeftBytes = true
                // Should the connection have ended, `PQflush` says so, or lets the server's last words be read.
                _ = PQconsumeInput(pointer)
            }
            switch PQflush(pointer) {
            case 0: return
            case 1: continue
            default: throw lost()
            }
        }
    }

    /// Lets ``flush()`` go on whichever direction there is news of; it waits for writing.
    private func sendingHasNews() {
        if isSending { readiness?.interrupt(.ready) }
    }

    /// Waits until libpq has the next result, or knows that there is none.
    nonisolated(nonsending) func untilResult() async throws {
        // libpq need not have read all there was, and the system tells each change once.
        if mayHaveLeftBytes { readiness?.refresh() }
        repeat {
            guard let readiness, await readiness.readable() == .ready else { throw lost() }
            readiness.drained()
            guard PQconsumeInput(pointer) == 1 else { throw lost() }
            mayHaveLeftBytes = true
            guard PQisBusy(pointer) != 0 else { return }
            readiness.refresh()
        } while true
    }

    /// Waits until libpq has read something more.
    nonisolated(nonsending) func untilInput() async throws {
        // What came together with the answer to the request may have been left.
        if mayHaveLeftBytes { readiness?.refresh() }
        guard let readiness, await readiness.readable() == .ready else { throw lost() }
        readiness.drained()
        mayHaveLeftBytes = true
        guard PQconsumeInput(pointer) == 1 else { throw lost() }
    }

    /// Runs something on the worker that watches the socket; for a connection that one task has for itself.
    nonisolated(nonsending) func onWorker<Value: Sendable>(
        _ operation: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
        if worker.isCurrent { return try await operation() }
        return try await withTaskExecutorPreference(worker) { try await here(operation) }
    }

    /// Called by name: Swift 6.3 leaves out the change of thread where a closure calls nothing but another closure.
    private nonisolated(nonsending) func here<Value: Sendable>(
        _ operation: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
        assert(worker.isCurrent, "a connection is used on its worker only")
        return try await operation()
    }

    /// Waits for whatever the server sends by itself.
    ///
    /// - Returns: `false` when ``stopWaiting()`` has ended the wait.
    nonisolated(nonsending) func untilNews() async throws -> Bool {
        guard let readiness else { throw lost() }
        if mayHaveLeftBytes { readiness.refresh() }
        switch await readiness.readable() {
        case .expired: return false
        case .ended: throw lost()
        case .ready: break
        }
        readiness.drained()
        mayHaveLeftBytes = true
        guard PQconsumeInput(pointer) == 1 else { throw lost() }
        return true
    }

    /// Ends a wait for news; on the worker.
    func stopWaiting() { readiness?.interrupt(.expired) }

    /// Has the server end what it does for the task that has the turn.
    func askToEnd() { canceller.cancel() }

    /// Has the server end the next of several statements, if it was asked to end the one before.
    func endNext() { canceller.cancelNext() }

    /// Says that the statement has ended: what follows in the same turn is not ended any more.
    nonisolated(nonsending) func requestsToEndHaveArrived() async { await canceller.end() }

    /// Whether the server was asked to end what it does.
    var hasAskedToEnd: Bool { canceller.hasAsked }

    /// Notes that the connection is lost, and says so; on the worker.
    func lost() -> DatabaseError {
        isLost.store(true, ordering: .releasing)
        // libpq has closed the socket, and the next connection may get its number: watched no longer than until here.
        unwatch()
        let message = PostgreSQLError.message(of: pointer)
        return DatabaseError(.connection, message.isEmpty ? "The connection to PostgreSQL was lost." : message)
    }
}
