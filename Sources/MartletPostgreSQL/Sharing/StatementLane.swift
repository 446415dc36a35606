import CPostgreSQL
import MartletIO
import MartletORM
import MartletTiming

/// The statements of several tasks that are under way on one connection at once, in libpq's pipeline mode.
///
/// The server answers them one after the other. Each has a synchronization of its own: it is a transaction of its own,
/// and its error does not reach the others. A statement that is given up while others are under way runs to its end,
/// and its result is dropped; the server is asked to end statements only when nobody waits for any of them.
///
/// Source: [libpq, Pipeline Mode](https://www.postgresql.org/docs/current/libpq-pipeline-mode.html).
// @unchecked: used on the connection's worker only, except `isOpen`, which does not change while a task uses the lane.
final class StatementLane: @unchecked Sendable {
    /// What became of a statement.
    // @unchecked: a result is handed over once, and belongs to whoever gets it.
    private enum Answer: @unchecked Sendable {
        case result(OpaquePointer, nanoseconds: UInt64)
        case failed(DatabaseError)
        case givenUp
    }

    /// A statement that was sent.
    private struct Entry {
        let number: UInt64
        /// `nil` when its task has given it up.
        var waiter: UnsafeContinuation<Answer, Never>?
        var result: OpaquePointer?
        /// When all before it were answered.
        var begun: Moment
    }

    /// Owns this lane.
    private unowned let connection: PostgreSQLConnection
    private let canceller: Canceller

    /// Whether tasks share the connection; else one has it for itself.
    private(set) var isOpen = false
    /// How many tasks use the connection.
    private(set) var users = 0
    /// How long their statements usually take together, in nanoseconds.
    private var load: UInt64 = 0

    /// In the order in which they were sent.
    private var entries: [Entry] = []
    private var lastNumber: UInt64 = 0
    private var opened = Moment.distantFuture
    private var isClosing = false
    private var hasUnsent = false
    /// How often libpq has had nothing to say since its last result.
    private var nothings = 0
    /// Whether the server was asked to end what is left.
    private var hasAsked = false
    private var drained: ((PostgreSQLConnection) -> Void)?

    init(_ connection: PostgreSQLConnection, _ canceller: Canceller) {
        self.connection = connection
        self.canceller = canceller
    }

    // MARK: Coming and going

    /// Lets several tasks use the connection, which one of them has leased.
    ///
    /// - Parameter drained: Called when the last of them has gone.
    /// - Returns: Whether that is possible.
    func open(_ drained: @escaping (PostgreSQLConnection) -> Void) -> Bool {
        guard !isOpen, connection.beginPipeline() else { return false }
        isOpen = true
        isClosing = false
        hasAsked = false
        opened = connection.worker.now
        self.drained = drained
        return true
    }

    /// Whether one more may come: not to a crowd, nor behind a statement that takes its time.
    ///
    /// A lane ends soon even while statements come without end, so that the pool can check, replace and account; and
    /// sooner while somebody waits for a connection of their own.
    func takes(most: Int, short: UInt64, now: Moment, hasWaiters: Bool) -> Bool {
        guard users < most, entries.count < most, load <= short, !isClosing, !hasUnsent,
            now < opened + (hasWaiters ? Self.shortest : Self.longest)
        else { return false }
        guard let first = entries.first else { return true }
        return now <= first.begun + short
    }

    /// 100 milliseconds, and 5.
    private static let longest: UInt64 = 100_000_000
    private static let shortest: UInt64 = 5_000_000

    /// - Parameters:
    ///   - time: How long the statement usually takes, in nanoseconds.
    ///   - isLast: Whether nobody may come after: nothing is to wait behind a statement that may wait for a lock.
    func join(time: UInt64, isLast: Bool) {
        users += 1
        load += time
        if isLast { isClosing = true }
    }

    /// A task no longer uses the connection; from any thread.
    func leave() {
        guard connection.worker.isCurrent else {
            let connection = connection
            connection.worker.run { connection.lane.leave() }
            return
        }
        // What each of them has added is not kept; without users nothing is left.
        load -= load / UInt64(users)
        users -= 1
        settle()
    }

    /// Ends the lane when nothing is left of it, and what nobody waits for.
    private func settle() {
        guard users == 0 else { return }
        if entries.isEmpty {
            guard hasAsked, !canceller.endAtOnce() else { return close() }
            let (connection, canceller) = (connection, canceller)
            connection.worker.run {
                await canceller.end()
                connection.lane.close()
            }
        } else if entries.allSatisfy({ $0.waiter == nil }) {
            askToEnd()
        }
    }

    private func close() {
        isOpen = false
        connection.endPipeline()
        let drained = drained
        self.drained = nil
        drained?(connection)
    }

    // MARK: Statements

    /// Does something that runs statements in this lane.
    ///
    /// - Parameter statement: What stands in errors.
    nonisolated(nonsending) func use<Value: Sendable>(
        _ statement: Statement, _ operation: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
        if connection.worker.isCurrent { return try await limited(statement, operation) }
        return try await withTaskExecutorPreference(connection.worker) { try await limited(statement, operation) }
    }

    private nonisolated(nonsending) func limited<Value: Sendable>(
        _ statement: Statement, _ operation: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
        let limit = TimeLimit.current
        try limit?.check(statement)
        do {
            return try await operation()
        } catch {
            if let limit, limit.isOver, PostgreSQLConnection.isCancellation(error) {
                throw limit.timeout(of: statement)
            }
            if let error = error as? DatabaseError, error.kind == .cancelled { try Task.checkCancellation() }
            throw error
        }
    }

