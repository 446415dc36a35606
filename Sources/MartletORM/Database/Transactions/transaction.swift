import MartletTiming

/// Runs an operation in a transaction of the task's database: all of it happens, or nothing.
///
/// A transaction inside another is a savepoint. The operation's error, or the task's cancellation, rolls back.
///
/// ```swift
/// try await transaction {
///     try await post.save()
///     afterCommit { try await cache.delete(key) }
/// }
/// try await transaction(retrying: 3, isolation: .serializable) { try await book(seat) }
/// ```
///
/// - Parameters:
///   - alias: Which database; that of the task unless told. Queries inside go where they would go outside.
///   - retries: How often the whole operation is tried again when the database has ended it for the sake of another
///     (`serializationFailure`, `deadlock`), after a pause of some milliseconds that doubles and is partly chance.
///   - isolation: What it sees of others; only for the outermost transaction.
///   - readOnly: Whether the database refuses to be written to. On SQLite such a transaction does not hold up writers.
///   - deferrable: Whether it waits for a moment at which it cannot fail; with `.serializable` and `readOnly` only.
///     SQLite has nothing to wait for.
///   - durable: Whether it must be the outermost one, so that what it has done is kept when it returns.
///   - savepoint: Whether it can be undone by itself inside another. Without, an error that does not leave the outer
///     transaction rolls that back in the end.
/// - Throws: What the operation throws, after the rollback; ``DatabaseError`` when the commit is refused;
///   ``ORMError/brokenTransaction(_:)`` when an error that was caught inside has made it worthless.
///
/// Source: [Django, `atomic`](https://docs.djangoproject.com/en/5.2/topics/db/transactions/#django.db.transaction.atomic).
@discardableResult
public func transaction<Result>(
    on alias: DatabaseAlias? = nil, retrying retries: Int = 0, isolation: IsolationLevel? = nil, readOnly: Bool = false,
    deferrable: Bool = false, durable: Bool = false, savepoint: Bool = true, file: StaticString = #fileID,
    line: UInt = #line, caller: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
) async throws -> Result {
    let database = try Database.current(alias)
    let options = TransactionOptions(isolation: isolation, readOnly: readOnly, deferrable: deferrable)
    try options.validate()
    if let open = database.openEntry {
        try open.check(isUsual: options.isUsual && retries == 0 && !durable, durable: durable)
        guard savepoint else { return try await part(open, operation) }
        return try await nested(open, operation)
    }
    let plan = OutermostTransaction(
        database: database, options: options, place: "\(file):\(line)", retries: max(0, retries))
    let (result, hooks) = try await plan.run(operation)
    // The connection is back in its pool: a hook may write, too.
    try await run(hooks, of: database, place: plan.place)
    return result
}

/// Runs a test in a transaction; what must be outermost inside counts as such.
package func testTransaction<Result>(
    caller: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
) async throws -> Result {
    let plan = OutermostTransaction(
        database: try Database.current, options: TransactionOptions(), place: "a test", retries: 0, isForTest: true)
    return try await plan.run(operation).0
}

/// A transaction on a connection of its own.
struct OutermostTransaction {
    let database: Database
    let options: TransactionOptions
    let place: String
    let retries: Int
    var isForTest = false

    /// Runs the operation until it is not ended for the sake of another transaction; gives back what waits for the
    /// commit.
    func run<Result>(
        caller: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
    ) async throws -> (Result, [Transaction.Hook]) {
        var attempt = 0
        while true {
            do {
                return try await once(operation)
            } catch let error as DatabaseError where attempt < retries && error.kind.mayBeRetried {
                try await database.time.sleep(for: Self.pause(after: attempt))
                attempt += 1
            }
        }
    }

    /// 5 milliseconds at first, then twice as long each time, up to a second; the half of it is chance, so that two which
    /// were in each other's way do not meet again.
    static func pause(after attempt: Int) -> Duration {
        let longest = min(1_000, 5 << min(attempt, 8))
        return .milliseconds(longest) * Double.random(in: 0.5...1)
    }

