import MartletJSON
import MartletORM

/// Writes rows as a fixture in Django's JSON format.
///
/// Source: [Django, dumpdata](https://docs.djangoproject.com/en/5.2/ref/django-admin/#dumpdata).
struct FixtureWriter: Sendable {
    let database: Database
    /// Whether references are written as natural keys where there are any.
    var naturalForeign = false
    /// Whether keys are left out where a row has a natural one.
    var naturalPrimary = false
    /// Each level of the text is indented by so many spaces; `nil` for a row a line.
    var indentation: Int?

    private static let batch = 200

    /// Reads the rows of models, those that others refer to first, and hands each on as the text of an object.
    ///
    /// - Parameters:
    ///   - keys: The rows of the one model, by their keys; `nil` for all.
    ///   - whenReadable: Called when every table has been found to have its columns, before the first row is handed on.
    func write(
        _ models: [any Model.Type], keys: [String]? = nil, whenReadable: @Sendable () -> Void = {},
        _ hand: @Sendable (String) throws -> Void
    ) async throws {
        // One moment for all tables, so that no reference leads to a row that is not there.
        try await transaction(isolation: .repeatableRead, readOnly: true) {
            for model in models { try await requireColumns(of: model, keys) }
            whenReadable()
            for model in FixtureOrder.sorted(models) { try await write(model, keys, hand) }
        }
    }

    /// Asks for no row of a table, which fails where the table or one of its columns is missing.
    private func requireColumns(of model: any Model.Type, _ keys: [String]?) async throws {
        let statement = try select(model.anyTable, columns(of: model), keys)
        _ = try await database.rows(Statement("\(statement.sql) LIMIT 0", statement.parameters)) { _ in () }
    }

    private func write(
        _ model: any Model.Type, _ keys: [String]?, _ hand: @Sendable (String) throws -> Void
    ) async throws {
        let columns = columns(of: model)
        let statement = try select(model.anyTable, columns, keys)
        let batches = database.batches(of: Self.batch, statement) { row in
            try columns.enumerated().map { position, column in
                DumpedValue(
                    json: try FixtureValues.json(row, at: position, column.kind),
                    key: column.isKey ? try FixtureValues.key(row, at: position, column.kind) : .null)
            }
        }
        for try await rows in batches { try await write(rows, of: model, columns, hand) }
    }

    private func write(
        _ rows: [[DumpedValue]], of model: any Model.Type, _ columns: [DumpedColumn],
        _ hand: @Sendable (String) throws -> Void
    ) async throws {
        let table = model.anyTable
        let keys = rows.map { $0[0].key }
        let natural = try await naturalKeys(of: columns, in: rows)
        let links = try await links(of: table, keys)
        let hasNaturalKey = naturalPrimary && model is any NaturallyKeyed.Type
        for row in rows {
            var fields: [(String, JSONValue)] = []
            for (position, column) in columns.enumerated().dropFirst() {
                fields.append((column.field.name, natural[position]?[row[position].key] ?? row[position].json))
            }
            for link in links { fields.append((link.field, .array(link.targets[row[0].key] ?? []))) }
            var members: [(String, JSONValue)] = [("model", .string("\(table.schema.name)".lowercased()))]
            if !hasNaturalKey { members.append(("pk", natural[0]?[row[0].key] ?? row[0].json)) }
            members.append(("fields", .object(JSONObject(fields))))
            try hand(try text(.object(JSONObject(members))))
        }
    }

    private func text(_ value: JSONValue) throws -> String {
        var writer = JSONWriter()
        try writer.value(value)
        guard let indentation else { return String(decoding: writer.bytes, as: UTF8.self) }
        return String(decoding: JSON.indented(writer.bytes, by: indentation), as: UTF8.self)
    }

    // MARK: Reading

    /// The columns to read, the key first; what the database computes is nobody's to load again.
    private func columns(of model: any Model.Type) -> [DumpedColumn] {
        let table = model.anyTable
        let others = table.columns.filter { !$0.isPrimaryKey && $0.generated == nil }
        return ([table.primaryKey] + others).map { field in
            DumpedColumn(field: field, kind: database.storedKind(of: field), target: target(of: field))
        }
    }

    /// The model whose natural keys stand for the field's values.
    private func target(of field: FieldSchema) -> (any NaturallyKeyed.Type)? {
        guard naturalForeign, case .foreignKey(let name, _) = field.kind else { return nil }
        return database.models.model(named: name) as? any NaturallyKeyed.Type
    }

