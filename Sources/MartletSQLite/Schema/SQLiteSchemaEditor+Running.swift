public import MartletORM

extension SQLiteSchemaEditor {
    /// The names of all tables and views.
    public func tableNames(in database: Database) async throws -> Set<String> {
        let sql = "SELECT \"name\" FROM \"sqlite_schema\" WHERE \"type\" IN ('table', 'view')"
        return Set(try await database.rows(Statement(sql)) { try $0.text(at: 0) })
    }

    /// Carries out a step. What was made by hand and mentions a rebuilt table is made again: indexes, triggers, views.
    public func run(_ step: SchemaStep, on database: Database) async throws {
        var kept: [SchemaObject] = []
        if let rebuild = step.rebuild { kept = try await objects(around: rebuild, in: database) }
        // SQLite refuses to rename a table while a view or trigger mentions one that is missing.
        for object in kept where object.type != "index" {
            try await database.execute(Statement("DROP \(object.type) IF EXISTS \(quoted(object.name))"))
        }
        for sql in step.statements { try await database.execute(Statement(sql)) }
        for object in kept { try await database.execute(Statement(object.sql)) }
    }

    /// Runs an operation without SQLite's own checks of foreign keys, and makes up for them before the commit.
    ///
    /// With the checks on, dropping the old copy of a table would count as deleting the rows others refer to.
    public func transaction(
        on database: Database, checking tables: [String], _ operation: @Sendable () async throws -> Void
    ) async throws {
        try await database.schemaTransaction(
            before: [Statement("PRAGMA foreign_keys = OFF")], after: [Statement("PRAGMA foreign_keys = ON")]
        ) {
            try await operation()
            for table in tables { try await checkForeignKeys(of: table, in: database) }
        }
    }

    private struct SchemaObject: Sendable {
        let type: String
        let name: String
        let sql: String
    }

    /// In the order of their making, so that a view comes before those that read it.
    private func objects(around rebuild: SchemaStep.Rebuild, in database: Database) async throws -> [SchemaObject] {
        let sql = """
            SELECT "type", "name", "sql" FROM "sqlite_schema" WHERE "sql" IS NOT NULL AND (\
            "type" = 'index' AND "tbl_name" = ?1 OR "type" IN ('trigger', 'view')) ORDER BY "rowid"
            """
        let objects = try await database.rows(Statement(sql, [.text(rebuild.table)])) {
            SchemaObject(type: try $0.text(at: 0), name: try $0.text(at: 1), sql: try $0.text(at: 2))
        }
        return objects.filter { !rebuild.indexes.contains($0.name) }
    }

    private func checkForeignKeys(of table: String, in database: Database) async throws {
        let sql = "PRAGMA foreign_key_check(\(quoted(table)))"
        let problems = try await database.rows(Statement(sql)) { row in
            (row: row.value(at: 1), parent: try row.text(at: 2))
        }
        guard let first = problems.first else { return }
        let place = if case .integer(let number) = first.row { "row \(number)" } else { "a row" }
        throw DatabaseError(
            .foreignKeyViolation,
            "\(problems.count) references of '\(table)' lead nowhere; \(place) refers to a missing row of '\(first.parent)'.",
            sql: sql)
    }
}
