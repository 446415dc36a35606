public import MartletORM

extension SQLiteBackend: DatabaseInspecting {
    /// What is wrong with the file and the rows of the models' tables, a sentence each.
    ///
    /// Looks for damage of the file, for references to rows that are not there, and for values that a field cannot
    /// hold: SQLite keeps the text `many` in a column of numbers, and reading it as one is an error.
    ///
    /// - Throws: ``DatabaseError`` when the file cannot be read at all.
    ///
    /// Source: [SQLite, PRAGMA integrity_check](https://www.sqlite.org/pragma.html#pragma_integrity_check).
    public func problems(of models: ModelRegistry) async throws -> [String] {
        let connection = try await lease(.read)
        defer { release(connection, .read) }
        let damage = try await connection.rows(Statement("PRAGMA integrity_check")) { try $0.text(at: 0) }
        guard damage == ["ok"] else {
            return damage.map {
                "The file is damaged: \($0). Restore a backup, or save what can be read by `.recover`."
            }
        }
        var problems: [String] = []
        let missing = try await connection.rows(Statement("PRAGMA foreign_key_check")) { row in
            "A row of \(try row.text(at: 0)) refers to one of \(try row.text(at: 2)) that does not exist. "
                + "Make that row, or change the reference."
        }
        for sentence in missing where !problems.contains(sentence) { problems.append(sentence) }
        let tables = try await connection.rows(
            Statement("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        ) { try $0.text(at: 0) }
        for model in models.models where tables.contains(model.anyTable.name) {
            problems += try await Self.wrongClasses(in: model.anyTable, connection)
        }
        return problems
    }

    /// Columns with values of another storage class than their field's.
    private static func wrongClasses(in table: AnyTable, _ connection: any DatabaseConnection) async throws -> [String]
    {
        let dialect = SQLiteDialect()
        var problems: [String] = []
        for field in table.columns {
            guard let expected = StorageClass.classes(of: table.storedKind(of: field)) else { continue }
            let column = dialect.quoted(field.column)
            let sql =
                "SELECT typeof(\(column)), COUNT(*) FROM \(dialect.quoted(table.name)) WHERE NOT "
                + StorageClass.condition(on: column, expected, null: field.isNull) + " GROUP BY 1"
            problems += try await connection.rows(Statement(sql)) { row in
                let count = try row.integer(at: 1)
                return "\(count) \(count == 1 ? "row" : "rows") of \(table.name) \(count == 1 ? "has" : "have") "
                    + "\(try row.text(at: 0)) in the column \(field.column), which holds "
                    + "\(expected.map(\.rawValue).joined(separator: " or ")). Correct them."
            }
        }
        return problems
    }
}
