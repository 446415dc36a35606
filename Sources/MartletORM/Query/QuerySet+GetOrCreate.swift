extension QuerySet {
    /// The row that satisfies a condition; inserted when there is none.
    ///
    /// ```swift
    /// let (tag, isNew) = try await Tag.objects.getOrCreate({ $0.name == "swift" }, or: Tag(name: "swift"))
    /// ```
    ///
    /// When somebody else inserts the row at the same time, a unique constraint refuses this one, and theirs is returned.
    /// Without such a constraint there may be two.
    ///
    /// - Parameter row: What is inserted; evaluated only then.
    /// - Returns: The row, and whether it is new.
    /// - Throws: ``ORMError/multipleObjects(model:)``; ``DatabaseError`` when the new row breaks another constraint.
    ///
    /// Source: [Django, `get_or_create`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#get-or-create).
    public nonisolated(nonsending) func getOrCreate(
        _ condition: (Columns<M>) -> Condition, or row: @autoclosure () -> M
    ) async throws -> (row: M, isNew: Bool) {
        let matching = filter(condition).with { $0.isForWriting = true }
        if let found = try await matching.onlyRow() { return (found, false) }
        let new = row()
        do {
            return (try await query.bound(.write) { _ in try await transaction { try await create(new) } }, true)
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            guard let found = try await matching.onlyRow() else { throw error }
            return (found, false)
        }
    }

    /// Changes the row that satisfies a condition, or inserts one when there is none; in one transaction, in which the row
    /// is locked.
    ///
    /// ```swift
    /// try await Visit.objects.updateOrCreate({ $0.page == path }, or: Visit(page: path, count: 1)) { $0.count += 1 }
    /// ```
    ///
    /// - Parameters:
    ///   - row: What is inserted when there is none, as it is; evaluated only then.
    ///   - change: Changes the row that is there.
    /// - Returns: The row as it is stored, and whether it is new.
    /// - Throws: ``ORMError/multipleObjects(model:)``; ``DatabaseError``.
    ///
    /// Source: [Django, `update_or_create`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#update-or-create).
    @discardableResult
    public nonisolated(nonsending) func updateOrCreate(
        _ condition: (Columns<M>) -> Condition, or row: @autoclosure () -> M, change: (inout M) -> Void
    ) async throws -> (row: M, isNew: Bool) {
        let matching = filter(condition).selectForUpdate().with { $0.isForWriting = true }
        return try await query.bound(.write) { _ in
            try await transaction {
                if let found = try await matching.onlyRow() { return (try await found.saved(change), false) }
                do {
                    let new = row()
                    return (try await transaction { try await create(new) }, true)
                } catch let error as DatabaseError where error.kind == .uniqueViolation {
                    guard let found = try await matching.onlyRow() else { throw error }
                    return (try await found.saved(change), false)
                }
            }
        }
    }

    /// The row of a query that finds one or none.
    func onlyRow() async throws -> M? {
        let rows = try await limit(2).all()
        guard rows.count < 2 else { throw ORMError.multipleObjects(model: "\(M.self)") }
        return rows.first
    }
}

extension Model {
    fileprivate nonisolated(nonsending) func saved(_ change: (inout Self) -> Void) async throws -> Self {
        var row = self
        change(&row)
        try await row.save()
        return row
    }
}