    private func once<Result>(
        caller: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
    ) async throws -> (Result, [Transaction.Hook]) {
        let access = options.readOnly ? DatabaseAccess.read : .write
        let connection = try await database.backend.lease(access)
        defer { database.backend.release(connection, access) }
        let transaction = Transaction(connection, place: place, isForTest: isForTest, watch: database.watch)
        let begin = options.isUsual ? database.dialect.begin : database.dialect.begin(options)
        try await database.execute(Statement(begin), on: connection)
        transaction.hasBegun()
        let ambient = database.ambient(with: transaction, level: 0)
        do {
            let result = try await Database.$ambient.withValue(ambient, operation: operation, isolation: caller)
            try Task.checkCancellation()
            let commit = Statement("COMMIT")
            let hooks = await transaction.end(before: commit)
            if try transaction.verdict() {
                await rollBack(database, connection)
                return (result, [])
            }
            try await database.execute(commit, on: connection)
            return (result, hooks)
        } catch {
            await transaction.end()
            await rollBack(database, connection)
            throw error
        }
    }
}

/// A part of a transaction that can be undone by itself.
private func nested<Result>(
    caller: isolated (any Actor)? = #isolation, _ open: Database.OpenTransaction,
    _ operation: () async throws -> Result
) async throws -> Result {
    let (database, transaction) = (open.database, open.transaction)
    let (depth, hooks) = try transaction.enterSavepoint(at: open.level)
    let name = "martlet_\(depth)"
    let ambient = database.ambient(with: transaction, level: depth)
    do {
        try await database.execute(Statement("SAVEPOINT \(name)"))
    } catch {
        // There is nothing to go back to; what was wrong before stays wrong.
        transaction.leaveSavepoint(keepingHooks: hooks)
        throw error
    }
    do {
        let result = try await Database.$ambient.withValue(ambient, operation: operation, isolation: caller)
        try Task.checkCancellation()
        let isMarked = try transaction.verdict()
        if isMarked { try await database.execute(Statement("ROLLBACK TO SAVEPOINT \(name)")) }
        try await database.execute(Statement("RELEASE SAVEPOINT \(name)"))
        transaction.leaveSavepoint(keepingHooks: isMarked ? hooks : nil)
        return result
    } catch {
        transaction.dropHooks(keeping: hooks)
        transaction.clearMarks()
        await uncancelled {
            _ = try? await database.execute(Statement("ROLLBACK TO SAVEPOINT \(name)"))
            _ = try? await database.execute(Statement("RELEASE SAVEPOINT \(name)"))
        }
        // Not before: another task could set a savepoint of the same name, and the rollback would go back to that one.
        transaction.leaveSavepoint(keepingHooks: nil)
        throw error
    }
}

/// A part of a transaction that cannot be undone by itself: when it fails, all of it has.
private func part<Result>(
    caller: isolated (any Actor)? = #isolation, _ open: Database.OpenTransaction,
    _ operation: () async throws -> Result
) async throws -> Result {
    do {
        let result = try await operation()
        try Task.checkCancellation()
        return result
    } catch {
        open.transaction.hasBroken()
        throw error
    }
}

extension Database.OpenTransaction {
    /// Refuses what only the outermost transaction can be asked for, inside one that is no test's.
    func check(isUsual: Bool, durable: Bool) throws(ORMError) {
        guard !isUsual, !(transaction.isForTest && level == 0) else { return }
        throw .invalidQuery(
            durable
                ? "A durable transaction must be the outermost one; it stands inside that of \(transaction.place). "
                    + "Take it out of there, or do without `durable: true`."
                : "Isolation, `readOnly:` and `retrying:` are chosen by the outermost transaction, which began at "
                    + "\(transaction.place). Give them to that one.")
    }
}

extension DatabaseError.Kind {
    /// Whether the same transaction may succeed when it is tried again.
    var mayBeRetried: Bool { self == .serializationFailure || self == .deadlock }
}

/// Rolls back; an error here adds nothing, since the database has rolled back by itself or the connection is gone.
func rollBack(_ database: Database, _ connection: any DatabaseConnection) async {
    await uncancelled { _ = try? await database.execute(Statement("ROLLBACK"), on: connection) }
}

/// Runs clean-up that a cancelled task, or one whose time is over, still owes.
func uncancelled(_ operation: @escaping @Sendable () async -> Void) async {
    await TimeLimit.$current.withValue(nil) { Task { await operation() } }.value
}

/// Runs clean-up that may fail, and that a cancelled task, or one whose time is over, still owes.
func uncancelled(_ operation: @escaping @Sendable () async throws -> Void) async throws {
    try await TimeLimit.$current.withValue(nil) { Task { try await operation() } }.value
}
