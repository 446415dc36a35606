extension QuerySet {
    /// Inserts a row.
    ///
    /// - Returns: The model as it is stored, with its automatic id and moments.
    /// - Throws: ``ORMError/missingReference(model:field:)`` before the database is asked; ``DatabaseError``.
    @discardableResult
    public func create(_ model: M) async throws -> M {
        var model = model
        try await model.insert()
        return model
    }

    /// Inserts many rows with few statements, in one transaction.
    ///
    /// - Returns: The models as they are stored.
    @discardableResult
    public func createMany(_ models: [M]) async throws -> [M] {
        guard !models.isEmpty else { return [] }
        var models = models
        let table = M.table
        try table.erased.validate()
        for index in models.indices {
            table.stamp(&models[index], isNew: true)
            try table.checkReferences(of: models[index])
        }
        let unset = models.count(where: \.hasUnsetID)
        guard unset == 0 || unset == models.count && table.columns.count > 1 else {
            return try await transaction {
                for index in models.indices { try await models[index].insert() }
                return models
            }
        }
        // SQLite looks for each numbered value among all before it, so a statement with 32,766 of them takes longer than
        // one statement a row; at 1,000 the text is also short enough to be prepared once.
        let values = min(1000, try Database.current.dialect.maximumParameters)
        let size = max(1, values / table.columns.count)
        return try await transaction {
            if models.count > 1, try await table.insertDirectly(&models, numbering: unset > 0) { return models }
            for start in stride(from: 0, to: models.count, by: size) {
                try await table.insert(&models[start..<min(start + size, models.count)], numbering: unset > 0)
            }
            return models
        }
    }

    /// Changes columns of all rows of the query, in one statement.
    ///
    /// ```swift
    /// try await Post.objects.filter { $0.id == id }.update { $0.views = $0.views + 1 }
    /// ```
    ///
    /// - Returns: How many rows there were.
    @discardableResult
    public nonisolated(nonsending) func update(_ assign: (inout Assignments<M>) -> Void) async throws -> Int {
        var assignments = Assignments<M>()
        assign(&assignments)
        if let unknown = assignments.unknown {
            throw ORMError.invalidQuery("'\(unknown)' is not a column of \(M.self); an update cannot set it.")
        }
        guard !assignments.columns.isEmpty else { return 0 }
        let database = try Database.current
        let statement = try SQLCompiler.update(query, set: assignments.columns, database.dialect)
        return try await database.execute(statement).changedRows
    }

    /// Deletes all rows of the query, and does to the rows that refer to them what their fields say.
    ///
    /// - Returns: How many rows were deleted, of which models.
    /// - Throws: ``ORMError/protected(model:by:count:)``.
    @discardableResult
    public func delete() async throws -> DeletionResult {
        try await Deletion.delete(query)
    }
}

extension Model {
    /// Writes the row: updates it, or inserts it when it is new.
    ///
    /// A row with an automatic id of 0 is new. Any other is updated first, and inserted when no row has its id.
    /// Where the row is known to be new, `create` needs one statement instead of two.
    public mutating func save() async throws {
        let table = Self.table
        try table.erased.validate()
        guard !hasUnsetID else { return try await insert() }
        var updated = self
        table.stamp(&updated, isNew: false)
        try table.checkReferences(of: updated)
        let database = try Database.current
        let values = table.encode(updated)
        let settable = zip(table.columns, values).compactMap { field, value in
            field.schema.flatMap { schema in
                schema.isPrimaryKey || field.clock == .onCreate
                    ? nil : (column: schema, value: SQLExpression.value(value))
            }
        }
        let row = Self.objects.filter { [id] in $0.id == id }
        let exists: Bool
        if settable.isEmpty {
            exists = try await row.exists()
        } else {
            let statement = try SQLCompiler.update(row.query, set: settable, database.dialect)
            exists = try await database.execute(statement).changedRows > 0
        }
        if exists { self = updated } else { try await insert() }
    }

    /// Deletes the row, and does to the rows that refer to it what their fields say.
    @discardableResult
    public func delete() async throws -> DeletionResult {
        try await Self.objects.filter { [id] in $0.id == id }.delete()
    }

    /// Whether the database has still to number the row.
    var hasUnsetID: Bool {
        Self.anyTable.primaryKey.kind == .auto && id.sqlValue == .integer(0)
    }

    mutating func insert() async throws {
        let table = Self.table
        try table.erased.validate()
        let database = try Database.current
        table.stamp(&self, isNew: true)
        try table.checkReferences(of: self)
        var columns = table.erased.columns
        var values = table.encode(self)
        let key = table.primaryKeyPosition
        guard hasUnsetID else {
            try await database.execute(
                SQLCompiler.insert(
                    into: table.erased.name, columns: columns.map(\.column), rows: [values], database.dialect))
            return
        }
        columns.remove(at: key)
        values.remove(at: key)
        let statement = SQLCompiler.insert(
            into: table.erased.name, columns: columns.map(\.column), rows: [values],
            returning: table.erased.primaryKey.column, database.dialect)
        let ids = try await database.rows(statement, access: .write) { try ID.decode(from: $0, at: 0) }
        if let id = ids.first { self.id = id }
    }
}

extension Table {
    /// Inserts rows with one statement.
    ///
    /// - Parameter isNumbering: Whether the database numbers the rows, all of which have no id yet.
    fileprivate func insert(_ models: inout ArraySlice<M>, numbering isNumbering: Bool) async throws {
        let database = try Database.current
        var columns = erased.columns.map(\.column)
        var rows = models.map(encode)
        guard isNumbering else {
            try await database.execute(
                SQLCompiler.insert(into: erased.name, columns: columns, rows: rows, database.dialect))
            return
        }
        let key = primaryKeyPosition
        columns.remove(at: key)
        for index in rows.indices { rows[index].remove(at: key) }
        let statement = SQLCompiler.insert(
            into: erased.name, columns: columns, rows: rows, returning: erased.primaryKey.column, database.dialect)
        // The rows are numbered upwards in their order; the order in which the ids come back is not promised.
        let ids = try await database.rows(statement, access: .write) { try Int.decode(from: $0, at: 0) }.sorted()
        for (index, id) in zip(models.indices, ids) {
            if let id = id as? M.ID { models[index].id = id }
        }
    }
}