    private func select(_ table: AnyTable, _ columns: [DumpedColumn], _ keys: [String]?) throws -> Statement {
        let dialect = database.dialect
        let quoted = dialect.quoted(table.name)
        let names = columns.map { "\(quoted).\(dialect.quoted($0.field.column))" }
        var sql = "SELECT \(names.joined(separator: ", ")) FROM \(quoted)"
        var values: [SQLValue] = []
        if let keys {
            values = try keys.map { try FixtureLoader.key($0, of: columns[0].kind, in: table) }
            let places = values.indices.map { dialect.placeholder($0 + 1) }
            sql += " WHERE \(names[0]) IN (\(places.joined(separator: ", ")))"
        }
        return Statement("\(sql) ORDER BY \(names[0])", values)
    }

    /// For each column that is written by natural keys, those of the rows referred to.
    private func naturalKeys(
        of columns: [DumpedColumn], in rows: [[DumpedValue]]
    ) async throws -> [Int: [SQLValue: JSONValue]] {
        var found: [Int: [SQLValue: JSONValue]] = [:]
        for (position, column) in columns.enumerated() {
            guard let target = column.target else { continue }
            let keys = Array(Set(rows.map { $0[position].key })).filter { !$0.isNull }
            found[position] = try await NaturalKeys(database).of(target, keys: keys).mapValues(JSONValue.array)
        }
        return found
    }

    // MARK: Links

    private struct Links {
        let field: String
        let targets: [SQLValue: [JSONValue]]
    }

    private func links(of table: AnyTable, _ keys: [SQLValue]) async throws -> [Links] {
        var result: [Links] = []
        for field in table.schema.fields {
            guard case .manyToMany(let name) = field.kind, let target = database.models.model(named: name) else {
                continue
            }
            let through = ThroughTable(of: table.schema, field: field.name, to: name)
            let pairs = try await pairs(through, keys, table.primaryKey, target.anyTable.primaryKey)
            var natural: [SQLValue: [JSONValue]] = [:]
            if naturalForeign, let target = target as? any NaturallyKeyed.Type {
                natural = try await NaturalKeys(database).of(target, keys: Array(Set(pairs.map(\.1))))
            }
            let targets = Dictionary(grouping: pairs, by: \.0).mapValues { pairs in
                pairs.map { natural[$0.1].map(JSONValue.array) ?? FixtureValues.json($0.1) }
            }
            result.append(Links(field: field.name, targets: targets))
        }
        return result
    }

    private func pairs(
        _ through: ThroughTable, _ keys: [SQLValue], _ source: FieldSchema, _ target: FieldSchema
    ) async throws -> [(SQLValue, SQLValue)] {
        let dialect = database.dialect
        let (from, to) = (dialect.quoted(through.source), dialect.quoted(through.target))
        let places = keys.indices.map { dialect.placeholder($0 + 1) }.joined(separator: ", ")
        let sql =
            "SELECT \(from), \(to) FROM \(dialect.quoted(through.name)) WHERE \(from) IN (\(places)) ORDER BY \(to)"
        let kinds = (database.storedKind(of: source), database.storedKind(of: target))
        return try await database.rows(Statement(sql, keys)) { row in
            (try FixtureValues.key(row, at: 0, kinds.0), try FixtureValues.key(row, at: 1, kinds.1))
        }
    }
}

/// A column that is dumped.
private struct DumpedColumn: Sendable {
    let field: FieldSchema
    let kind: FieldKind
    /// The model whose natural keys stand for the values.
    let target: (any NaturallyKeyed.Type)?

    /// Whether the value is needed to find other rows.
    var isKey: Bool { field.isPrimaryKey || target != nil }
}

/// A value of a row: as it is written, and as it finds other rows.
private struct DumpedValue: Sendable {
    let json: JSONValue
    let key: SQLValue
}

extension Database {
    /// What a field's column stores: of a reference, what the other model's key stores.
    func storedKind(of field: FieldSchema) -> FieldKind {
        var field = field
        // A key that refers to a key that refers to it would go round for ever.
        for _ in 0..<models.models.count + 1 {
            guard case .foreignKey(let name, _) = field.kind, let key = models.model(named: name)?.anyTable.primaryKey
            else { break }
            field = key
        }
        return field.kind
    }
}
