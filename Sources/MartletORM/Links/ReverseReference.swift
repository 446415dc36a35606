/// The rows of another model that refer to one by a foreign key: writes which do.
final class ReverseReference<Owner: Model, From: Model>: Sendable {
    private let property: any AnyKeyPath & Sendable
    private let set: @Sendable (inout From, Owner.ID) -> Void

    init<R: Reference>(_ reference: any WritableKeyPath<From, R> & Sendable) where R.Target == Owner {
        property = reference
        set = { $0[keyPath: reference] = .referring(to: $1) }
    }

    /// The row with its reference set.
    func referring(_ row: From, to owner: Owner.ID) -> From {
        var row = row
        set(&row, owner)
        return row
    }

    private func field() throws(ORMError) -> FieldSchema {
        try From.anyTable.validate()
        guard let schema = From.table.field(at: property)?.schema else {
            throw .invalidTable(
                model: "\(Owner.modelName)",
                problem: "A reverse relation goes through '\(Field<From>.propertyName(property))', which the table of "
                    + "\(From.self) does not describe. Add that field to its table.")
        }
        return schema
    }

    /// Lets rows refer to one.
    func add(_ rows: [From.ID], to owner: Owner.ID) async throws {
        try await update(rows.map(\.sqlValue), to: owner.sqlValue, only: nil)
    }

    /// Clears the reference of rows that refer to one; those that refer to another stay.
    func remove(_ rows: [From.ID], from owner: Owner.ID) async throws {
        try await update(rows.map(\.sqlValue), to: .null, only: owner)
    }

    /// Clears the reference of all rows that refer to one.
    func clear(_ owner: Owner.ID) async throws {
        let field = try clearable()
        try await writing { database in
            try await write(field, .null, where: [.inList(column(field), [owner.sqlValue])], in: database)
        }
    }

    /// Makes rows the only ones that refer to one. Where the reference is required, the others stay, as in Django.
    func set(_ rows: [From.ID], of owner: Owner.ID) async throws {
        let field = try field()
        let wanted = rows.map(\.sqlValue)
        try await writing { database in try await set(wanted, of: owner, field, database) }
    }

    private func set(
        _ wanted: [SQLValue], of owner: Owner.ID, _ field: FieldSchema, _ database: Database
    ) async throws {
        try await transaction {
            // Two at once come one after the other.
            if let hold = SQLCompiler.hold(owner.sqlValue, in: Owner.anyTable, database.dialect) {
                _ = try await database.rows(hold, access: .write) { _ in true }
            }
            if field.isNull {
                var query = SelectQuery(From.anyTable)
                query.conditions = [.inList(self.column(field), [owner.sqlValue])]
                query.usesTableOrdering = false
                let statement = try SQLCompiler.select(
                    [self.column(From.anyTable.primaryKey)], from: query, database.dialect)
                let known = try await database.rows(statement, access: .write) { try From.ID.decode(from: $0, at: 0) }
                let stays = Set(wanted)
                try await self.remove(known.filter { !stays.contains($0.sqlValue) }, from: owner)
            }
            try await self.update(wanted, to: owner.sqlValue, only: nil)
        }
    }

    private func clearable() throws(ORMError) -> FieldSchema {
        let field = try field()
        guard field.isNull else {
            throw .invalidQuery(
                "'\(From.self).\(Field<From>.propertyName(property))' must refer to a row, so it cannot be cleared. "
                    + "Delete the rows, or add them to another.")
        }
        return field
    }

    private func update(_ rows: [SQLValue], to value: SQLValue, only owner: Owner.ID?) async throws {
        let field = value.isNull ? try clearable() : try field()
        guard !rows.isEmpty else { return }
        try await writing { database in
            let chunks = try rows.chunked(reserving: 2)
            func write(_ chunk: [SQLValue]) async throws {
                var conditions = [SQLExpression.inList(column(From.anyTable.primaryKey), chunk)]
                if let owner { conditions.append(.inList(column(field), [owner.sqlValue])) }
                try await self.write(field, value, where: conditions, in: database)
            }
            if chunks.count == 1 { return try await write(chunks[0]) }
            try await transaction { for chunk in chunks { try await write(chunk) } }
        }
    }

    /// Runs an operation with the database bound in which the rows that refer are written.
    private func writing(_ operation: (Database) async throws -> Void) async throws {
        try await SelectQuery(From.anyTable).bound(.write) { try await operation($0) }
    }

    private func write(
        _ field: FieldSchema, _ value: SQLValue, where conditions: [SQLExpression], in database: Database
    ) async throws {
        var query = SelectQuery(From.anyTable)
        query.conditions = conditions
        try await database.execute(SQLCompiler.update(query, set: [(field, .value(value))], database.dialect))
    }

    private func column(_ field: FieldSchema) -> SQLExpression { .column(ColumnPath([], field)) }
}

/// The rows of another model whose many-to-many field leads to one.
final class ReverseLinks<Owner: Model, From: Model>: Sendable {
    private let find: @Sendable () -> LinkTable<From, Owner>?

    init(_ find: @escaping @Sendable () -> LinkTable<From, Owner>?) {
        self.find = find
    }

    /// The table of the links.
    var table: LinkTable<From, Owner>? { find() }
}
