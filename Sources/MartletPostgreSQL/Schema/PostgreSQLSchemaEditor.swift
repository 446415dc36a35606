public import MartletORM

/// How PostgreSQL makes and changes tables, with the names of Django's own statements.
///
/// PostgreSQL can change everything in place, and takes it back when the migration fails.
///
/// Source: [PostgreSQL, ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html).
public struct PostgreSQLSchemaEditor: SchemaEditor {
    private let dialect = PostgreSQLDialect()

    /// Makes an editor.
    public init() {}

    /// PostgreSQL cuts longer names.
    public var maximumNameLength: Int { ConstraintName.maximumLength }

    /// Makes a table with its constraints and indexes.
    public func createTable(_ table: TableLayout) -> [SchemaStep] {
        let columns = table.columns.map { "\(quoted($0.name)) \(definition(of: $0))" }
        let parts = columns + table.constraints.filter(\.isInline).map(definition)
        var statements = ["CREATE TABLE \(quoted(table.name)) (\(parts.joined(separator: ", ")))"]
        statements += table.constraints.filter { !$0.isInline }.map { addConstraint($0, on: table.name) }
        statements += table.columns.compactMap { addReference(of: $0, on: table.name) }
        statements += table.columns.compactMap { addPatternIndex(of: $0, on: table.name) }
        statements += table.indexes.map { createIndex($0, on: table.name) }
        statements += comments(from: nil, to: table)
        return [SchemaStep(statements)]
    }

    /// Removes a table; references to it go with it, as Django means it.
    public func dropTable(_ table: TableLayout) -> [SchemaStep] {
        [SchemaStep(["DROP TABLE \(quoted(table.name)) CASCADE"])]
    }

    /// Changes a table in place.
    public func alterTable(_ change: TableChange) -> [SchemaStep] {
        let (before, after) = (change.before, change.after)
        if before == after { return [] }
        if change.isConcurrent { return concurrentSteps(change) }
        var statements: [String] = []
        if before.name != after.name {
            statements.append("ALTER TABLE \(quoted(before.name)) RENAME TO \(quoted(after.name))")
        }
        statements += renameColumns(change)
        let recomputed = recomputedColumns(change)
        let groups = changedGroups(change, recomputed)
        statements += groups.dropped
        let kept = Set(after.columns.compactMap { change.source(of: $0)?.name })
        statements += before.columns.filter { !kept.contains($0.name) }
            .map { "ALTER TABLE \(quoted(after.name)) DROP COLUMN \(quoted($0.name)) CASCADE" }
        let computed = after.columns.filter { recomputed.contains($0.name) }
        statements += computed.map { "ALTER TABLE \(quoted(after.name)) DROP COLUMN \(quoted($0.name))" }
        for column in after.columns where !recomputed.contains(column.name) {
            if let source = change.source(of: column) {
                statements += alter(source, to: column, on: after.name, fill: change.fills[column.name])
            } else {
                statements += add(column, on: after.name, fill: change.fills[column.name])
            }
        }
        // What they are computed from has its new type by now.
        for column in computed { statements += add(column, on: after.name, fill: nil) }
        statements += groups.added
        statements += comments(from: before, to: after)
        return [SchemaStep(statements)]
    }

    /// A generated column that is computed when it is read is not known before PostgreSQL 18.
    public func problems(of table: TableLayout) -> [String] {
        table.columns.filter { $0.generated?.isStored == false }.map {
            "The column '\($0.name)' is computed when it is read, which PostgreSQL 15 to 17 cannot do; keep it in the "
                + "table with `stored: true`."
        }
    }

    /// The names of all tables and views that need no schema in front.
    public func tableNames(in database: Database) async throws -> Set<String> {
        let sql = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_table_is_visible(oid)"
        return Set(try await database.rows(Statement(sql)) { try $0.text(at: 0) })
    }

    /// Carries out a step.
    public func run(_ step: SchemaStep, on database: Database) async throws {
        for sql in step.statements { try await database.execute(Statement(sql)) }
    }

    /// Runs an operation in a transaction.
    ///
    /// - Parameter tables: Nothing is to be done for them: PostgreSQL checks every reference itself.
    public func transaction(
        on database: Database, checking tables: [String], _ operation: @Sendable () async throws -> Void
    ) async throws {
        try await database.schemaTransaction(before: [], after: []) {
            // A table whose rows have checks that are put off to the commit cannot be altered.
            try await database.execute(Statement("SET CONSTRAINTS ALL IMMEDIATE"))
            try await operation()
        }
    }

    func quoted(_ identifier: String) -> String { dialect.quoted(identifier) }
}

// MARK: Columns

extension PostgreSQLSchemaEditor {
    func type(of column: ColumnLayout) -> String { dialect.columnType(of: column.kind) ?? "text" }

    /// What follows a column's name, in Django's order.
    private func definition(of column: ColumnLayout) -> String {
        var parts = [type(of: column), column.isNull ? "NULL" : "NOT NULL"]
        if column.isPrimaryKey {
            parts.append("PRIMARY KEY")
        } else if column.isUnique {
            parts.append("UNIQUE")
        }
        if let check = check(of: column) { parts.append("CHECK (\(check))") }
        if column.kind == .auto { parts.append("GENERATED BY DEFAULT AS IDENTITY") }
        return parts.joined(separator: " ") + writer.computed(column)
    }

