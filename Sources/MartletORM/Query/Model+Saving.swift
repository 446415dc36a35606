import FoundationEssentials

/// What a save must do.
public enum ForcedWrite: Sendable, Hashable {
    /// Insert the row; one with its id must not exist.
    case insert
    /// Update the row; it must exist.
    case update
}

extension Model {
    /// Writes the row: updates it, or inserts it when it is new.
    ///
    /// A row with an automatic id of 0 is new. Any other is updated first, and inserted when no row has its id.
    /// Where the row is known to be new, `create` needs one statement instead of two.
    public mutating func save() async throws {
        try await write(forced: nil, fields: nil)
    }

    /// Writes the row by an `INSERT` or an `UPDATE` only: Django's `force_insert` and `force_update`.
    ///
    /// - Throws: ``DatabaseError`` of the kind ``DatabaseError/Kind/uniqueViolation`` when a row to be inserted is there;
    ///   ``ORMError/nothingUpdated(model:)`` when a row to be updated is not.
    public mutating func save(forcing write: ForcedWrite) async throws {
        try await self.write(forced: write, fields: nil)
    }

    /// Writes some columns of a row that exists: Django's `update_fields`.
    ///
    /// ```swift
    /// try await post.save(updating: \.title, \.status)
    /// ```
    ///
    /// Other columns keep what the database has, also moments that every save sets; name those, too, where they are to
    /// change.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` for a property without a column and for the primary key;
    ///   ``ORMError/nothingUpdated(model:)`` when no row has the id.
    ///
    /// Source: [Django, `update_fields`](https://docs.djangoproject.com/en/5.2/ref/models/instances/#specifying-which-fields-to-save).
    public mutating func save(updating fields: any PartialKeyPath<Self> & Sendable...) async throws {
        try await write(forced: .update, fields: fields.map(Self.settableField))
    }

    /// Reads the row again; relations are no longer loaded.
    ///
    /// - Throws: ``ORMError/doesNotExist(model:)``.
    ///
    /// Source: [Django, `refresh_from_db`](https://docs.djangoproject.com/en/5.2/ref/models/instances/#refreshing-objects-from-database).
    public mutating func refresh() async throws {
        self = try await Self.unscoped.filter { [id] in $0.id == id }.get()
    }

    /// Reads some columns of the row again; other properties stay as they are.
    ///
    /// ```swift
    /// try await post.refresh(\.views, \.author)
    /// ```
    ///
    /// - Throws: ``ORMError/doesNotExist(model:)``; ``ORMError/invalidQuery(_:)`` for a property without a column.
    public mutating func refresh(_ fields: any PartialKeyPath<Self> & Sendable...) async throws {
        let fields = try fields.map(Self.settableField)
        let columns = fields.compactMap(\.schema).map { SQLExpression.column(ColumnPath([], $0)) }
        let query = Self.unscoped.filter { [id] in $0.id == id }.query
        let database = try Database.current(for: query, .write)
        let statement = try SQLCompiler.select(columns, from: query, database.dialect)
        let before = self
        let rows = try await database.rows(statement) { row in
            var model = before
            try withUnsafeMutablePointer(to: &model) { pointer in
                for (index, field) in fields.enumerated() {
                    try field.column?.decode(UnsafeMutableRawPointer(pointer), row, index)
                }
            }
            return model
        }
        guard let row = rows.first else { throw ORMError.doesNotExist(model: "\(Self.self)") }
        self = row
    }

    /// Deletes the row, and does to the rows that refer to it what their fields say.
    ///
    /// - Throws: ``ORMError/protected(model:by:count:)`` or ``ORMError/restricted(model:by:count:)``; nothing is deleted.
    @discardableResult
    public func delete() async throws -> DeletionResult {
        guard !hasUnsetID else {
            throw ORMError.invalidQuery("This \(Self.self) has no id, so there is no row to delete. Save it first.")
        }
        return try await Self.unscoped.query.bound(.write) { _ in
            try await Deletion.delete(Self.unscoped.filter { [id] in $0.id == id }.query, keys: [id.sqlValue])
        }
    }
}

// MARK: Inside

extension Model {
    private static func settableField(_ property: any PartialKeyPath<Self> & Sendable) throws(ORMError) -> Field<Self> {
        guard let field = table.field(at: property), field.column != nil, field.schema?.isPrimaryKey == false else {
            throw .invalidQuery(
                "'\(Field<Self>.propertyName(property))' is not a column of \(Self.self) that can be written or read "
                    + "alone. Name properties of its table, and not the primary key.")
        }
        return field
    }

    private mutating func write(forced: ForcedWrite?, fields: [Field<Self>]?) async throws {
        try await Self.unscoped.query.bound(.write) { _ in try await writeHeard(forced: forced, fields: fields) }
    }

    /// Writes the row between its hooks.
    private mutating func writeHeard(forced: ForcedWrite?, fields: [Field<Self>]?) async throws {
        guard let hooks = try Database.current.models.hooks.of(Self.self) else {
            _ = try await writeUnheard(forced: forced, fields: fields)
            return
        }
        let names = fields?.map(\.property)
        var changed = self
        let before = SaveEvent(isNew: forced == .insert || forced == nil && hasUnsetID, fields: names)
        for hook in hooks.beforeSave { try await hook(&changed, before) }
        let isNew = try await changed.writeUnheard(forced: forced, fields: fields)
        self = changed
        let after = SaveEvent(isNew: isNew, fields: names)
        for hook in hooks.afterSave { try await hook(self, after) }
    }

    /// - Returns: Whether the row was inserted.
    private mutating func writeUnheard(forced: ForcedWrite?, fields: [Field<Self>]?) async throws -> Bool {
        try Self.table.erased.validate()
        if forced == .insert || forced == nil && hasUnsetID {
            try await insert()
            return true
        }
        if try await update(fields) { return false }
        guard forced == nil else { throw ORMError.nothingUpdated(model: "\(Self.self)") }
        try await insert()
        return true
    }

    /// - Returns: Whether there was a row.
    private mutating func update(_ fields: [Field<Self>]?) async throws -> Bool {
        let table = Self.table
        let chosen = fields.map { Set($0.map(\.name)) }
        var updated = self
        if let fields {
            table.stamp(&updated, fields)
        } else {
            table.stamp(&updated, isNew: false)
        }
        try table.checkReferences(of: updated)
        try table.checkStorable(updated)
        let database = try Database.current
        var settable: [(column: FieldSchema, value: SQLExpression)] = []
        for (field, value) in zip(table.columns, table.encode(updated)) {
            guard let schema = field.schema, !schema.isPrimaryKey, schema.generated == nil else { continue }
            guard chosen?.contains(field.name) ?? (field.clock != .onCreate) else { continue }
            settable.append((schema, .value(value)))
        }
        let row = Self.unscoped.filter { [id] in $0.id == id }
        let exists: Bool
        if settable.isEmpty {
            exists = try await row.exists()
        } else {
            let statement = try SQLCompiler.update(row.query, set: settable, database.dialect)
            let written = try await table.update(updated, statement, in: database)
            if let written { updated = written }
            exists = written != nil
        }
        if exists { self = updated }
        return exists
    }
}

extension Table {
    /// Sets the moments that every save keeps, of some fields.
    fileprivate func stamp(_ model: inout M, _ fields: [Field<M>]) {
        for field in fields where field.clock == .onSave { field.setNow?(&model, Date.now) }
    }
}