    /// Sends something with a synchronization of its own and waits for its result, which the caller clears.
    nonisolated(nonsending) func exchange(_ sql: String, _ send: () -> Int32) async throws -> OpaquePointer {
        try Task.checkCancellation()
        // The request was meant for what its task does, of which this is the next step.
        if hasAsked { throw CancellationError() }
        try dispatch(sql, send)
        lastNumber += 1
        let number = lastNumber
        let limit = TimeLimit.current.map { LaneLimit($0, connection, number) }
        defer { limit?.end() }
        // Held by whoever has leased it, which is this task.
        let owner = connection
        let answer = await withTaskCancellationHandler {
            // Unsafe only in that nobody counts the resumes; an entry's waiter is emptied by each, and all are
            // answered.
            await withUnsafeContinuation { waiter in
                entries.append(Entry(number: number, waiter: waiter, begun: owner.worker.now))
                if limit?.isOver == true { giveUp(number) }
            }
        } onCancel: {
            owner.worker.run { owner.lane.giveUp(number) }
        }
        switch answer {
        case .givenUp: throw CancellationError()
        case .failed(let error): throw error
        case .result(let result, let nanoseconds):
            owner.lastTime = nanoseconds
            guard PostgreSQLConnection.isError(result) else { return result }
            defer { PQclear(result) }
            // The request must not meet the next statement.
            if hasAsked { await canceller.end() }
            throw ServerError(result, sql: sql)
        }
    }

    private func dispatch(_ sql: String, _ send: () -> Int32) throws(DatabaseError) {
        guard send() == 1 else {
            let error = connection.sendingFailed(sql)
            if error.kind == .connection { fail(error) }
            throw error
        }
        guard PQpipelineSync(connection.pointer) == 1, flush() else {
            let error = connection.lost()
            fail(error)
            throw error
        }
    }

    /// - Returns: `false` when the connection was lost.
    private func flush() -> Bool {
        let left = PQflush(connection.pointer)
        hasUnsent = left == 1
        if hasUnsent { connection.waitToSend() }
        return left >= 0
    }

    /// Gives up a statement whose task does not want it any more.
    func giveUp(_ number: UInt64) {
        guard let index = entries.firstIndex(where: { $0.number == number }), let waiter = entries[index].waiter else {
            return
        }
        isClosing = true
        // The server ends what it works on, whatever that is.
        if entries.count == 1, users == 1 { return askToEnd() }
        entries[index].waiter = nil
        waiter.resume(returning: .givenUp)
    }

    private func askToEnd() {
        guard !hasAsked else { return }
        hasAsked = true
        canceller.begin()
        canceller.cancel()
    }

    // MARK: Results

    /// Takes what the server has sent.
    func receive() {
        guard isOpen, !entries.isEmpty || hasUnsent else { return }
        if !hasUnsent || flush(), connection.consume() {
            take()
            // libpq need not have read all there was, and the system tells each change once.
            if !entries.isEmpty { connection.askForMore() }
        } else {
            fail(connection.lost())
        }
        // All of its tasks may have gone before, and a connection that is lost must still leave its place in the pool.
        settle()
    }

    private func take() {
        let pointer = connection.pointer
        while !entries.isEmpty, PQisBusy(pointer) == 0 {
            guard let result = PQgetResult(pointer) else {
                // One stands behind each result; two mean that there will be no more.
                nothings += 1
                guard nothings < 2 else { return fail(connection.lost()) }
                continue
            }
            nothings = 0
            if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
                PQclear(result)
                finishFirst()
            } else {
                keep(result)
            }
        }
    }

    /// Keeps a result until the synchronization: a constraint may be checked at the end of the transaction only, which
    /// comes behind the result of the statement.
    private func keep(_ result: OpaquePointer) {
        if let earlier = entries[0].result, !PostgreSQLConnection.isError(result) {
            PQclear(result)
            entries[0].result = earlier
        } else {
            PQclear(entries[0].result)
            entries[0].result = result
        }
    }

    private func finishFirst() {
        let entry = entries.removeFirst()
        let now = connection.worker.now
        if !entries.isEmpty {
            entries[0].begun = now
            // A request ends one statement, and nobody waits for the next one either.
            if hasAsked { canceller.cancelNext() }
        }
        guard let result = entry.result else { return fail(connection.lost(), and: entry) }
        guard let waiter = entry.waiter else { return PQclear(result) }
        waiter.resume(returning: .result(result, nanoseconds: now.nanoseconds &- entry.begun.nanoseconds))
    }

    /// Tells all that the connection was lost.
    private func fail(_ error: DatabaseError, and first: Entry? = nil) {
        isClosing = true
        hasUnsent = false
        let failed = (first.map { [$0] } ?? []) + entries
        entries = []
        for entry in failed {
            // The server's last words, such as why it ends the connection, are worth more than that it has ended. What
            // it has not synchronized may not have been kept.
            guard let result = entry.result, PostgreSQLConnection.isError(result), let waiter = entry.waiter else {
                PQclear(entry.result)
                entry.waiter?.resume(returning: .failed(error))
                continue
            }
            waiter.resume(returning: .result(result, nanoseconds: 0))
        }
    }
}

/// Gives a statement up when the time of its task is over.
private final class LaneLimit: TimeLimitObserver {
    private let limit: TimeLimit
    private let connection: PostgreSQLConnection
    private let number: UInt64

    init(_ limit: TimeLimit, _ connection: PostgreSQLConnection, _ number: UInt64) {
        self.limit = limit
        self.connection = connection
        self.number = number
        _ = limit.add(self)
    }

    var isOver: Bool { limit.isOver }

    func end() { limit.remove(self) }

    func timeIsOver() {
        connection.worker.run { [connection, number] in connection.lane.giveUp(number) }
    }
}
