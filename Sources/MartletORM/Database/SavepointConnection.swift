/// A connection whose transaction is lost with a statement that fails, unless a savepoint stands before that.
package protocol SavepointConnection: DatabaseConnection {
    /// Runs a statement behind a savepoint of its own, and goes back there when it fails. No other statement comes between
    /// the two: it would be undone, too.
    func rows<Value: Sendable>(
        behindSavepoint statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value]

    /// The same for a statement that returns no rows.
    func execute(behindSavepoint statement: Statement) async throws -> ExecutionResult
}

// For what a view can do without, such as its cache. `transaction { }` would do for one task; but several of one transaction
// may ask at the same time, and outside of one it would begin one.
extension Database {
    /// Runs a statement and decodes its rows; the task's transaction, if there is one, goes on when it fails.
    package nonisolated(nonsending) func rows<Value: Sendable>(
        sparing statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] {
        try await withConnection(.read, statement, isShared: true) { connection in
            try await self.observed(statement, count: { $0.count }) {
                guard let connection = self.needsSavepoint(connection) else {
                    return try await connection.rows(statement, decode: decode)
                }
                return try await connection.rows(behindSavepoint: statement, decode: decode)
            }
        }
    }

    /// Runs a statement that returns no rows; the task's transaction, if there is one, goes on when it fails.
    @discardableResult
    package nonisolated(nonsending) func execute(sparing statement: Statement) async throws -> ExecutionResult {
        try await withConnection(.write, statement, isShared: true) { connection in
            try await self.observed(statement, count: { $0.changedRows }) {
                guard let connection = self.needsSavepoint(connection) else {
                    return try await connection.execute(statement)
                }
                return try await connection.execute(behindSavepoint: statement)
            }
        }
    }

    /// The connection, if it is that of a transaction and a statement that fails would end that.
    private func needsSavepoint(_ connection: any DatabaseConnection) -> (any SavepointConnection)? {
        guard let transaction = openTransaction, transaction.connection === connection else { return nil }
        return connection as? any SavepointConnection
    }
}
