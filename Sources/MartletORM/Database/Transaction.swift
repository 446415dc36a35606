import MartletTiming
import Synchronization

/// An open transaction: the connection it holds, and what is to happen when it commits.
final class Transaction: Sendable {
    let connection: any DatabaseConnection

    private struct State {
        var depth = 0
        var isOpen = true
        var hooks: [@Sendable () async throws -> Void] = []
        var running = 0
        var lastToLeave: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    init(_ connection: any DatabaseConnection) {
        self.connection = connection
    }

    /// Whether it can still be used; tasks that were started in it may live longer.
    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Takes part with one statement, to be followed by ``leave()``; `false` when the transaction has ended.
    func enter() -> Bool {
        state.withLock { state in
            if state.isOpen { state.running += 1 }
            return state.isOpen
        }
    }

    func leave() {
        let waiting = state.withLock { state in
            state.running -= 1
            return state.running == 0 ? state.lastToLeave.take() : nil
        }
        waiting?.resume()
    }

    /// Lets no further statement in and waits for those that run: the connection may belong to another task next.
    ///
    /// - Returns: What waits for the commit.
    @discardableResult
    func end() async -> [@Sendable () async throws -> Void] {
        await withCheckedContinuation { continuation in
            let isQuiet = state.withLock { state in
                state.isOpen = false
                if state.running > 0 { state.lastToLeave = continuation }
                return state.running == 0
            }
            if isQuiet { continuation.resume() }
        }
        return state.withLock { state in
            defer { state.hooks = [] }
            return state.hooks
        }
    }

    /// Enters a nested transaction: its depth, and how many hooks there were before it.
    ///
    /// - Parameter level: The depth of the transaction that the task itself is in.
    /// - Throws: ``ORMError/invalidQuery(_:)`` while another task has a nested transaction open.
    func enterSavepoint(at level: Int) throws(ORMError) -> (depth: Int, hooks: Int) {
        let entered = state.withLock { state -> (depth: Int, hooks: Int)? in
            guard state.depth <= level else { return nil }
            state.depth += 1
            return (state.depth, state.hooks.count)
        }
        guard let entered else {
            throw .invalidQuery(
                "Two tasks have a nested transaction open in one transaction at the same time. A connection can only "
                    + "nest them: run one after the other, or put one transaction around all of it.")
        }
        return entered
    }

    /// Leaves a nested transaction; a rollback drops the hooks it added.
    func leaveSavepoint(keepingHooks count: Int?) {
        state.withLock {
            $0.depth -= 1
            if let count, count < $0.hooks.count { $0.hooks.removeSubrange(count...) }
        }
    }

    /// Keeps what is to happen after the commit; `false` when the transaction has ended.
    func add(_ hook: @escaping @Sendable () async throws -> Void) -> Bool {
        state.withLock { state in
            if state.isOpen { state.hooks.append(hook) }
            return state.isOpen
        }
    }
}

/// Runs an operation in a transaction of the task's database: all of it happens, or nothing.
///
/// A transaction inside another is a savepoint. The operation's error, or the task's cancellation, rolls back.
///
/// ```swift
/// try await transaction {
///     try await post.save()
///     afterCommit { try await cache.delete(key) }
/// }
/// ```
///
/// - Throws: What the operation throws, after the rollback; ``DatabaseError`` when the commit is refused.
@discardableResult
public func transaction<Result>(
    isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
) async throws -> Result {
    let database = try Database.current
    if let open = database.openTransaction {
        return try await savepoint(database, open, operation)
    }
    let (result, hooks) = try await outermost(database, operation)
    // The connection is back in its pool: a hook may write, too.
    for hook in hooks { try await hook() }
    return result
}

/// Runs an operation in a transaction on a connection of its own; gives back what waits for the commit.
private func outermost<Result>(
    isolation: isolated (any Actor)? = #isolation, _ database: Database, _ operation: () async throws -> Result
) async throws -> (Result, [@Sendable () async throws -> Void]) {
    let connection = try await database.backend.lease(.write)
    defer { database.backend.release(connection, .write) }
    let transaction = Transaction(connection)
    let ambient = Database.Ambient(database: database, transaction: transaction)
    try await database.execute(Statement(database.dialect.begin), on: connection)
    do {
        let result = try await Database.$ambient.withValue(ambient, operation: operation, isolation: isolation)
        try Task.checkCancellation()
        let hooks = await transaction.end()
        try await database.execute(Statement("COMMIT"), on: connection)
        return (result, hooks)
    } catch {
        await transaction.end()
        await rollBack(database, connection)
        throw error
    }
}

/// Runs an operation after the current transaction has committed; drops it when that rolls back.
///
/// Outside a transaction nothing is pending, and the operation is run at once in a task of its own. Nobody waits for it, so
/// an error of it goes to who hears of the database's errors: see ``Database/init(_:models:observers:onError:)``.
public func afterCommit(_ operation: @escaping @Sendable () async throws -> Void) {
    // A task that has outlived its transaction has none.
    if let transaction = Database.ambient?.transaction, transaction.add(operation) { return }
    let database = Database.ambient?.database
    Task {
        do {
            try await operation()
        } catch {
            Database.report(AfterCommitError(cause: error), of: database)
        }
    }
}

private func savepoint<Result>(
    isolation: isolated (any Actor)? = #isolation, _ database: Database, _ transaction: Transaction,
    _ operation: () async throws -> Result
) async throws -> Result {
    let (depth, hooks) = try transaction.enterSavepoint(at: Database.ambient?.level ?? 0)
    let name = "martlet_\(depth)"
    let ambient = Database.Ambient(database: database, transaction: transaction, level: depth)
    do {
        try await database.execute(Statement("SAVEPOINT \(name)"))
        let result = try await Database.$ambient.withValue(ambient, operation: operation, isolation: isolation)
        try Task.checkCancellation()
        try await database.execute(Statement("RELEASE SAVEPOINT \(name)"))
        transaction.leaveSavepoint(keepingHooks: nil)
        return result
    } catch {
        transaction.leaveSavepoint(keepingHooks: hooks)
        await uncancelled {
            _ = try? await database.execute(Statement("ROLLBACK TO SAVEPOINT \(name)"))
            _ = try? await database.execute(Statement("RELEASE SAVEPOINT \(name)"))
        }
        throw error
    }
}

/// Rolls back; an error here adds nothing, since the database has rolled back by itself or the connection is gone.
func rollBack(_ database: Database, _ connection: any DatabaseConnection) async {
    await uncancelled { _ = try? await database.execute(Statement("ROLLBACK"), on: connection) }
}

/// Runs clean-up that a cancelled task, or one whose time is over, still owes.
func uncancelled(_ operation: @escaping @Sendable () async -> Void) async {
    await TimeLimit.$current.withValue(nil) { Task { await operation() } }.value
}
