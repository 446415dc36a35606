/// A connection that can run a statement that somebody has typed so that it cannot change anything, whatever it says.
package protocol QuestionedConnection: DatabaseConnection {
    /// Runs a statement, and refuses whatever writes, opens another file or changes the connection.
    func answer<Value: Sendable>(
        _ question: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value]
}

extension Database {
    /// Runs a statement that somebody has typed, in a transaction that only reads and is rolled back in any case: what it
    /// has set for the session is gone, too.
    ///
    /// - Throws: ``DatabaseError``, of kind `readOnly` for what would change something.
    package func answer<Value: Sendable>(
        _ question: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] {
        do {
            return try await use {
                try await transaction(readOnly: true) {
                    throw Answer(rows: try await self.rows(answering: question, decode))
                }
            }
        } catch let answer as Answer<Value> {
            return answer.rows
        }
    }

    /// Thrown, so that the transaction is rolled back.
    private struct Answer<Value: Sendable>: Error {
        let rows: [Value]
    }

    private func rows<Value: Sendable>(
        answering question: Statement, _ decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] {
        try await withConnection(.read, question) { connection in
            try await self.observed(question, count: { $0.count }) {
                guard let connection = connection as? any QuestionedConnection else {
                    return try await connection.rows(question, decode: decode)
                }
                return try await connection.answer(question, decode: decode)
            }
        }
    }
}
