extension QuerySet {
    /// All rows.
    ///
    /// - Throws: ``DatabaseError``; ``DecodingProblem`` when a row holds what its field does not.
    public func all() async throws -> [M] {
        let database = try Database.current
        let statement = try database.select(query)
        let plan = relatedColumns()
        let table = M.table
        var models = try await database.rows(statement) { try table.decode($0, at: 0, related: plan) }
        try await table.prefetch(prefetches, for: &models)
        return models
    }

    /// The first row, by primary key when there is no order; `nil` when there is none.
    public func first() async throws -> M? {
        try await orderedByKey().limit(1).all().first
    }

    /// The last row, by primary key when there is no order; `nil` when there is none.
    public func last() async throws -> M? {
        guard !query.isSliced else {
            throw ORMError.invalidQuery("last() of a slice is not a query. Reverse the order and use first().")
        }
        return try await orderedByKey().reversed().limit(1).all().first
    }

    /// The only row.
    ///
    /// - Throws: ``ORMError/doesNotExist(model:)`` or ``ORMError/multipleObjects(model:)``.
    public func get() async throws -> M {
        // Two rows are enough to know that there is not one; a primary key has one at most without being told.
        let found = try await (query.namesPrimaryKey ? self : limit(2)).all()
        guard let model = found.first else { throw ORMError.doesNotExist(model: "\(M.self)") }
        guard found.count == 1 else { throw ORMError.multipleObjects(model: "\(M.self)") }
        return model
    }

    /// The only row that satisfies the condition.
    ///
    /// - Throws: ``ORMError/doesNotExist(model:)`` or ``ORMError/multipleObjects(model:)``.
    public nonisolated(nonsending) func get(_ condition: (Columns<M>) -> Condition) async throws -> M {
        try await filter(condition).get()
    }

    /// How many rows there are.
    ///
    /// SQL: `SELECT COUNT(*) …`.
    public func count() async throws -> Int {
        let database = try Database.current
        let statement = try database.count(query)
        return try await database.rows(statement) { try Int.decode(from: $0, at: 0) }.first ?? 0
    }

    /// Whether there is a row.
    ///
    /// SQL: `SELECT 1 … LIMIT 1`.
    public func exists() async throws -> Bool {
        let database = try Database.current
        let statement = try database.exists(query)
        return try await !database.rows(statement) { _ in true }.isEmpty
    }

    /// Some expressions of each row instead of the row.
    ///
    /// ```swift
    /// let rows: [(String, String, Int)] = try await Post.objects
    ///     .values { ($0.title, $0.author.name, $0.comments.count) }
    /// ```
    public nonisolated(nonsending) func values<each V: FieldValue>(
        _ expressions: (Columns<M>) -> (repeat Expr<each V>)
    ) async throws -> [(repeat each V)] {
        let database = try Database.current
        let typed = expressions(Columns())
        var selected: [SQLExpression] = []
        for expression in repeat each typed { selected.append(expression.sql) }
        let statement = try SQLCompiler.select(selected, from: query, database.dialect)
        return try await database.rows(statement) { row in
            var index = -1
            func next<Value: FieldValue>(_: Value.Type) throws -> Value {
                index += 1
                return try Value.decode(from: row, at: index)
            }
            return (repeat try next((each V).self))
        }
    }

    /// In the opposite order.
    public func reversed() -> Self {
        refined("reversed") { query in
            query.orders = query.effectiveOrders.map { term in
                let nulls: NullsPosition? = term.nulls.map { $0 == .first ? .last : .first }
                return OrderTerm(expression: term.expression, isDescending: !term.isDescending, nulls: nulls)
            }
        }
    }

    private func orderedByKey() -> Self {
        guard query.effectiveOrders.isEmpty, !query.isSliced else { return self }
        let key = SQLExpression.column(ColumnPath([], query.table.primaryKey))
        return with { $0.orders = [OrderTerm(expression: key, isDescending: false, nulls: nil)] }
    }

    /// Where the columns of each related row begin: behind the row's own, in the order of the paths.
    private func relatedColumns() -> [RelatedColumnsPlan] {
        var plans: [RelatedColumnsPlan] = []
        var start = query.table.columns.count
        for path in query.selectRelated {
            Self.insert(path.map(\.name)[...], start, into: &plans)
            start += path.last?.target.columns.count ?? 0
        }
        return plans
    }

    private static func insert(_ path: ArraySlice<String>, _ start: Int, into plans: inout [RelatedColumnsPlan]) {
        guard let name = path.first else { return }
        if let index = plans.firstIndex(where: { $0.name == name }) {
            insert(path.dropFirst(), start, into: &plans[index].children)
        } else {
            plans.append(RelatedColumnsPlan(name: name, start: start))
        }
    }
}
