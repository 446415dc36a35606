import FoundationEssentials
import MartletJSON
import MartletORM

/// Writes the rows of a fixture in Django's JSON format: `[{"model": "blog.post", "pk": …, "fields": {…}}]`.
///
/// All rows of a file are written in one transaction, in the file's order; references may point forward, since
/// they are checked when all rows are there. A row whose key exists in the database is replaced; a field that is left
/// out has the value of a new model.
///
/// Source: [Django, fixtures](https://docs.djangoproject.com/en/5.2/topics/db/fixtures/).
struct FixtureLoader: Sendable {
    private let database: Database
    private let models: [String: any Model.Type]

    init(_ database: Database) {
        self.database = database
        models = Dictionary(
            database.models.models.map { ("\($0.anyTable.schema.name)".lowercased(), $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// What is known of the rows that were written.
    private struct Progress {
        var rows: [RowKey: Int] = [:]
        /// The first row that refers to each key, and by which field.
        var references: [ModelName: [SQLValue: (row: Int, field: String)]] = [:]
    }

    private struct RowKey: Hashable {
        let model: ModelName
        let key: SQLValue
    }

    /// Loads a file's text.
    ///
    /// - Returns: How many rows there were.
    /// - Throws: ``FixtureError`` with the file, the row and the field.
    func load(_ text: [UInt8], file: String) async throws -> Int {
        let rows = try Self.rows(of: text, file: file)
        try await transaction {
            var progress = Progress()
            for (index, row) in rows.enumerated() {
                do {
                    try await write(row, number: index + 1, &progress)
                } catch let problem as FixtureProblem {
                    throw FixtureError(file: file, row: index + 1, problem: problem.description)
                } catch let error as DatabaseError {
                    throw FixtureError(file: file, row: index + 1, problem: Self.problem(of: error))
                }
            }
            try await checkReferences(progress, file: file)
        }
        return rows.count
    }

    private static func rows(of text: [UInt8], file: String) throws(FixtureError) -> [JSONValue] {
        do {
            if case .array(let values) = try JSON.parse(text) { return values }
        } catch {
            throw FixtureError(file: file, row: nil, problem: "\(error)")
        }
        throw FixtureError(file: file, row: nil, problem: "A fixture is a list of objects: [{\"model\": …}, …].")
    }

    private static func problem(of error: DatabaseError) -> String {
        guard error.kind == .uniqueViolation, !error.columns.isEmpty else { return "\(error)" }
        return "Another row has the same \(error.columns.joined(separator: " and ")). Give one of them another value."
    }

    private func write(_ row: JSONValue, number: Int, _ progress: inout Progress) async throws {
        guard let name = row["model"]?.stringValue else {
            throw FixtureProblem("It has no \"model\". Write \"model\": \"app.model\".")
        }
        guard let model = models[name.lowercased()] else {
            throw FixtureProblem(
                "There is no model '\(name)'; there are \(models.keys.sorted().joined(separator: ", ")).")
        }
        guard case .object(let fields)? = row["fields"] else {
            throw FixtureProblem("It has no object \"fields\". Write \"fields\": {…}.")
        }
        guard let key = row["pk"], !key.isNull else { throw FixtureProblem("It has no \"pk\". Give it a key.") }
        let table = model.anyTable
        let primaryKey = try value(key, of: table.primaryKey)
        if let earlier = progress.rows.updateValue(number, forKey: RowKey(model: table.schema.name, key: primaryKey)) {
            throw FixtureProblem("Object \(earlier) is the same row. Give one of them another \"pk\".")
        }
        var values = model.newRow()
        values[table.primaryKey.column] = primaryKey
        var links: [(ThroughTable, [SQLValue])] = []
        for (name, json) in zip(fields.names, fields.values) {
            guard let field = table.schema.field(name), !field.isPrimaryKey else {
                let known = table.schema.fields.filter { !$0.isPrimaryKey }.map(\.name).joined(separator: ", ")
                throw FixtureProblem("\(table.schema.name) has no field '\(name)'; it has \(known).")
            }
            if case .manyToManyThrough(_, let through) = field.kind {
                throw FixtureProblem(
                    "The links of '\(name)' are rows of \(through). Write those as objects of their own.")
            }
            if case .manyToMany(let target) = field.kind {
                let keys = try keys(json, of: field)
                links.append((ThroughTable(of: table.schema, field: name, to: target), keys))
                for key in keys { note(key, of: field, number, &progress) }
            } else {
                values[field.column] = try value(json, of: field)
            }
        }
        for field in table.columns where field.generated == nil {
            let value = values[field.column] ?? .null
            if value.isNull, !field.isNull { throw FixtureProblem("'\(field.name)' is missing and may not be null.") }
            note(value, of: field, number, &progress)
        }
        // What the database computes is nobody else's to write.
        let columns = [table.primaryKey] + table.columns.filter { !$0.isPrimaryKey && $0.generated == nil }
        try await upsert(table, columns.map(\.column), columns.map { values[$0.column] ?? .null })
        for (through, keys) in links { try await link(primaryKey, through, keys) }
    }

    private func note(_ key: SQLValue, of field: FieldSchema, _ row: Int, _ progress: inout Progress) {
        guard let target = field.kind.target, !key.isNull, progress.references[target]?[key] == nil else { return }
        progress.references[target, default: [:]][key] = (row, field.name)
    }

    /// Finds references that lead nowhere before the commit does, which could not say which they are.
    private func checkReferences(_ progress: Progress, file: String) async throws {
        for (target, references) in progress.references {
            guard let table = models["\(target)".lowercased()]?.anyTable else { continue }
            let key = SQLExpression.column(ColumnPath([], table.primaryKey))
            var missing = references
            for chunk in try Array(references.keys).chunked() {
                var query = SelectQuery(table)
                query.usesTableOrdering = false
                query.conditions = [.inList(key, chunk)]
                let statement = try SQLCompiler.select([key], from: query, database.dialect)
                let isUUID = table.primaryKey.kind == .uuid
                let found = try await database.rows(statement, access: .write) { row in
                    isUUID ? SQLValue.uuid(try row.uuid(at: 0)) : row.value(at: 0)
                }
                for key in found { missing[key] = nil }
            }
            guard let first = missing.min(by: { $0.value.row < $1.value.row }) else { continue }
            let problem =
                "'\(first.value.field)' refers to a \(target) that does not exist: \(Self.text(first.key)). "
                + "Add that object, or load its file first."
            throw FixtureError(file: file, row: first.value.row, problem: problem)
        }
    }

    private static func text(_ key: SQLValue) -> String {
        switch key {
        case .uuid(let uuid): uuid.uuidString.lowercased()
        case .integer(let number): "\(number)"
        case .text(let text): text
        default: "\(key)"
        }
    }

    private func upsert(_ table: AnyTable, _ columns: [String], _ values: [SQLValue]) async throws {
        let dialect = database.dialect
        let names = columns.map(dialect.quoted)
        let places = values.indices.map { dialect.placeholder($0 + 1) }
        let updates = names.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        let conflict = updates.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(updates)"
        try await database.execute(
            Statement(
                "INSERT INTO \(dialect.quoted(table.name)) (\(names.joined(separator: ", "))) "
                    + "VALUES (\(places.joined(separator: ", "))) ON CONFLICT (\(names[0])) \(conflict)", values))
    }

    /// Makes rows the only ones that a row is linked with.
    private func link(_ key: SQLValue, _ through: ThroughTable, _ targets: [SQLValue]) async throws {
        let dialect = database.dialect
        try await database.execute(
            SQLCompiler.deleteLinks(from: through.name, where: [(through.source, [key])], dialect))
        for chunk in try targets.chunked(by: 2) {
            try await database.execute(
                SQLCompiler.insert(
                    into: through.name, columns: [through.source, through.target], rows: chunk.map { [key, $0] },
                    ignoringConflicts: true, dialect))
        }
    }

    private func keys(_ json: JSONValue, of field: FieldSchema) throws -> [SQLValue] {
        guard case .array(let values) = json else { throw FixtureProblem("'\(field.name)' must be a list of keys.") }
        return try values.map { try value($0, of: targetKey(of: field)) }
    }

    /// The primary key of the model a relation points to; its type is the reference's.
    private func targetKey(of field: FieldSchema) throws -> FieldSchema {
        guard let target = field.kind.target, let table = models["\(target)".lowercased()]?.anyTable else {
            throw FixtureProblem("'\(field.name)' refers to a model that is not one of the site's.")
        }
        return table.primaryKey
    }

    private func value(_ json: JSONValue, of field: FieldSchema) throws -> SQLValue {
        if json.isNull {
            guard field.isNull else { throw FixtureProblem("'\(field.name)' may not be null.") }
            return .null
        }
        if case .foreignKey = field.kind { return try value(json, of: targetKey(of: field)) }
        guard let value = Self.value(json, field.kind) else {
            throw FixtureProblem("'\(field.name)' is \(Self.shown(json)); it must be \(Self.expected(field.kind)).")
        }
        return value
    }

    private static func shown(_ json: JSONValue) -> String {
        let text = "\(json)"
        return text.count > 60 ? "\(text.prefix(60))…" : text
    }

    private static func expected(_ kind: FieldKind) -> String {
        switch kind {
        case _ where FixtureScalars.expected(kind) != nil: FixtureScalars.expected(kind) ?? ""
        case .auto, .bigInteger: "a whole number"
        case .integer: "a whole number of 32 bits"
        case .positiveInteger: "a whole number from 0 to \(Int32.max)"
        case .bool: "true or false"
        case .char(let length), .email(let length), .slug(let length): "text of at most \(length) characters"
        case .text: "text"
        case .choices(let choices, _): "one of " + choices.map { "'\($0)'" }.joined(separator: ", ")
        case .dateTime: "a moment, such as \"2026-01-31T09:05:00Z\""
        case .float: "a number"
        case .uuid: "a UUID"
        case .array: "an array in PostgreSQL's text form, such as \"{1,2}\""
        case .range: "a range in PostgreSQL's text form, such as \"[1,5)\""
        case .searchVector: "a search vector in PostgreSQL's text form"
        default: "a key"
        }
    }

    private static func value(_ json: JSONValue, _ kind: FieldKind) -> SQLValue? {
        switch kind {
        case _ where FixtureScalars.expected(kind) != nil: FixtureScalars.value(json, kind)
        case .auto, .bigInteger:
            json.intValue.map { .integer(Int64($0)) }
        case .integer:
            json.intValue.flatMap { Int32(exactly: $0) }.map { .integer(Int64($0)) }
        case .positiveInteger:
            json.intValue.flatMap { Int32(exactly: $0) }.flatMap { $0 >= 0 ? .integer(Int64($0)) : nil }
        case .bool:
            json.boolValue.map { .bool($0) }
        case .char(let length), .email(let length), .slug(let length):
            // Databases count code points.
            json.stringValue.flatMap { $0.unicodeScalars.count <= length ? .text($0) : nil }
        case .text:
            json.stringValue.map { .text($0) }
        case .choices(let choices, _):
            json.stringValue.flatMap { choices.contains($0) ? .text($0) : nil }
        case .dateTime:
            json.stringValue.flatMap { DateTimeText.date(from: $0.utf8) }.map { .dateTime($0) }
        case .float:
            json.doubleValue.map { .real($0) }
        case .uuid:
            json.stringValue.flatMap { UUID(uuidString: $0) }.map { .uuid($0) }
        case .array:
            json.stringValue.flatMap { ArrayItem($0) == nil ? nil : .text($0) }
        case .range, .searchVector:
            json.stringValue.map { .text($0) }
        default:
            nil
        }
    }
}

/// What is wrong with a fixture, and where.
public struct FixtureError: Error, Sendable, CustomStringConvertible {
    /// The file.
    public let file: String
    /// The row, counted from 1; `nil` for the file as a whole.
    public let row: Int?
    /// What is wrong.
    public let problem: String

    /// File, row, problem.
    public var description: String {
        "\(file)\(row.map { ", object \($0)" } ?? ""): \(problem) Nothing was loaded."
    }
}

/// What is wrong with one row; the loader adds where.
private struct FixtureProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
