public import MartletORM

// What is done to tables that others read and write meanwhile.
extension PostgreSQLSchemaEditor {
    /// Indexes that are made and dropped while others go on writing, each outside of a transaction.
    ///
    /// Building one reads the table twice, and when it fails an invalid index stays behind. So whatever has the name
    /// goes first, and migrating again after a failure is all that is to be done.
    ///
    /// Source: [PostgreSQL, Building Indexes Concurrently](https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY).
    func concurrentSteps(_ change: TableChange) -> [SchemaStep] {
        let (before, after) = (change.before, change.after)
        let dropped = before.indexes.filter { !after.indexes.contains($0) }
        let added = after.indexes.filter { !before.indexes.contains($0) }
        let names = (dropped + added).map(\.name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let statements =
            names.map { "DROP INDEX CONCURRENTLY IF EXISTS \(quoted($0))" }
            + added.map { createIndex($0, on: after.name, concurrently: true) }
        return statements.map { SchemaStep([$0], runsAlone: true) }
    }

    /// Checks the rows that were there before the constraint, while others read and write them.
    public func validateConstraint(_ name: String, on table: String) -> [SchemaStep] {
        [SchemaStep(["ALTER TABLE \(quoted(table)) VALIDATE CONSTRAINT \(quoted(name))"])]
    }
}

// Rows as a whole.
extension PostgreSQLSchemaEditor {
    /// One statement for all tables, so that they may refer to each other; tables beside them that do are refused.
    public func deleteAllRows(of tables: [String]) -> [String] {
        ["TRUNCATE \(tables.map(quoted).joined(separator: ", ")) RESTART IDENTITY"]
    }

    /// Sets the sequence behind the column, if there is one, to the largest key.
    public func moveCounter(of column: String, in table: String) -> [String] {
        let (name, key) = (quoted(table), quoted(column))
        let sequence = "pg_get_serial_sequence(\(literal(.text(name))), \(literal(.text(column))))"
        return ["SELECT setval(\(sequence), coalesce(max(\(key)), 1), max(\(key)) IS NOT NULL) FROM \(name)"]
    }
}
