extension QuerySet {
    /// No rows, without asking a database; what is built upon it has none either.
    public var none: Self {
        with { query in
            query.isNone = true
            // For whoever takes the query as a part of another.
            query.conditions.append(.inList(.column(ColumnPath([], query.table.primaryKey)), []))
        }
    }

    /// The row that comes first by an expression.
    ///
    /// A row for which it is null comes after all others, on every database.
    ///
    /// - Throws: ``ORMError/doesNotExist(model:)`` when there is none.
    ///
    /// Source: [Django, `earliest`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#earliest).
    public nonisolated(nonsending) func earliest<V: FieldValue>(_ by: (Columns<M>) -> Expr<V>) async throws -> M {
        try await extreme("earliest", by(Columns()).ascending)
    }

    /// The row that comes last by an expression.
    ///
    /// A row for which it is null comes before all others, on every database.
    ///
    /// - Throws: ``ORMError/doesNotExist(model:)`` when there is none.
    ///
    /// Source: [Django, `latest`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#latest).
    public nonisolated(nonsending) func latest<V: FieldValue>(_ by: (Columns<M>) -> Expr<V>) async throws -> M {
        try await extreme("latest", by(Columns()).descending)
    }

    private nonisolated(nonsending) func extreme(_ method: String, _ order: Order) async throws -> M {
        guard !query.isSliced else {
            throw ORMError.invalidQuery(
                "\(method) cannot follow limit or offset, which have chosen the rows by another order. Call it before.")
        }
        let found = try await with { $0.orders = [order.nullsLast.term] }.limit(1).all().first
        guard let found else { throw ORMError.doesNotExist(model: "\(M.self)") }
        return found
    }

    /// Whether a row is among those of the query.
    ///
    /// SQL: `SELECT 1 … WHERE … AND id = ? LIMIT 1`.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` for a row that is not saved.
    ///
    /// Source: [Django, `contains`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#contains).
    public func contains(_ row: M) async throws -> Bool {
        let key = SQLExpression.column(ColumnPath([], query.table.primaryKey))
        let id = try row.savedID().sqlValue
        let same = SQLExpression.comparison(.equal, key, .value(id))
        guard query.isSliced else { return try await with { $0.conditions.append(same) }.exists() }
        var all = SelectQuery(query.table)
        all.database = query.database
        all.isNone = query.isNone
        all.conditions = [same, .inQuery(key, query, selecting: key)]
        return try await with { $0 = all }.exists()
    }

    /// The rows with the given ids, by id; those that there are not are left out.
    ///
    /// As many statements as the database needs for so many values.
    ///
    /// Source: [Django, `in_bulk`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#in-bulk).
    public func inBulk(_ ids: some Sequence<M.ID>) async throws -> [M.ID: M] {
        let key = SQLExpression.column(ColumnPath([], query.table.primaryKey))
        return try await rows(key, in: Array(Set(ids))).byKey { $0.id }
    }

    /// All rows of the query, by id.
    public func inBulk() async throws -> [M.ID: M] {
        try await all().byKey { $0.id }
    }

    /// The rows with the given values of a unique property, by that: `inBulk(["a", "b"], by: \.slug)`.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` for a property that is not unique.
    public func inBulk<V: FieldValue & Hashable>(
        _ values: some Sequence<V>, by property: KeyPath<M, V>
    ) async throws -> [V: M] {
        guard let schema = M.table.field(at: property)?.schema, schema.isUnique || schema.isPrimaryKey else {
            throw ORMError.invalidQuery(
                "'\(Field<M>.propertyName(property))' of \(M.self) is not unique, so several rows could have one value. "
                    + "Give inBulk a property that is declared with `unique: true`.")
        }
        let found = try await rows(.column(ColumnPath([], schema)), in: Array(Set(values)))
        return found.byKey { $0[keyPath: property] }
    }

    private func rows<V: FieldValue>(_ key: SQLExpression, in values: [V]) async throws -> [M] {
        guard !query.isSliced else {
            throw ORMError.invalidQuery("inBulk cannot follow limit or offset. Ask for the rows by `all()`.")
        }
        // The query's own conditions bind values, too.
        let reserved = try SQLCompiler.select(query, Database.current(for: query, query.access).dialect).parameters
            .count
        var found: [M] = []
        for chunk in try values.map(\.sqlValue).chunked(reserving: reserved) {
            found += try await with { $0.conditions.append(.inList(key, chunk)) }.all()
        }
        return found
    }
}

extension Array {
    fileprivate func byKey<Key: Hashable>(_ key: (Element) -> Key) -> [Key: Element] {
        Dictionary(map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
    }
}
