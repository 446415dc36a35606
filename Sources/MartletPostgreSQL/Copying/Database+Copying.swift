public import MartletORM

extension Database {
    /// Writes rows in bulk with a `COPY … FROM STDIN` of PostgreSQL, in the task's transaction if there is one.
    ///
    /// ```swift
    /// let rows = try await database.copyIn("COPY blog_tag (name) FROM STDIN (FORMAT csv)", from: lines)
    /// ```
    ///
    /// All rows are written or none. The next bytes are asked for when the server has taken those before.
    ///
    /// - Parameters:
    ///   - sql: The statement; its text must not come from outside.
    ///   - chunks: Bytes in the statement's format; a row may be cut anywhere.
    /// - Returns: How many rows there were.
    /// - Throws: ``MartletORM/DatabaseError``; what `chunks` throws; ``MartletORM/ORMError/invalidQuery(_:)`` on another
    ///   database.
    ///
    /// Source: [PostgreSQL, COPY](https://www.postgresql.org/docs/current/sql-copy.html).
    @discardableResult
    public func copyIn<Chunks: AsyncSequence & Sendable>(
        _ sql: String, from chunks: Chunks
    ) async throws -> Int where Chunks.Element == [UInt8] {
        let statement = Statement(sql)
        return try await withConnection(.write, statement) { connection in
            let connection = try Self.postgreSQL(connection)
            return try await self.observed(statement, count: { $0 }) {
                try await connection.inTurn(statement) {
                    var iterator = chunks.makeAsyncIterator()
                    return try await connection.copyIn(sql) { try await iterator.next() }
                }
            }
        }
    }

    /// Reads rows in bulk with a `COPY … TO STDOUT` of PostgreSQL, in the task's transaction if there is one.
    ///
    /// ```swift
    /// try await database.copyOut("COPY blog_tag TO STDOUT (FORMAT csv, HEADER)") { bytes in try await file.write(bytes) }
    /// ```
    ///
    /// - Parameters:
    ///   - sql: The statement; its text must not come from outside.
    ///   - receive: Takes whole rows, up to 64 KB and the rest of a row. No more are read until it has returned; what it
    ///     throws ends the copy.
    /// - Throws: ``MartletORM/DatabaseError``; what `receive` throws; ``MartletORM/ORMError/invalidQuery(_:)`` on another
    ///   database.
    public func copyOut(_ sql: String, _ receive: @Sendable ([UInt8]) async throws -> Void) async throws {
        let statement = Statement(sql)
        try await withConnection(.read, statement) { connection in
            let connection = try Self.postgreSQL(connection)
            _ = try await self.observed(statement, count: { $0 }) {
                try await connection.inTurn(statement) {
                    try await connection.copyOut(sql, receive)
                    return 0
                }
            }
        }
    }

    private static func postgreSQL(_ connection: any DatabaseConnection) throws -> PostgreSQLConnection {
        guard let connection = connection as? PostgreSQLConnection else {
            throw ORMError.invalidQuery("COPY is a statement of PostgreSQL. Use `createMany` on other databases.")
        }
        return connection
    }
}
