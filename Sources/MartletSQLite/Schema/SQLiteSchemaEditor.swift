public import MartletORM

/// How SQLite makes and changes tables, with the text of Django's own statements.
///
/// SQLite can add and drop a plain column; any other change copies the table into a new one.
///
/// Source: [Making other kinds of table schema changes](https://www.sqlite.org/lang_altertable.html#otheralter).
public struct SQLiteSchemaEditor: SchemaEditor {
    let dialect: SQLiteDialect

    /// Makes an editor.
    public init() {
        self.init(dialect: SQLiteDialect())
    }

    init(dialect: SQLiteDialect) {
        self.dialect = dialect
    }

    /// SQLite has no limit; Django cuts names to this length.
    public var maximumNameLength: Int { 200 }

    /// Makes a table with its indexes.
    public func createTable(_ table: TableLayout) -> [SchemaStep] {
        [SchemaStep([createStatement(table, named: table.name)] + indexStatements(of: table).map(\.sql))]
    }

    /// Removes a table; its indexes go with it.
    public func dropTable(_ table: TableLayout) -> [SchemaStep] {
        [SchemaStep(["DROP TABLE \(quoted(table.name))"])]
    }

    /// Changes a table by the smallest means that SQLite has.
    public func alterTable(_ change: TableChange) -> [SchemaStep] {
        var steps: [SchemaStep] = []
        var change = change.withoutComments
        if change.before.name != change.after.name {
            steps.append(renameTable(change.before.name, to: change.after.name))
            change.before.name = change.after.name
        }
        let (before, after) = (change.before, change.after)
        if before == after { return steps }
        if before.constraints.filter(\.isInline) != after.constraints.filter(\.isInline) {
            steps.append(rebuild(change))
        } else if before.columns == after.columns {
            steps.append(SchemaStep(dropIndexes(change) + createIndexes(change)))
        } else if let added = appendedColumns(change) {
            steps.append(SchemaStep(dropIndexes(change) + added + createIndexes(change)))
        } else if let dropped = droppedColumns(change) {
            steps.append(SchemaStep(dropIndexes(change) + dropped + createIndexes(change)))
        } else {
            steps.append(rebuild(change))
        }
        return steps
    }

    private func renameTable(_ name: String, to newName: String) -> SchemaStep {
        SchemaStep(["ALTER TABLE \(quoted(name)) RENAME TO \(quoted(newName))"])
    }

    func quoted(_ identifier: String) -> String { dialect.quoted(identifier) }
}

// MARK: Statements

extension SQLiteSchemaEditor {
    func createStatement(_ table: TableLayout, named name: String) -> String {
        let columns = table.columns.map { "\(quoted($0.name)) \(definition(of: $0))" }
        let parts = columns + table.constraints.compactMap(definition)
        return "CREATE TABLE \(quoted(name)) (\(parts.joined(separator: ", ")))"
    }

    /// What follows a column's name, in Django's order.
    private func definition(of column: ColumnLayout) -> String {
        var parts = [dialect.columnType(of: column.kind) ?? "text", column.isNull ? "NULL" : "NOT NULL"]
        if column.isPrimaryKey {
            parts.append("PRIMARY KEY")
        } else if column.isUnique {
            parts.append("UNIQUE")
        }
        if let check = dialect.columnCheck(of: column.kind, column: quoted(column.name)) {
            parts.append("CHECK (\(check))")
        }
        if column.kind == .auto { parts.append("AUTOINCREMENT") }
        parts += storageCheck(of: column)
        if let reference = column.reference {
            let target = "\(quoted(reference.table)) (\(quoted(reference.column)))"
            parts.append("REFERENCES \(target) DEFERRABLE INITIALLY DEFERRED")
        }
        return parts.joined(separator: " ") + writer.computed(column)
    }

    private func dropIndexes(_ change: TableChange) -> [String] {
        let kept = indexStatements(of: change.after)
        return indexStatements(of: change.before).filter { !kept.contains($0) }.map { "DROP INDEX \(quoted($0.name))" }
    }

    private func createIndexes(_ change: TableChange) -> [String] {
        let there = indexStatements(of: change.before)
        return indexStatements(of: change.after).filter { !there.contains($0) }.map(\.sql)
    }

    /// The statements for columns that `ADD COLUMN` can add: at the end, and null in the rows there are.
    private func appendedColumns(_ change: TableChange) -> [String]? {
        let (before, after) = (change.before.columns, change.after.columns)
        guard after.count > before.count, Array(after.prefix(before.count)) == before else { return nil }
        let added = after.dropFirst(before.count)
        let isPlain = added.allSatisfy {
            $0.isNull && !$0.isPrimaryKey && !$0.isUnique && change.fills[$0.name] == nil
                && change.renamedColumns[$0.name] == nil && $0.databaseDefault == nil && $0.generated == nil
        }
        guard isPlain else { return nil }
        let table = quoted(change.after.name)
        return added.map { "ALTER TABLE \(table) ADD COLUMN \(quoted($0.name)) \(definition(of: $0))" }
    }

    /// The statements for columns that `DROP COLUMN` can drop: no key, no constraint, no index on it.
    private func droppedColumns(_ change: TableChange) -> [String]? {
        let (before, after) = (change.before.columns, change.after.columns)
        guard before.count > after.count, change.renamedColumns.isEmpty else { return nil }
        guard before.filter({ after.contains($0) }) == after else { return nil }
        let dropped = before.filter { !after.contains($0) }
        let computed = before.flatMap { $0.generated?.expression.fields ?? [] }
        let indexed = Set(
            change.before.indexes.flatMap(\.columns) + change.before.constraints.flatMap(\.columns) + computed)
        let isPlain = dropped.allSatisfy {
            !$0.isPrimaryKey && !$0.isUnique && $0.reference == nil && !indexed.contains($0.name)
        }
        guard isPlain else { return nil }
        return dropped.map { "ALTER TABLE \(quoted(change.after.name)) DROP COLUMN \(quoted($0.name))" }
    }
}
