public import MartletORM

/// Writes models for the tables of a database that others have made: what `manage inspectdb` prints.
///
/// The models read and write the tables as they are, and migrations leave them alone (`managed: false`).
///
/// Source: [Django, inspectdb](https://docs.djangoproject.com/en/5.2/ref/django-admin/#inspectdb).
public struct ModelInspection: Sendable {
    private let app: String
    private let isSQLite: Bool

    /// Makes an inspection.
    ///
    /// - Parameters:
    ///   - app: The label of the app that the models belong to; see ``isLabel(_:)``.
    ///   - isSQLite: Whether types are SQLite's, which has few and is told more by their spelling.
    public init(app: String, isSQLite: Bool) {
        self.app = app
        self.isSQLite = isSQLite
    }

    /// Whether a text can be the label of an app: small letters, digits and underscores, beginning with a letter.
    public static func isLabel(_ text: String) -> Bool {
        text.first.map { $0.isASCII && $0.isLowercase } ?? false
            && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
    }

    /// The source of a file with a model for each table.
    ///
    /// A table without a primary key of one column gets a comment that says so, and so does a column of a type that no
    /// field stores.
    public func source(of tables: [InspectedTable]) -> String {
        var used: Set<String> = []
        var names: [String: String] = [:]
        for table in tables { names[table.name] = InspectedNames.free(InspectedNames.type(of: table.name), &used) }
        let byName = Dictionary(tables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let models = tables.map { table in
            InspectedModel(
                table, named: names[table.name] ?? "Table", tables: byName, names, app: app, isSQLite: isSQLite
            )
            .lines.joined(separator: "\n")
        }
        let head =
            "import Foundation\nimport Martlet\n\n"
            + "// Written by `manage inspectdb`. Look through it, and give names and kinds that say more.\n"
        return ([head] + models).joined(separator: "\n")
    }
}

/// One model for a table.
private struct InspectedModel {
    private let table: InspectedTable
    private let name: String
    private let tables: [String: InspectedTable]
    private let names: [String: String]
    private let app: String
    private let isSQLite: Bool

    init(
        _ table: InspectedTable, named name: String, tables: [String: InspectedTable], _ names: [String: String],
        app: String, isSQLite: Bool
    ) {
        self.table = table
        self.name = name
        self.tables = tables
        self.names = names
        self.app = app
        self.isSQLite = isSQLite
    }

    private struct Line {
        let column: String
        let property: String
        let declaration: String
        let field: String
    }

