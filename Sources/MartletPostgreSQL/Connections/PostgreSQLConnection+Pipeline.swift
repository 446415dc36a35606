import CPostgreSQL
import MartletORM

// libpq's pipeline mode: several things are sent before the answer to the first has come.
//
// Source: [libpq, Pipeline Mode](https://www.postgresql.org/docs/current/libpq-pipeline-mode.html).
extension PostgreSQLConnection {
    /// Sends things together and takes the result of each.
    ///
    /// Each thing that is sent is answered by one result, which the caller clears. Behind an error the server passes over
    /// what follows until the next synchronization.
    ///
    /// - Parameters:
    ///   - sql: What stands in errors.
    ///   - count: How many there are.
    ///   - isolated: Whether each is synchronized by itself, so that the error of one does not reach the next.
    ///   - send: Sends one of them, with a function of libpq's for pipelines.
    nonisolated(nonsending) func exchangeTogether(
        _ sql: String, _ count: Int, isolated: Bool, _ send: (Int) -> Int32
    ) async throws -> [OpaquePointer] {
        try expectNews()
        guard PQenterPipelineMode(pointer) == 1 else { throw lost() }
        var sent = 0
        while sent < count, send(sent) == 1 {
            sent += 1
            if isolated { PQpipelineSync(pointer) }
        }
        if !isolated || sent == 0 { PQpipelineSync(pointer) }
        let problem = sent < count ? sendingFailed(sql) : nil
        try await flushAll()
        let results = try await receive(isolated ? max(1, sent) : 1, isolated: isolated)
        guard PQexitPipelineMode(pointer) == 1 else {
            results.forEach(PQclear)
            throw lost()
        }
        if let problem {
            results.forEach(PQclear)
            throw problem
        }
        return results
    }

    nonisolated(nonsending) func flushAll() async throws {
        switch PQflush(pointer) {
        case 0: break
        case 1: try await flush()
        default: throw lost()
        }
    }

    /// Takes all results up to so many synchronizations.
    private nonisolated(nonsending) func receive(_ syncs: Int, isolated: Bool) async throws -> [OpaquePointer] {
        var results: [OpaquePointer] = []
        var left = syncs
        // Where the results of this synchronization begin.
        var start = 0
        var nothings = 0
        do {
            while left > 0 {
                if PQisBusy(pointer) != 0 { try await untilResult() }
                guard let result = PQgetResult(pointer) else {
                    // One stands behind each result; two mean that there will be no more.
                    nothings += 1
                    guard nothings < 2 else { throw lost() }
                    continue
                }
                nothings = 0
                switch PQresultStatus(result) {
                case PGRES_PIPELINE_SYNC:
                    PQclear(result)
                    left -= 1
                    start = results.count
                default:
                    if isolated, results.count > start {
                        // A constraint that is checked at the end of the statement's own transaction.
                        PQclear(results.removeLast())
                    }
                    results.append(result)
                    if left > 1, PostgreSQLError.field("C", of: result) == "57014" { endNext() }
                }
                if Self.isCopy(result) { throw copying(results.removeLast(), "") }
            }
            return results
        } catch {
            // The server's last words are worth more than that the connection has ended.
            let told = results.first(where: Self.isError).map { ServerError($0, sql: nil) }
            results.forEach(PQclear)
            throw told ?? error
        }
    }

    // MARK: Transactions

    /// Whether a statement only begins or ends a transaction, which is answered without the server where it can be.
    ///
    /// A transaction begins at the server together with its first statement, which saves an exchange.
    ///
    /// - Returns: `nil` when the server must be asked.
    func answerAtOnce(_ statement: Statement) -> ExecutionResult? {
        let sql = statement.sql
        guard statement.parameters.isEmpty, sql.utf8.count <= 100 else { return nil }
        if pendingBegin != nil, sql == "COMMIT" || sql == "ROLLBACK" {
            pendingBegin = nil
            return ExecutionResult(changedRows: 0)
        }
        guard sql.hasPrefix("BEGIN"), pendingBegin == nil, PQtransactionStatus(pointer) == PQTRANS_IDLE,
            !sql.utf8.contains(0), !sql.contains(";")
        else { return nil }
        pendingBegin = sql
        return ExecutionResult(changedRows: 0)
    }

    /// Begins the transaction with whatever is sent first in it.
    ///
    /// - Returns: The result of what was sent.
    nonisolated(nonsending) func exchangeBehindBegin(
        _ begin: String, _ sql: String, _ send: () -> Int32
    ) async throws -> OpaquePointer {
        pendingBegin = nil
        let results = try await exchangeTogether(sql, 2, isolated: false) { index in
            index == 0 ? PQsendQueryParams(pointer, begin, 0, nil, nil, nil, nil, 0) : send()
        }
        if let failed = results.first(where: Self.isError) {
            defer { results.forEach(PQclear) }
            throw ServerError(failed, sql: failed == results.first ? begin : sql)
        }
        guard results.count == 2 else {
            results.forEach(PQclear)
            throw lost()
        }
        PQclear(results[0])
        return results[1]
    }

