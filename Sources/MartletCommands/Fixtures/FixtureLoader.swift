import FoundationEssentials
import MartletJSON
import MartletORM
import MartletSite

/// Writes the rows of a fixture in Django's JSON format: `[{"model": "blog.post", "pk": …, "fields": {…}}]`.
///
/// All rows of a file are written in one transaction, in the file's order; references may point forward, since
/// they are checked when all rows are there. A row whose key exists in the database is replaced; a field that is left
/// out has the value of a new model. A reference may be a natural key, and a row with one may do without another.
///
/// Source: [Django, fixtures](https://docs.djangoproject.com/en/5.2/topics/db/fixtures/).
struct FixtureLoader: Sendable {
    private let database: Database
    private let models: [String: any Model.Type]
    /// Whether models and fields that do not exist are passed over.
    private let ignoresUnknown: Bool

    init(_ database: Database, ignoresUnknown: Bool = false) {
        self.database = database
        self.ignoresUnknown = ignoresUnknown
        models = Dictionary(
            database.models.models.map { ("\($0.anyTable.schema.name)".lowercased(), $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// What is known of the rows that were written.
    private struct Progress {
        var rows: [RowKey: Int] = [:]
        /// The tables whose automatic keys were written.
        var counted: [String: String] = [:]
        /// The first row that refers to each key, and by which field.
        var references: [ModelName: [SQLValue: (row: Int, field: String)]] = [:]
    }

    private struct RowKey: Hashable {
        let model: ModelName
        let key: SQLValue
    }

    /// Loads a file's text.
    ///
    /// - Parameter telling: Makes what shows how far it has come, of so many rows; `nil` for a file that is soon done.
    /// - Returns: How many rows there were.
    /// - Throws: ``FixtureError`` with the file, the row and the field.
    func load(
        _ text: [UInt8], file: String, telling: @Sendable (Int) -> CommandProgress? = { _ in nil }
    ) async throws -> Int {
        let rows = try Self.rows(of: text, file: file)
        let told = telling(rows.count)
        defer { told?.finish() }
        try await transaction {
            var progress = Progress()
            var open = Array(rows.enumerated())
            // A natural key may lead to a row further on: what did not find its own is tried again while others do.
            while !open.isEmpty {
                var later: [(offset: Int, element: JSONValue)] = []
                var reason = ""
                for (index, row) in open {
                    do {
                        try await write(row, number: index + 1, &progress)
                        told?.advance()
                    } catch let unresolved as UnresolvedReference {
                        if later.isEmpty { reason = unresolved.description }
                        later.append((index, row))
                    } catch {
                        throw Self.placed(error, file: file, row: index + 1)
                    }
                }
                guard later.count < open.count else {
                    throw FixtureError(file: file, row: later[0].offset + 1, problem: reason)
                }
                open = later
            }
            for (table, column) in progress.counted { try await moveCounter(of: column, in: table) }
            try await checkReferences(progress, file: file)
        }
        return rows.count
    }

    private static func placed(_ error: any Error, file: String, row: Int) -> any Error {
        switch error {
        case let problem as FixtureProblem: FixtureError(file: file, row: row, problem: problem.description)
        case let error as DatabaseError: FixtureError(file: file, row: row, problem: problem(of: error))
        default: error
        }
    }

    /// PostgreSQL counts on from where it was, whatever keys the rows have.
    private func moveCounter(of column: String, in table: String) async throws {
        for sql in database.dialect.schemaEditor.moveCounter(of: column, in: table) {
            _ = try await database.rows(Statement(sql), access: .write) { _ in true }
        }
    }

    private static func rows(of text: [UInt8], file: String) throws(FixtureError) -> [JSONValue] {
        // RFC 8259 §8.1: a mark must not be added; a reader may refuse it, and an editor shows nothing of it.
        if text.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw FixtureError(
                file: file, row: nil,
                problem: "The file begins with a byte order mark (EF BB BF). Save it as UTF-8 without one.")
        }
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
            if ignoresUnknown { return }
            throw FixtureProblem(
                "There is no model '\(name)'; there are \(models.keys.sorted().joined(separator: ", ")).")
        }
        guard case .object(let fields)? = row["fields"] else {
            throw FixtureProblem("It has no object \"fields\". Write \"fields\": {…}.")
        }
        let table = model.anyTable
        let (stated, links) = try await self.values(fields, of: model)
        var values = stated
        let primaryKey = try await key(row["pk"], of: model, fields)
        if let primaryKey {
            let key = RowKey(model: table.schema.name, key: primaryKey)
            if let earlier = progress.rows.updateValue(number, forKey: key) {
                throw FixtureProblem("Object \(earlier) is the same row. Give one of them another \"pk\".")
            }
            values[table.primaryKey.column] = primaryKey
        }
        for link in links { for key in link.keys { note(key, of: link.field, number, &progress) } }
        for field in table.columns where field.generated == nil && !(field.isPrimaryKey && primaryKey == nil) {
            let value = values[field.column] ?? .null
            if value.isNull, !field.isNull { throw FixtureProblem("'\(field.name)' is missing and may not be null.") }
            note(value, of: field, number, &progress)
        }
        let written = try await write(values, to: table, key: primaryKey)
        if table.primaryKey.kind == .auto { progress.counted[table.name] = table.primaryKey.column }
        for link in links { try await self.link(written, link.through, link.keys) }
    }

    /// The links of a many-to-many field.
    private struct Links {
        let field: FieldSchema
        let through: ThroughTable
        let keys: [SQLValue]
    }

    /// The values of the row's columns, those of a new model where the fixture says nothing, and its links.
    private func values(
        _ fields: JSONObject, of model: any Model.Type
    ) async throws -> (columns: [String: SQLValue], links: [Links]) {
        let table = model.anyTable
        var values = model.newRow()
        var links: [Links] = []
        for (name, json) in zip(fields.names, fields.values) {
            guard let field = table.schema.field(name), !field.isPrimaryKey else {
                if ignoresUnknown { continue }
                let known = table.schema.fields.filter { !$0.isPrimaryKey }.map(\.name).joined(separator: ", ")
                throw FixtureProblem("\(table.schema.name) has no field '\(name)'; it has \(known).")
            }
            switch field.kind {
            case .manyToManyThrough(_, let through):
                throw FixtureProblem(
                    "The links of '\(name)' are rows of \(through). Write those as objects of their own.")
            case .manyToMany(let target):
                let through = ThroughTable(of: table.schema, field: name, to: target)
                links.append(Links(field: field, through: through, keys: try await keys(json, of: field)))
            default:
                values[field.column] = try await value(json, of: field)
            }
        }
        return (values, links)
    }

    /// The key of the row; `nil` for a new row of a model with a natural key, which the database numbers.
    private func key(
        _ json: JSONValue?, of model: any Model.Type, _ fields: JSONObject
    ) async throws -> SQLValue? {
        let table = model.anyTable
        if let json, !json.isNull { return try await value(json, of: table.primaryKey) }
        guard let natural = model as? any NaturallyKeyed.Type else {
            throw FixtureProblem("It has no \"pk\". Give it a key.")
        }
        var parts: [JSONValue] = []
        for name in natural.naturalKeyFields {
            // The natural key of a row that a part refers to takes that part's place.
            if case .array(let inner)? = fields[name] { parts += inner } else { parts.append(fields[name] ?? .null) }
        }
        var rest = parts[...]
        if let found = try await NaturalKeys(database).find(natural, &rest) { return found }
        return table.primaryKey.kind == .auto ? nil : model.newRow()[table.primaryKey.column]
    }

    private func write(_ values: [String: SQLValue], to table: AnyTable, key: SQLValue?) async throws -> SQLValue {
        // What the database computes is nobody else's to write.
        let others = table.columns.filter { !$0.isPrimaryKey && $0.generated == nil }.map(\.column)
        if let key {
            let columns = [table.primaryKey.column] + others
            try await upsert(table, columns, columns.map { values[$0] ?? .null })
            return key
        }
        let statement = SQLCompiler.insert(
            into: table.name, columns: others, rows: [others.map { values[$0] ?? .null }],
            returning: [table.primaryKey.column], database.dialect)
        let keys = try await database.rows(statement, access: .write) { $0.value(at: 0) }
        return keys.first ?? .null
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

    private func keys(_ json: JSONValue, of field: FieldSchema) async throws -> [SQLValue] {
        guard case .array(let values) = json else { throw FixtureProblem("'\(field.name)' must be a list of keys.") }
        var keys: [SQLValue] = []
        for value in values { keys.append(try await reference(value, of: field)) }
        return keys
    }

    private func value(_ json: JSONValue, of field: FieldSchema) async throws -> SQLValue {
        if case .foreignKey = field.kind, !json.isNull { return try await reference(json, of: field) }
        return try Self.plainValue(json, of: field, field.kind)
    }

    /// The key of the row that a relation leads to, which may be given by its natural key.
    private func reference(_ json: JSONValue, of field: FieldSchema) async throws -> SQLValue {
        guard let target = field.kind.target, let model = models["\(target)".lowercased()] else {
            throw FixtureProblem("'\(field.name)' refers to a model that is not one of the site's.")
        }
        guard case .array(let parts) = json else {
            let key = model.anyTable.primaryKey
            return try Self.plainValue(json, of: key, database.storedKind(of: key))
        }
        guard let natural = model as? any NaturallyKeyed.Type else {
            throw FixtureProblem(
                "'\(field.name)' is a natural key, and \(target) has none. Write its \"pk\", or let \(target) be "
                    + "NaturallyKeyed.")
        }
        var rest = parts[...]
        guard let key = try await NaturalKeys(database).find(natural, &rest) else {
            throw UnresolvedReference(
                description: "'\(field.name)' refers to a \(target) that does not exist: \(Self.shown(json)). "
                    + "Add that object, or load its file first.")
        }
        guard rest.isEmpty else {
            throw FixtureProblem("'\(field.name)' has \(rest.count) values more than a natural key of \(target).")
        }
        return key
    }
}
