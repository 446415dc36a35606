import MartletJSON
import MartletORM

/// Finds rows by their natural keys, and natural keys of rows.
struct NaturalKeys: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The natural keys of rows; a row that is not there has none.
    func of(_ model: any NaturallyKeyed.Type, keys: [SQLValue]) async throws -> [SQLValue: [JSONValue]] {
        guard !keys.isEmpty else { return [:] }
        let (table, dialect) = (model.anyTable, database.dialect)
        let fields = try fields(of: model)
        let kinds = ([table.primaryKey] + fields).map(database.storedKind)
        let names = ([table.primaryKey] + fields).map { dialect.quoted($0.column) }
        var found: [SQLValue: [JSONValue]] = [:]
        for chunk in try keys.chunked() {
            let places = chunk.indices.map { dialect.placeholder($0 + 1) }.joined(separator: ", ")
            let sql =
                "SELECT \(names.joined(separator: ", ")) FROM \(dialect.quoted(table.name)) WHERE \(names[0]) IN (\(places))"
            let rows = try await database.rows(Statement(sql, chunk)) { row in
                (
                    try FixtureValues.key(row, at: 0, kinds[0]),
                    try kinds.indices.dropFirst().map { try FixtureValues.json(row, at: $0, kinds[$0]) },
                    try kinds.indices.dropFirst().map { try FixtureValues.key(row, at: $0, kinds[$0]) }
                )
            }
            for (key, values, keys) in rows {
                found[key] = try await flattened(fields, values, keys)
            }
        }
        return found
    }

    /// The parts of a natural key, with those of rows that it refers to in their place.
    private func flattened(
        _ fields: [FieldSchema], _ values: [JSONValue], _ keys: [SQLValue]
    ) async throws -> [JSONValue] {
        var parts: [JSONValue] = []
        for (position, field) in fields.enumerated() {
            if let target = target(of: field), let inner = try await of(target, keys: [keys[position]])[keys[position]]
            {
                parts += inner
            } else {
                parts.append(values[position])
            }
        }
        return parts
    }

    /// The key of the row with a natural key; `nil` when there is none.
    ///
    /// - Parameter parts: The values; those used are taken away.
    func find(
        _ model: any NaturallyKeyed.Type, _ parts: inout ArraySlice<JSONValue>
    ) async throws -> SQLValue? {
        let (table, dialect) = (model.anyTable, database.dialect)
        var conditions: [String] = []
        var values: [SQLValue] = []
        for field in try fields(of: model) {
            let column = dialect.quoted(field.column)
            guard let value = try await value(of: field, in: model, &parts) else { return nil }
            if value.isNull {
                conditions.append("\(column) IS NULL")
            } else {
                values.append(value)
                conditions.append("\(column) = \(dialect.placeholder(values.count))")
            }
        }
        let kind = database.storedKind(of: table.primaryKey)
        let sql =
            "SELECT \(dialect.quoted(table.primaryKey.column)) FROM \(dialect.quoted(table.name)) "
            + "WHERE \(conditions.joined(separator: " AND "))"
        let found = try await database.rows(Statement(sql, values), access: .write) {
            try FixtureValues.key($0, at: 0, kind)
        }
        guard found.count <= 1 else {
            throw FixtureProblem("Several rows of \(table.schema.name) have that natural key. Use their primary keys.")
        }
        return found.first
    }

    private func value(
        of field: FieldSchema, in model: any NaturallyKeyed.Type, _ parts: inout ArraySlice<JSONValue>
    ) async throws -> SQLValue? {
        if let target = target(of: field), parts.first?.isNull != true { return try await find(target, &parts) }
        guard let part = parts.popFirst() else {
            throw FixtureProblem(
                "A natural key of \(model.modelName) has more values: \(model.naturalKeyFields.joined(separator: ", "))."
            )
        }
        return try FixtureLoader.plainValue(part, of: field, database.storedKind(of: field))
    }

    private func target(of field: FieldSchema) -> (any NaturallyKeyed.Type)? {
        guard case .foreignKey(let name, _) = field.kind else { return nil }
        return database.models.model(named: name) as? any NaturallyKeyed.Type
    }

    private func fields(of model: any NaturallyKeyed.Type) throws -> [FieldSchema] {
        let fields = model.naturalKeyFields.compactMap { model.anyTable.schema.field($0) }.filter(\.kind.hasColumn)
        guard !fields.isEmpty, fields.count == model.naturalKeyFields.count else {
            throw FixtureProblem("The natural key of \(model.modelName) must be made of fields with a column.")
        }
        return fields
    }
}
