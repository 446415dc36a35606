import MartletORM

extension PostgreSQLSchemaEditor {
    /// Kinds of constraints, by PostgreSQL's letters for them (`pg_constraint.contype`).
    enum ConstraintKind: String {
        case unique = "u"
        case reference = "f"
        case check = "c"
        case primaryKey = "p"
    }

    func constraintName(_ column: String, on table: String, _ suffix: String) -> String {
        quoted(ConstraintName.constraint(table: table, columns: [column], suffix: suffix))
    }

    /// The reference of a column to another table, checked at the commit.
    func addReference(of column: ColumnLayout, on table: String) -> String? {
        guard let reference = column.reference else { return nil }
        let name = constraintName(column.name, on: table, "_fk_\(reference.table)_\(reference.column)")
        return "ALTER TABLE \(quoted(table)) ADD CONSTRAINT \(name) FOREIGN KEY (\(quoted(column.name))) "
            + "REFERENCES \(quoted(reference.table)) (\(quoted(reference.column))) DEFERRABLE INITIALLY DEFERRED"
    }

    // MARK: Pattern indexes

    /// Whether the column has Django's second index, which `LIKE 'a%'` can use whatever the collation is.
    func hasPatternIndex(_ column: ColumnLayout) -> Bool {
        column.isUnique && column.reference == nil && patternClass(column) != nil
            || column.isPrimaryKey && patternClass(column) != nil
    }

    func patternIndexName(_ column: String, on table: String) -> String {
        ConstraintName.constraint(table: table, columns: [column], suffix: "_like")
    }

    func addPatternIndex(of column: ColumnLayout, on table: String) -> String? {
        guard hasPatternIndex(column), let operators = patternClass(column) else { return nil }
        return "CREATE INDEX \(quoted(patternIndexName(column.name, on: table))) ON \(quoted(table)) "
            + "(\(quoted(column.name)) \(operators))"
    }

    private func patternClass(_ column: ColumnLayout) -> String? {
        let type = type(of: column)
        return type == "text" ? "text_pattern_ops" : type.hasPrefix("varchar") ? "varchar_pattern_ops" : nil
    }

    // MARK: Names that only the database knows

    /// Drops the constraints of a kind that are on this column alone: their names may be older than the table's.
    func dropConstraints(_ kind: ConstraintKind, of column: String, on table: String) -> String {
        let name = literal(.text(quoted(table)))
        return """
            DO $martlet$ DECLARE found name; BEGIN FOR found IN SELECT c.conname FROM pg_constraint c \
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum] \
            WHERE c.conrelid = \(name)::regclass AND c.contype = '\(kind.rawValue)' \
            AND a.attname = \(literal(.text(column))) \
            LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', \(name)::regclass, found); END LOOP; END $martlet$
            """
    }

    // MARK: Values

    /// A default as SQL; a text that is no UUID or moment was refused before.
    func expression(_ fill: FieldDefault, for column: ColumnLayout) -> String {
        switch fill {
        case .now where column.kind == .date || column.kind == .time: "CAST(now() AS \(type(of: column)))"
        case .now: "now()"
        case .newUUID: "gen_random_uuid()"
        default: "CAST(\(literal(fill.value ?? .null)) AS \(type(of: column)))"
        }
    }

    /// A value as SQL text; only values of migrations, which are source code, stand in statements.
    func literal(_ value: SQLValue) -> String {
        guard value != .null else { return "NULL" }
        return SQLLiteral.text(ParameterText.text(of: value, as: nil))
    }
}
