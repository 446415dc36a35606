extension QuerySet {
    /// Inserts a row.
    ///
    /// - Returns: The model as it is stored, with its automatic id and moments.
    /// - Throws: ``ORMError/missingReference(model:field:)`` before the database is asked; ``DatabaseError``.
    @discardableResult
    public func create(_ model: M) async throws -> M {
        try await query.bound(.write) { _ in
            var model = model
            try await model.save(forcing: .insert)
            return model
        }
    }

    /// Inserts many rows with few statements, in one transaction.
    ///
    /// - Returns: The models as they are stored.
    @discardableResult
    public func createMany(_ models: [M]) async throws -> [M] {
        guard !models.isEmpty else { return [] }
        return try await query.bound(.write) { _ in try await Self.insert(models) }
    }

    private static func insert(_ models: [M]) async throws -> [M] {
        var models = models
        let table = M.table
        try table.erased.validate()
        table.stamp(&models)
        try table.checkReferences(of: models)
        try table.checkStorable(models)
        let unset = table.unsetIDs(of: models)
        // What the database fills is read back row by row: the order of returned rows is not promised.
        let isUniform = unset == 0 || unset == models.count && table.columns.count > 1
        guard isUniform, !table.erased.hasFilledColumns else {
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
            if unset == 0, models.count > 1, try await table.copy(models) { return models }
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
        let database = try Database.current(for: query, .write)
        guard !assignments.columns.isEmpty, !query.isNone else { return 0 }
        try M.table.checkStorable(assignments.columns)
        let statement = try SQLCompiler.update(query, set: assignments.columns, database.dialect)
        return try await database.execute(statement).changedRows
    }

    /// Deletes all rows of the query, and does to the rows that refer to them what their fields say.
    ///
    /// - Returns: How many rows were deleted, of which models.
    /// - Throws: ``ORMError/protected(model:by:count:)`` or ``ORMError/restricted(model:by:count:)``; nothing is deleted.
    @discardableResult
    public func delete() async throws -> DeletionResult {
        guard !query.isNone else { return DeletionResult() }
        return try await query.bound(.write) { _ in try await Deletion.delete(query) }
    }
}

extension Model {
    /// Whether the database has still to number the row.
    var hasUnsetID: Bool {
        guard Self.anyTable.isNumbered, case .integer(0) = id.sqlValue else { return false }
        return true
    }

    mutating func insert() async throws {
        let table = Self.table
        try table.erased.validate()
        let database = try Database.current
        table.stamp(&self, isNew: true)
        try table.checkReferences(of: self)
        try table.checkStorable(self)
        if table.erased.hasFilledColumns {
            self = try await table.insertFilled(self, isNumbering: hasUnsetID, in: database)
            return
        }
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
            returning: [table.erased.primaryKey.column], database.dialect)
        let ids = try await database.rows(statement, access: .write) { try ID.decode(from: $0, at: 0) }
        if let id = ids.first { self.id = id }
    }
}

extension Table {
    /// Inserts rows that have their ids by the database's way for many.
    ///
    /// - Returns: Whether it has one for so many.
    fileprivate func copy(_ models: [M]) async throws -> Bool {
        try await Database.current.insertMany(
            models.map(encode), into: erased.name, columns: erased.columns.map(\.column))
    }

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
            into: erased.name, columns: columns, rows: rows, returning: [erased.primaryKey.column], database.dialect)
        // The rows are numbered upwards in their order; the order in which the ids come back is not promised.
        let ids = try await database.rows(statement, access: .write) { try Int.decode(from: $0, at: 0) }.sorted()
        for (index, id) in zip(models.indices, ids) {
            if let id = id as? M.ID { models[index].id = id }
        }
    }
}
