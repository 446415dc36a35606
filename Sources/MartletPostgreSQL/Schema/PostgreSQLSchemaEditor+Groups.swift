import MartletORM

// Indexes, constraints over several columns, and comments.
extension PostgreSQLSchemaEditor {
    /// Writes expressions in definitions of tables.
    var writer: SchemaExpression.Writer { .definitions(PostgreSQLDialect(), literal: literal) }

    /// Source: [PostgreSQL, CREATE INDEX](https://www.postgresql.org/docs/current/sql-createindex.html).
    func createIndex(_ layout: IndexLayout, on table: String, concurrently: Bool = false) -> String {
        let index = layout.index
        var sql = layout.isUnique ? "CREATE UNIQUE INDEX" : "CREATE INDEX"
        if concurrently { sql += " CONCURRENTLY" }
        sql += " \(quoted(index.name)) ON \(quoted(table))"
        if index.method != .btree { sql += " USING \(index.method.rawValue)" }
        sql += " (\(index.terms.map { writer.term($0, isPlain: false) }.joined(separator: ", ")))"
        if !index.include.isEmpty { sql += " INCLUDE \(writer.list(index.include))" }
        if let isDistinct = layout.nullsDistinct { sql += isDistinct ? " NULLS DISTINCT" : " NULLS NOT DISTINCT" }
        if !index.settings.isEmpty {
            let settings = index.settings.sorted { $0.key < $1.key }.map { "\($0) = \($1)" }
            sql += " WITH (\(settings.joined(separator: ", ")))"
        }
        return sql + writer.condition(index.condition)
    }

    /// A constraint inside of `CREATE TABLE`, or behind `ADD`.
    func definition(_ constraint: ConstraintLayout) -> String {
        "CONSTRAINT \(quoted(constraint.name)) "
            + {
                switch constraint.rule {
                case .check(let condition): "CHECK (\(condition.sql(writer)))"
                case .unique(let columns, let deferrable):
                    "UNIQUE \(writer.list(columns))\(deferrable?.sql ?? "")"
                case .uniqueGroup(let columns): "UNIQUE \(writer.list(columns))"
                case .exclusion(let rule): exclusion(rule)
                }
            }()
    }

    private func exclusion(_ rule: ExclusionRule) -> String {
        let terms = rule.terms.map { "\(writer.term($0.term, isPlain: false)) WITH \($0.sign.rawValue)" }
        return "EXCLUDE USING \(rule.method.rawValue) (\(terms.joined(separator: ", ")))"
            + (rule.include.isEmpty ? "" : " INCLUDE \(writer.list(rule.include))")
            + writer.condition(rule.condition) + (rule.deferrable?.sql ?? "")
    }

    func addConstraint(_ constraint: ConstraintLayout, on table: String) -> String {
        "ALTER TABLE \(quoted(table)) ADD \(definition(constraint))"
    }

    /// Columns whose expression or type is another, or that are computed from a column of another type: they are made
    /// anew, and what was built on them with them.
    func recomputedColumns(_ change: TableChange) -> Set<String> {
        let retyped = change.after.columns.filter { column in
            change.source(of: column).map { type(of: $0) != type(of: column) } ?? false
        }.map(\.name)
        let columns = change.after.columns.filter { column in
            guard let generated = column.generated, let source = change.source(of: column) else { return false }
            return source.generated?.mapFields(change.newName(of:)) != generated
                || !Set(generated.expression.fields + [column.name]).isDisjoint(with: retyped)
        }
        return Set(columns.map(\.name))
    }

    /// The statements for indexes and constraints that go, and for those that come.
    func changedGroups(_ change: TableChange, _ recomputed: Set<String>) -> (dropped: [String], added: [String]) {
        let (before, after) = (change.before, change.after)
        let table = quoted(after.name)
        func stays(_ columns: [String]) -> Bool { recomputed.isDisjoint(with: columns) }
        let keptIndexes = after.indexes.filter { before.indexes.contains($0) && stays($0.columns) }
        let keptConstraints = after.constraints.filter { before.constraints.contains($0) && stays($0.columns) }
        var dropped: [String] = []
        var added: [String] = []
        for index in before.indexes where !keptIndexes.contains(index) {
            if let new = after.indexes.first(where: { $0.isRenamed(from: index) && stays($0.columns) }) {
                dropped.append("ALTER INDEX \(quoted(index.name)) RENAME TO \(quoted(new.name))")
            } else {
                dropped.append("DROP INDEX IF EXISTS \(quoted(index.name))")
            }
        }
        for constraint in before.constraints where !keptConstraints.contains(constraint) {
            dropped.append("ALTER TABLE \(table) DROP CONSTRAINT IF EXISTS \(quoted(constraint.name))")
        }
        for constraint in after.constraints where !keptConstraints.contains(constraint) {
            let isUnvalidated = change.unvalidated.contains(constraint.name)
            added.append(addConstraint(constraint, on: after.name) + (isUnvalidated ? " NOT VALID" : ""))
        }
        for index in after.indexes where !keptIndexes.contains(index) {
            let isRenamed = before.indexes.contains { index.isRenamed(from: $0) } && stays(index.columns)
            if !isRenamed { added.append(createIndex(index, on: after.name)) }
        }
        return (dropped, added)
    }

    /// The statements for comments that are not what they were.
    func comments(from before: TableLayout?, to after: TableLayout) -> [String] {
        func text(_ comment: String?) -> String { literal(comment.map(SQLValue.text) ?? .null) }
        var statements: [String] = []
        if after.comment != before?.comment {
            statements.append("COMMENT ON TABLE \(quoted(after.name)) IS \(text(after.comment))")
        }
        for column in after.columns where column.comment != before?.column(column.name)?.comment {
            statements.append(
                "COMMENT ON COLUMN \(quoted(after.name)).\(quoted(column.name)) IS \(text(column.comment))")
        }
        return statements
    }
}

extension ConstraintLayout {
    /// Whether it stands inside of `CREATE TABLE`; Django adds groups afterwards.
    var isInline: Bool { if case .uniqueGroup = rule { false } else { true } }
}

extension IndexLayout {
    /// Whether the two differ in nothing but their names.
    fileprivate func isRenamed(from other: IndexLayout) -> Bool {
        var same = other
        same.index.name = name
        return same == self && other != self
    }
}

extension GeneratedColumn {
    fileprivate func mapFields(_ name: (String) -> String) -> GeneratedColumn {
        GeneratedColumn(expression.mapFields(name), stored: isStored)
    }
}

extension TableChange {
    /// The name that a column of the old table has in the new one.
    fileprivate func newName(of column: String) -> String {
        renamedColumns.first { $0.value == column }?.key ?? column
    }
}
