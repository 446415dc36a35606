/// Runs an operation after the current transaction has committed; drops it when that rolls back.
///
/// Outside a transaction nothing is pending, and the operation is run at once in a task of its own. Nobody waits for it,
/// so its error goes to the database's notices.
///
/// - Parameters:
///   - alias: The database whose transaction is waited for; unless told, that of the innermost transaction.
///   - robust: Whether the other hooks run though this one throws; its error goes to the database's notices, which a
///     site logs. Otherwise the error ends the hooks and is thrown by `transaction`, whose work is committed all the
///     same.
///
/// Source: [Django, `on_commit`](https://docs.djangoproject.com/en/5.2/topics/db/transactions/#django.db.transaction.on_commit).
public func afterCommit(
    on alias: DatabaseAlias? = nil, robust: Bool = false, _ operation: @escaping @Sendable () async throws -> Void
) {
    let hook = Transaction.Hook(operation: operation, isRobust: robust)
    // A task that has outlived its transaction has none.
    if let transaction = Database.ambient?.innermost(on: alias), transaction.add(hook) { return }
    let database = Database.ambient?.database
    Task {
        do {
            try await operation()
        } catch {
            (database?.tell ?? Database.log)(.hookFailed(error, place: ""))
        }
    }
}

/// Whether the current task is in a transaction that ``afterCommit(on:robust:_:)`` would wait for.
public func isInTransaction(on alias: DatabaseAlias? = nil) -> Bool {
    Database.ambient?.innermost(on: alias)?.isOpen ?? false
}

/// Runs what waited for a commit, in order.
func run(_ hooks: [Transaction.Hook], of database: Database?, place: String) async throws {
    for hook in hooks {
        do {
            try await hook.operation()
        } catch  where hook.isRobust {
            database?.tell(.hookFailed(error, place: place))
        }
    }
}

/// Has the innermost block of the current transaction rolled back though it ends without an error.
///
/// ```swift
/// try await transaction {
///     let outcome = try await importRows()
///     if outcome.isTrial { try setRollback() }
/// }
/// ```
///
/// - Parameter isMarked: `false` takes it back.
/// - Throws: ``ORMError/invalidQuery(_:)`` outside a transaction.
///
/// Source: [Django, `set_rollback`](https://docs.djangoproject.com/en/5.2/topics/db/transactions/#django.db.transaction.set_rollback).
public func setRollback(_ isMarked: Bool = true, on alias: DatabaseAlias? = nil) throws(ORMError) {
    if let transaction = Database.ambient?.innermost(on: alias), transaction.mark(isMarked) { return }
    throw .invalidQuery("There is no transaction to be rolled back. Call setRollback inside `transaction { … }`.")
}

/// Whether the innermost block of the current transaction will be rolled back.
public func isMarkedForRollback(on alias: DatabaseAlias? = nil) -> Bool {
    Database.ambient?.innermost(on: alias)?.isMarked ?? false
}