    private func check(of column: ColumnLayout) -> String? {
        dialect.columnCheck(of: column.kind, column: quoted(column.name))
    }

    private func renameColumns(_ change: TableChange) -> [String] {
        change.renamedColumns.sorted { $0.key < $1.key }.map { name, old in
            "ALTER TABLE \(quoted(change.after.name)) RENAME COLUMN \(quoted(old)) TO \(quoted(name))"
        }
    }

    /// Existing rows get the fill as a default that is dropped again: the column itself has none.
    private func add(_ column: ColumnLayout, on table: String, fill: FieldDefault?) -> [String] {
        let name = quoted(column.name)
        var bare = column
        if fill != nil { bare.databaseDefault = nil }
        var addition = "ALTER TABLE \(quoted(table)) ADD COLUMN \(name) \(definition(of: bare))"
        var statements: [String] = []
        if let fill {
            addition += " DEFAULT \(expression(fill, for: column))"
            statements = [addition, "ALTER TABLE \(quoted(table)) ALTER COLUMN \(name) DROP DEFAULT"]
            if let value = column.databaseDefault {
                statements.append(
                    "ALTER TABLE \(quoted(table)) ALTER COLUMN \(name) SET DEFAULT (\(value.sql(writer)))")
            }
        } else {
            statements = [addition]
        }
        if let reference = addReference(of: column, on: table) { statements.append(reference) }
        if let index = addPatternIndex(of: column, on: table) { statements.append(index) }
        return statements
    }

    /// The statements that turn a column, which has its new name already, into another.
    private func alter(
        _ before: ColumnLayout, to after: ColumnLayout, on table: String, fill: FieldDefault?
    ) -> [String] {
        let (table, name) = (table, quoted(after.name))
        let prefix = "ALTER TABLE \(quoted(table)) ALTER COLUMN \(name)"
        var statements = dropped(before, after, table)
        if before.databaseDefault != nil, before.databaseDefault != after.databaseDefault {
            statements.append("\(prefix) DROP DEFAULT")
        }
        if type(of: before) != type(of: after) {
            statements.append("\(prefix) TYPE \(type(of: after)) USING \(name)::\(type(of: after))")
        }
        if before.isNull, !after.isNull {
            if let fill {
                let value = expression(fill, for: after)
                statements.append("UPDATE \(quoted(table)) SET \(name) = \(value) WHERE \(name) IS NULL")
            }
            statements.append("\(prefix) SET NOT NULL")
        } else if after.isNull, !before.isNull {
            statements.append("\(prefix) DROP NOT NULL")
        }
        if let value = after.databaseDefault, value != before.databaseDefault {
            statements.append("\(prefix) SET DEFAULT (\(value.sql(writer)))")
        }
        return statements + added(before, after, table)
    }

    /// What goes: constraints that the column no longer has.
    private func dropped(_ before: ColumnLayout, _ after: ColumnLayout, _ table: String) -> [String] {
        var statements: [String] = []
        if before.reference != nil, before.reference != after.reference || type(of: before) != type(of: after) {
            statements.append(dropConstraints(.reference, of: after.name, on: table))
        }
        if before.isUnique, !after.isUnique { statements.append(dropConstraints(.unique, of: after.name, on: table)) }
        if check(of: before) != nil, before.kind.check("") != after.kind.check("") {
            statements.append(dropConstraints(.check, of: after.name, on: table))
        }
        if before.isPrimaryKey, !after.isPrimaryKey {
            statements.append(dropConstraints(.primaryKey, of: after.name, on: table))
        }
        if hasPatternIndex(before), !hasPatternIndex(after) {
            statements.append("DROP INDEX IF EXISTS \(quoted(patternIndexName(before.name, on: table)))")
        }
        if before.kind == .auto, after.kind != .auto {
            statements.append(
                "ALTER TABLE \(quoted(table)) ALTER COLUMN \(quoted(after.name)) DROP IDENTITY IF EXISTS")
        }
        return statements
    }

    /// What comes: constraints that the column did not have.
    private func added(_ before: ColumnLayout, _ after: ColumnLayout, _ table: String) -> [String] {
        var statements: [String] = []
        let (name, alteration) = (quoted(after.name), "ALTER TABLE \(quoted(table)) ")
        if after.kind == .auto, before.kind != .auto {
            statements.append("\(alteration)ALTER COLUMN \(name) ADD GENERATED BY DEFAULT AS IDENTITY")
        }
        if after.isPrimaryKey, !before.isPrimaryKey { statements.append("\(alteration)ADD PRIMARY KEY (\(name))") }
        if after.isUnique, !before.isUnique {
            let constraint = constraintName(after.name, on: table, "_uniq")
            statements.append("\(alteration)ADD CONSTRAINT \(constraint) UNIQUE (\(name))")
        }
        if let check = check(of: after), before.kind.check("") != after.kind.check("") {
            let constraint = constraintName(after.name, on: table, "_check")
            statements.append("\(alteration)ADD CONSTRAINT \(constraint) CHECK (\(check))")
        }
        let isTypeNew = type(of: before) != type(of: after)
        if after.reference != before.reference || isTypeNew, let reference = addReference(of: after, on: table) {
            statements.append(reference)
        }
        if !hasPatternIndex(before), let index = addPatternIndex(of: after, on: table) { statements.append(index) }
        return statements
    }
}
