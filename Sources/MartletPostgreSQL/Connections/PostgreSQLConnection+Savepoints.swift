import CPostgreSQL
import MartletORM

// Source: [PostgreSQL, SAVEPOINT](https://www.postgresql.org/docs/current/sql-savepoint.html).
extension PostgreSQLConnection: SavepointConnection {
    func rows<Value: Sendable>(
        behindSavepoint statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] {
        try await inTurn(statement) {
            try await behindSavepoint {
                let result = try await run(statement)
                defer { PQclear(result) }
                return try Self.decode(result, decode)
            }
        }
    }

    func execute(behindSavepoint statement: Statement) async throws -> ExecutionResult {
        try await inTurn(statement) {
            try await behindSavepoint {
                let result = try await run(statement)
                defer { PQclear(result) }
                return ExecutionResult(changedRows: Self.changedRows(result))
            }
        }
    }

    /// A savepoint of the same name that is there already is none of this one's: the last one counts.
    private nonisolated(nonsending) func behindSavepoint<Value>(
        _ operation: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
        PQclear(try await runOnce("SAVEPOINT martlet_alone"))
        do {
            let value = try await operation()
            PQclear(try await runOnce("RELEASE SAVEPOINT martlet_alone"))
            return value
        } catch {
            // A request to end the statement that arrives late would end the way back.
            await requestsToEndHaveArrived()
            // Where this fails the connection is lost, and the next statement says so.
            for sql in ["ROLLBACK TO SAVEPOINT martlet_alone", "RELEASE SAVEPOINT martlet_alone"] {
                if let result = try? await runOnce(sql) { PQclear(result) }
            }
            throw error
        }
    }
}