    /// Begins the transaction that waits for its first statement, for what cannot be sent together with that.
    nonisolated(nonsending) func beginNow() async throws {
        guard let begin = pendingBegin else { return }
        pendingBegin = nil
        PQclear(try await runOnce(begin))
    }

    // MARK: Batches

    func execute(
        _ statements: [Statement], stopsAtError: Bool
    ) async throws -> [Result<ExecutionResult, DatabaseError>] {
        guard statements.count > 1 else {
            guard let statement = statements.first else { return [] }
            do {
                return [.success(try await execute(statement))]
            } catch let error as DatabaseError where error.kind != .connection {
                return [.failure(error)]
            }
        }
        return try await inTurn(statements[0]) {
            var results: [Result<ExecutionResult, DatabaseError>] = []
            // What the server has answered and nobody has read must fit in the socket's buffers.
            while results.count < statements.count {
                let part = statements[results.count..<min(results.count + Self.mostTogether, statements.count)]
                if stopsAtError, results.contains(where: { (try? $0.get()) == nil }) {
                    results += part.map { .failure(.notRun($0)) }
                } else {
                    results += try await runTogether(part, isolated: !stopsAtError)
                }
            }
            return results
        }
    }

    private static let mostTogether = 100

    /// A statement can only be kept in place of one that is to be sent together with it.
    private struct CacheFull: Error {}

    /// - Returns: What became of the first statements; the others are not sent yet.
    private nonisolated(nonsending) func runTogether(
        _ statements: ArraySlice<Statement>, isolated: Bool
    ) async throws -> [Result<ExecutionResult, DatabaseError>] {
        try await beginNow()
        var sends: [() -> Int32] = []
        var problems: [DatabaseError?] = []
        let mark = self.statements.mark
        for statement in statements {
            do {
                sends.append(try await prepareSend(statement, behind: sends.isEmpty ? nil : mark))
                problems.append(nil)
            } catch is CacheFull {
                break
            } catch let error as DatabaseError where error.kind != .connection && error.kind != .cancelled {
                problems.append(error)
                guard !isolated else { continue }
                // In a transaction nothing behind it is run.
                problems += statements.dropFirst(problems.count).map { .notRun($0) }
                break
            }
        }
        let results =
            sends.isEmpty ? [] : try await exchangeTogether("", sends.count, isolated: isolated) { sends[$0]() }
        defer { results.forEach(PQclear) }
        return try await outcomes(statements, problems, results)
    }

    /// Prepares a statement, and makes what sends it with its values.
    ///
    /// - Parameter mark: What was prepared since is to be sent too, and must not be deallocated.
    private nonisolated(nonsending) func prepareSend(
        _ statement: Statement, behind mark: UInt64?
    ) async throws -> () -> Int32 {
        guard isNamed, statement.parameters.count <= Self.mostDescribed else {
            try bind(statement, to: nil)
            return sending(statement.sql, nil)
        }
        do {
            return try await prepareSend(statement, wide: false, behind: mark)
        } catch is ParameterBuffer.TooWide {
            return try await prepareSend(statement, wide: true, behind: mark)
        }
    }

    private nonisolated(nonsending) func prepareSend(
        _ statement: Statement, wide: Bool, behind mark: UInt64?
    ) async throws -> () -> Int32 {
        if let mark, statements.isFull(for: Self.key(statement.sql, wide: wide), since: mark) { throw CacheFull() }
        let prepared = try await prepared(statement.sql, wide: wide)
        try bind(statement, to: prepared.parameterTypes)
        return sending(statement.sql, prepared)
    }

    private func sending(_ sql: String, _ prepared: PreparedStatement?) -> () -> Int32 {
        var values = parameters
        parameters = ParameterBuffer()
        return { [pointer] in
            values.withPointers { count, pointers, lengths, formats in
                guard let prepared else {
                    return PQsendQueryParams(pointer, sql, count, nil, pointers, lengths, formats, 0)
                }
                return PQsendQueryPrepared(pointer, prepared.name, count, pointers, lengths, formats, 0)
            }
        }
    }

    private nonisolated(nonsending) func outcomes(
        _ statements: ArraySlice<Statement>, _ problems: [DatabaseError?], _ results: [OpaquePointer]
    ) async throws -> [Result<ExecutionResult, DatabaseError>] {
        var outcomes: [Result<ExecutionResult, DatabaseError>] = []
        var rest = results[...]
        for (statement, problem) in zip(statements, problems) {
            if let problem {
                outcomes.append(.failure(problem))
                continue
            }
            guard let result = rest.popFirst() else { throw lost() }
            if PQresultStatus(result) == PGRES_PIPELINE_ABORTED {
                outcomes.append(.failure(.notRun(statement)))
            } else if Self.isError(result) {
                let error = ServerError(result, sql: statement.sql)
                if error.state == "26000" { statements.forEach { self.statements.remove($0.sql) } }
                if error.state == "57014", hasAskedToEnd { throw error.databaseError }
                outcomes.append(.failure(await catalog.complete(error)))
            } else {
                outcomes.append(.success(ExecutionResult(changedRows: Self.changedRows(result))))
            }
        }
        return outcomes
    }
}
