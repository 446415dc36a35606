import Synchronization

extension QuerySet {
    /// The rows of a query in SQL, as models.
    ///
    /// ```swift
    /// let posts = try await Post.objects.prefetch { $0.tags }
    ///     .raw("SELECT * FROM blog_post WHERE title % \(word) ORDER BY similarity(title, \(word)) DESC")
    /// ```
    ///
    /// The columns are found by their names, in any order; further ones are left out. What this query set was refined by
    /// does not come in, but for `prefetch` and `using`.
    ///
    /// - Parameter access: `.write` for a statement that writes, such as `UPDATE … RETURNING *`.
    /// - Throws: ``ORMError/invalidQuery(_:)`` with the name of a column that is missing; ``DatabaseError``;
    ///   ``DecodingProblem``.
    ///
    /// Source: [Django, `raw`](https://docs.djangoproject.com/en/5.2/topics/db/sql/#performing-raw-queries).
    public func raw(_ sql: SQLText, access: DatabaseAccess = .read) async throws -> [M] {
        let database = try Database.current(for: query, access)
        let table = M.table
        try table.erased.validate()
        let places = ColumnPlaces()
        var models = try await database.rows(try sql.statement(database.dialect), access: access) { row in
            try table.decode(row, at: try places.find(table.erased, in: row))
        }
        if !prefetches.isEmpty { try await load(prefetches, for: &models) }
        return models
    }
}

/// Where the columns of a model stand in a result; looked for once, at the first row.
private final class ColumnPlaces: Sendable {
    /// Rows are decoded one after the other, on a thread of the driver's choice.
    private let found = Mutex<[Int]?>(nil)

    func find(_ table: AnyTable, in row: any Row) throws(ORMError) -> [Int] {
        if let found = found.withLock({ $0 }) { return found }
        var byName: [String: Int] = [:]
        for index in (0..<row.count).reversed() { byName[row.columnName(at: index)] = index }
        var places: [Int] = []
        for column in table.columns {
            guard let place = byName[column.column] else {
                throw .invalidQuery(
                    "The result has no column '\(column.column)', which \(table.schema.name) needs. Select it too, "
                        + "or read the columns that there are with `database.raw(…, as: …)`.")
            }
            places.append(place)
        }
        found.withLock { $0 = places }
        return places
    }
}

extension Table {
    /// Decodes a row whose columns stand at given places.
    fileprivate func decode(_ row: any Row, at places: [Int]) throws -> M {
        var model = blank
        try withUnsafeMutablePointer(to: &model) { pointer in
            let base = UnsafeMutableRawPointer(pointer)
            for (field, place) in zip(columns, places) { try field.column?.decode(base, row, place) }
        }
        return model
    }
}
