extension Database {
    /// The rows of a query in SQL, as tuples.
    ///
    /// ```swift
    /// let rows = try await Database.current.raw(
    ///     "SELECT name, count(*) FROM tags WHERE name LIKE \(pattern) GROUP BY name", as: String.self, Int.self)
    /// for (name, count) in rows { … }
    /// ```
    ///
    /// - Parameters:
    ///   - access: `.write` for a statement that writes.
    ///   - types: What the columns hold, in order; as many as there are columns.
    /// - Throws: ``ORMError/invalidQuery(_:)`` for another number of columns; ``DatabaseError``; ``DecodingProblem``.
    public func raw<each V: FieldValue>(
        _ sql: SQLText, access: DatabaseAccess = .read, as types: repeat (each V).Type
    ) async throws -> [(repeat each V)] {
        var expected = 0
        for _ in repeat each types { expected += 1 }
        let width = expected
        return try await rows(try sql.statement(dialect), access: access) { row in
            guard row.count == width else {
                throw ORMError.invalidQuery("The result has \(row.count) columns, and \(width) types were given.")
            }
            var index = -1
            func next<Value: FieldValue>(_: Value.Type) throws -> Value {
                index += 1
                return try Value.decode(from: row, at: index)
            }
            return (repeat try next((each V).self))
        }
    }

    /// The rows of a query in SQL, as values of a type of yours.
    ///
    /// ```swift
    /// struct Line: Decodable, Sendable { var name: String; var tagCount: Int }
    /// let lines = try await Database.current.raw("SELECT name, tag_count FROM …", into: Line.self)
    /// ```
    ///
    /// A property is read from the column of its name, or of its name in snake_case.
    ///
    /// - Throws: `DecodingError` with the name of a column that is missing or of another type; ``DatabaseError``.
    public func raw<Value: Decodable & Sendable>(
        _ sql: SQLText, access: DatabaseAccess = .read, into type: Value.Type
    ) async throws -> [Value] {
        try await rows(try sql.statement(dialect), access: access) { try Value(from: RowDecoder($0)) }
    }

    /// Runs a statement in SQL that returns no rows.
    ///
    /// ```swift
    /// try await Database.current.execute("UPDATE blog_post SET views = 0 WHERE id = \(id)")
    /// ```
    @discardableResult
    public func execute(_ sql: SQLText) async throws -> ExecutionResult {
        try await execute(try sql.statement(dialect))
    }
}
