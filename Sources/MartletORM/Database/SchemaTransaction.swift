extension Database {
    /// Runs an operation in a transaction on a connection that is prepared for it and put right again.
    ///
    /// SQLite needs it: foreign keys can be switched off only outside a transaction, and only for a connection.
    ///
    /// - Parameters:
    ///   - before: Runs on the connection before the transaction begins.
    ///   - after: Runs on the connection after the transaction has ended, whichever way.
    /// - Throws: ``ORMError/invalidQuery(_:)`` inside a transaction, or what a statement or the operation throws.
    package func schemaTransaction(
        before: [Statement], after: [Statement], _ operation: @Sendable () async throws -> Void
    ) async throws {
        guard openTransaction == nil else {
            throw ORMError.invalidQuery(
                "Tables cannot be changed inside a transaction that is already open. "
                    + "Migrate outside `transaction { … }`; a test migrates its database before the test begins.")
        }
        let connection = try await backend.lease(.write)
        defer { backend.release(connection, .write) }
        let transaction = Transaction(connection)
        let ambient = ambient(with: transaction, level: 0)
        try await Database.$ambient.withValue(ambient) {
            do {
                for statement in before { try await execute(statement) }
                try await inTransaction(operation, on: connection)
            } catch {
                // The first error is the one to tell; the statements of `after` are run even for a cancelled task.
                await uncancelled { for statement in after { _ = try? await self.execute(statement) } }
                await transaction.end()
                throw error
            }
            await transaction.end()
            // A task that is cancelled now owes them as well: the next one that gets the connection does not run them.
            try await uncancelled { for statement in after { try await self.execute(statement, on: connection) } }
        }
    }

    private func inTransaction(
        _ operation: @Sendable () async throws -> Void, on connection: any DatabaseConnection
    ) async throws {
        try await execute(Statement(dialect.begin))
        do {
            try await operation()
            try Task.checkCancellation()
            try await execute(Statement("COMMIT"))
        } catch {
            await rollBack(self, connection)
            throw error
        }
    }
}
