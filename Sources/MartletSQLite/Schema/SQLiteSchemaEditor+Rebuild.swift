import MartletCrypto
import MartletORM
import MartletValues

extension SQLiteSchemaEditor {
    /// Copies a table into a new one that takes its place.
    ///
    /// The order is SQLite's own advice: make the new table, copy, drop the old one, rename the new one. Renaming the
    /// old one first would turn references of other tables towards it.
    func rebuild(_ change: TableChange) -> SchemaStep {
        let after = change.after
        let temporary = "new__\(after.name)"
        var statements = [createStatement(after, named: temporary)]
        if keepsCounter(change) { statements.append(copyCounter(from: after.name, to: temporary)) }
        statements.append(copyRows(change, to: temporary))
        statements.append("DROP TABLE \(quoted(after.name))")
        statements.append("ALTER TABLE \(quoted(temporary)) RENAME TO \(quoted(after.name))")
        statements += indexStatements(of: after).map(\.sql)
        let indexes = Set((indexStatements(of: change.before) + indexStatements(of: after)).map(\.name)).sorted()
        return SchemaStep(statements, rebuild: .init(table: after.name, indexes: indexes))
    }

    private func keepsCounter(_ change: TableChange) -> Bool {
        change.before.columns.contains { $0.kind == .auto } && change.after.columns.contains { $0.kind == .auto }
    }

    /// Without this the id of a deleted last row would be given again.
    private func copyCounter(from table: String, to temporary: String) -> String {
        """
        INSERT INTO "sqlite_sequence" ("name", "seq") SELECT \(literal(.text(temporary))), "seq" \
        FROM "sqlite_sequence" WHERE "name" = \(literal(.text(table)))
        """
    }

    private func copyRows(_ change: TableChange, to temporary: String) -> String {
        let written = change.after.columns.filter { $0.generated == nil }
        let columns = written.map { quoted($0.name) }.joined(separator: ", ")
        let values = written.map { source(of: $0, in: change) }.joined(separator: ", ")
        return "INSERT INTO \(quoted(temporary)) (\(columns)) SELECT \(values) FROM \(quoted(change.before.name))"
    }

    private func source(of column: ColumnLayout, in change: TableChange) -> String {
        let fill =
            change.fills[column.name].map { expression($0, for: column) }
            ?? column.databaseDefault.map { "(\($0.sql(writer)))" }
        guard let source = change.source(of: column) else { return fill ?? "NULL" }
        let value = "\(quoted(change.before.name)).\(quoted(source.name))"
        guard source.isNull, !column.isNull, let fill else { return value }
        return "coalesce(\(value), \(fill))"
    }

    /// A default as SQL; a text that is no UUID or moment was refused before.
    private func expression(_ fill: FieldDefault, for column: ColumnLayout) -> String {
        switch fill {
        case .now where column.kind == .date: "date('now')"
        case .now where column.kind == .time: "time('now')"
        case .now: Self.now
        case .newUUID: Self.newUUID
        default: literal(fill.value ?? .null)
        }
    }

    /// A value as SQL text; only values of migrations, which are source code, stand in statements.
    func literal(_ value: SQLValue) -> String {
        switch value {
        case .null: "NULL"
        case .bool(let flag): flag ? "1" : "0"
        case .integer(let number): "\(number)"
        case .real(let number): number.isFinite ? "\(number)" : "NULL"
        case .text(let text): textLiteral(text)
        case .decimal(let number): ExactDecimal(number).map(decimalLiteral) ?? "NULL"
        case .date(let day): textLiteral(day.description)
        case .time(let time): textLiteral(time.description)
        case .duration(let duration): duration.wholeMicroseconds.map(String.init) ?? "NULL"
        case .json(let text): textLiteral(text)
        case .bytes(let bytes): "X'\(bytes.hexadecimal)'"
        case .uuid(let uuid): textLiteral(UUIDText.hexadecimal(uuid))
        case .dateTime(let date): textLiteral(DateTimeText.string(from: date))
        }
    }

    private func decimalLiteral(_ number: ExactDecimal) -> String {
        if case .text(let text) = SQLiteDecimals.stored(number) { return textLiteral(text) }
        return number.text()
    }

    private func textLiteral(_ text: String) -> String {
        // SQLite reads a statement up to the first zero byte.
        if text.utf8.contains(0) { return "CAST(X'\(text.utf8.hexadecimal)' AS TEXT)" }
        return SQLLiteral.text(text)
    }
}
