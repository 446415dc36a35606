extension SQLCompiler {
    /// `SELECT` of a column of a table between two models.
    ///
    /// - Parameter conditions: Columns, each with the values one of which it has; the caller keeps to the most values
    ///   a statement can have.
    static func selectLinks(
        _ column: String, from table: String, where conditions: [(column: String, values: [SQLValue])],
        _ dialect: any SQLDialect
    ) -> Statement {
        var compiler = SQLCompiler(dialect)
        let parts = conditions.map { column, values in
            "\(dialect.quoted(column)) IN (\(values.map { compiler.bind($0) }.joined(separator: ", ")))"
        }
        // A link whose other end may be null is none when it is.
        return Statement(
            "SELECT \(dialect.quoted(column)) FROM \(dialect.quoted(table)) WHERE \(parts.joined(separator: " AND "))"
                + " AND \(dialect.quoted(column)) IS NOT NULL",
            compiler.parameters)
    }

    /// `SELECT` that keeps others from holding the same row until the transaction ends; `nil` where a transaction that
    /// writes keeps out all others anyway.
    static func hold(_ key: SQLValue, in table: AnyTable, _ dialect: any SQLDialect) -> Statement? {
        guard let lock = dialect.holdClause else { return nil }
        var compiler = SQLCompiler(dialect)
        let column = dialect.quoted(table.primaryKey.column)
        return Statement(
            "SELECT \(column) FROM \(dialect.quoted(table.name)) WHERE \(column) = \(compiler.bind(key))\(lock)",
            compiler.parameters)
    }
}