    var lines: [String] {
        guard let key = keyColumn else {
            return [
                "// The table \(quoted(table.name)) has no model: it has no primary key of one column that can be "
                    + "one.\n"
            ]
        }
        var used: Set<String> = ["id"]
        var comments: [String] = []
        var members: [Line] = []
        for column in table.columns {
            let isKey = column.name == key.name
            if column.isGenerated, !isKey {
                // What it is computed from is SQL, and a model says that in Swift.
                comments.append(
                    "    // The column \(quoted(column.name)) is computed by the database, which takes no value for it: give "
                        + "it a field with `.generated { … }`.")
            } else if let line = line(for: column, isKey: isKey, &used) {
                members.append(line)
            } else {
                comments.append(
                    "    // The column \(quoted(column.name)) has the type \(quoted(column.type)), which no field "
                        + "stores."
                )
            }
        }
        comments += unsaid.map { "    // In the database only: \($0)" }
        let options = ([groups(members)].compactMap(\.self) + ["name: \(quoted(table.name))", "managed: false"])
        let fields = members.map { "        \($0.field)," }
        return ["/// The table `\(table.name.filter { !$0.isNewline && $0 != "`" })`.", "struct \(name): Model {"]
            + members.map { "    \($0.declaration)" } + comments
            + ["", "    static let appLabel = \(quoted(app))", "    static let table = Table<\(name)>("] + fields
            + options.dropLast().map { "        \($0)," } + options.suffix(1).map { "        \($0)" } + [
                "    )", "}", "",
            ]
    }

    /// The column that identifies a row.
    private var keyColumn: InspectedColumn? {
        let name = table.primaryKey.count == 1 ? table.primaryKey[0] : table.isView ? "id" : nil
        guard let name, let column = table.columns.first(where: { $0.name == name }) else { return nil }
        return InspectedKind(column, in: table, isSQLite: isSQLite)?.isKey == true ? column : nil
    }

    private func line(for column: InspectedColumn, isKey: Bool, _ used: inout Set<String>) -> Line? {
        if !isKey, let reference = reference(of: column) { return line(for: column, to: reference, &used) }
        guard let kind = InspectedKind(column, in: table, isSQLite: isSQLite) else { return nil }
        let property = isKey ? "id" : InspectedNames.free(InspectedNames.property(of: column.name), &used)
        var arguments = ["\\.\(property)"] + kind.arguments
        if isKey {
            if kind.factory != "auto" { arguments.append("primaryKey: true") }
        } else if kind.hasOptions {
            if table.unique.contains([column.name]) {
                arguments.append("unique: true")
            } else if kind.hasIndex, table.indexed.contains(column.name) {
                arguments.append("index: true")
            }
        }
        if snakeCased(property) != column.name { arguments.append("column: \(quoted(column.name))") }
        let isOptional = column.isNull && !isKey
        let declaration =
            isOptional ? "var \(property): \(kind.type)?" : "var \(property): \(kind.type) = \(kind.initial)"
        return Line(
            column: column.name, property: property, declaration: declaration,
            field: Self.call(kind.factory, arguments))
    }

    // MARK: References

    /// The reference of a column to a primary key that has a model.
    private func reference(of column: InspectedColumn) -> InspectedTable.Reference? {
        table.references.first { $0.column == column.name && isModel($0) }
    }

    /// Whether a reference leads to the primary key of a model.
    private func isModel(_ reference: InspectedTable.Reference) -> Bool {
        guard let target = tables[reference.table], target.primaryKey == [reference.target], !target.isView else {
            return false
        }
        return target.columns.contains {
            $0.name == reference.target && InspectedKind($0, in: target, isSQLite: isSQLite)?.isKey == true
        }
    }

    private func line(
        for column: InspectedColumn, to reference: InspectedTable.Reference, _ used: inout Set<String>
    ) -> Line? {
        guard let type = names[reference.table] else { return nil }
        let bare = column.name.hasSuffix("_id") ? String(column.name.dropLast(3)) : column.name
        let property = InspectedNames.free(InspectedNames.property(of: bare), &used)
        let isUnique = table.unique.contains([column.name])
        var arguments = ["\\.\(property)", "onDelete: .doNothing"]
        // Two ways back from one model need two names.
        if table.references.count(where: { $0.table == reference.table }) > 1 {
            arguments.append("relatedName: \(quoted("\(snakeCased(name))_\(snakeCased(property))"))")
        }
        if snakeCased(property) + "_id" != column.name { arguments.append("column: \(quoted(column.name))") }
        let declaration =
            column.isNull ? "var \(property): ForeignKey<\(type)>?" : "var \(property) = ForeignKey<\(type)>()"
        return Line(
            column: column.name, property: property, declaration: declaration,
            field: Self.call(isUnique ? "oneToOne" : "foreignKey", arguments))
    }

    // MARK: Options

    /// What the database has and no field's kind says, each on one line.
    private var unsaid: [String] {
        let checks = table.checks.filter { check in !table.columns.contains { isSaid(check, by: $0) } }
        let references = table.references.filter { $0.column == keyColumn?.name || !isModel($0) }.map {
            "FOREIGN KEY (\(quoted($0.column))) REFERENCES \(quoted($0.table)) (\(quoted($0.target)))"
        }
        return (columnRules + checks + references + table.others).map {
            $0.split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }

    /// What single columns demand beyond the kind of their field.
    private var columnRules: [String] {
        table.columns.flatMap { column -> [String] in
            guard let kind = InspectedKind(column, in: table, isSQLite: isSQLite), !column.isGenerated else {
                return []
            }
            let isPlain = kind.hasOptions || reference(of: column) != nil || table.primaryKey == [column.name]
            let name = quoted(column.name)
            return (isPlain || !table.unique.contains([column.name]) ? [] : ["UNIQUE (\(name))"])
                + (column.type.hasPrefix("citext") ? ["\(name) is citext, to which capitals are small letters"] : [])
        }
    }

    /// Whether the kind of a column's field is all that a check demands.
    private func isSaid(_ check: String, by column: InspectedColumn) -> Bool {
        guard let kind = InspectedKind(column, in: table, isSQLite: isSQLite) else { return false }
        return kind.factory.hasPrefix("positive") && table.isPositive(column.name, by: check)
            || kind.factory == "json" && check.isJSONCheck(of: column.name)
    }

    private func groups(_ members: [Line]) -> String? {
        let properties = Dictionary(members.map { ($0.column, $0.property) }, uniquingKeysWith: { first, _ in first })
        let groups = table.unique.filter { $0.count > 1 && $0.allSatisfy { properties[$0] != nil } }
        guard !groups.isEmpty else { return nil }
        let texts = groups.map { group in
            ".fields(\(group.compactMap { properties[$0] }.map { "\\.\($0)" }.joined(separator: ", ")))"
        }
        return "uniqueTogether: [\(texts.joined(separator: ", "))]"
    }

    /// A line of the table, broken where it would be too long.
    private static func call(_ name: String, _ arguments: [String]) -> String {
        SourceCode.call(".\(name)", arguments.map { .init(label: nil, value: .text($0)) })
            .laidOut(indent: 8, column: 8, tail: 1)
    }

    private func quoted(_ text: String) -> String {
        if case .text(let literal) = SourceCode.string(text) { literal } else { "\"\"" }
    }
}
