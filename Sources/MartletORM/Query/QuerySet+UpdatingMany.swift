import FoundationEssentials

extension QuerySet {
    /// Writes some columns of many rows, each row its own values, with one statement for hundreds of rows.
    ///
    /// ```swift
    /// for index in posts.indices { posts[index].views += 1 }
    /// try await Post.objects.updateMany(posts, fields: \.views)
    /// ```
    ///
    /// Only rows of this query are written. Moments that `save` keeps are not touched, and a row that is no longer
    /// there is left out, as in Django's `bulk_update`.
    ///
    /// SQL: `WITH changes (k, c0) AS (VALUES …) UPDATE blog_post SET views = changes.c0 FROM changes WHERE id = changes.k`.
    ///
    /// - Parameters:
    ///   - models: The rows; each has been saved, and none stands there twice.
    ///   - fields: The properties that are written.
    /// - Returns: How many rows were written.
    /// - Throws: ``ORMError/invalidQuery(_:)`` when a field has no column or a row is new; ``DatabaseError``.
    ///
    /// Source: [Django, `bulk_update`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#bulk-update).
    @discardableResult
    public func updateMany(_ models: [M], fields: any PartialKeyPath<M> & Sendable...) async throws -> Int {
        let columns = try fields.map(Self.column)
        guard !models.isEmpty, !columns.isEmpty else { return 0 }
        guard !query.isNone else { return 0 }
        let rows = try Self.rows(models, columns)
        return try await query.bound(.write) { try await write(rows, columns, $0) }
    }

    private func write(_ rows: [[SQLValue]], _ columns: [FieldSchema], _ database: Database) async throws -> Int {
        // As in `createMany`: more would take SQLite longer, and be too long to be prepared once.
        let size = max(1, min(1000, database.dialect.maximumParameters) / (columns.count + 1))
        let query = query
        guard rows.count > size else {
            let statement = try SQLCompiler.updateMany(query, set: columns, rows: rows, database.dialect)
            return try await database.execute(statement).changedRows
        }
        return try await transaction {
            var count = 0
            for start in stride(from: 0, to: rows.count, by: size) {
                let chunk = Array(rows[start..<min(start + size, rows.count)])
                let statement = try SQLCompiler.updateMany(query, set: columns, rows: chunk, database.dialect)
                count += try await database.execute(statement).changedRows
            }
            return count
        }
    }

    private static func column(_ property: any PartialKeyPath<M> & Sendable) throws(ORMError) -> FieldSchema {
        guard let schema = M.table.field(at: property)?.schema, schema.kind.hasColumn, !schema.isPrimaryKey,
            schema.generated == nil
        else {
            throw .invalidQuery(
                "'\(Field<M>.propertyName(property))' is not a column of \(M.self) that updateMany can set. "
                    + "Name properties of its table, and not the primary key.")
        }
        return schema
    }

    /// The primary key of each row and the values to be written, in the order of the keys.
    ///
    /// Statements that lock the same rows in the same order wait for each other instead of locking each other out.
    private static func rows(_ models: [M], _ columns: [FieldSchema]) throws -> [[SQLValue]] {
        let all = M.table.erased.columns
        let places = columns.compactMap { column in all.firstIndex { $0.column == column.column } }
        var rows: [[SQLValue]] = []
        rows.reserveCapacity(models.count)
        for model in models {
            let key = model.id.sqlValue
            if M.anyTable.primaryKey.kind == .auto, key == .integer(0) {
                throw ORMError.invalidQuery(
                    "updateMany was given a \(M.self) that is not saved. Use createMany for new rows.")
            }
            try M.table.checkStorable(model)
            let values = M.table.encode(model)
            rows.append([key] + places.map { values[$0] })
        }
        rows.sort { $0[0].precedes($1[0]) }
        for (row, next) in zip(rows, rows.dropFirst()) where row[0] == next[0] {
            throw ORMError.invalidQuery(
                "updateMany was given the same \(M.self) twice, and cannot know which one to write.")
        }
        return rows
    }
}

extension SQLValue {
    /// An order of keys of one type; any will do, as long as it is always the same.
    fileprivate func precedes(_ other: SQLValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left < right
        case (.text(let left), .text(let right)): left < right
        case (.uuid(let left), .uuid(let right)): left < right
        default: false
        }
    }
}
