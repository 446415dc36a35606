extension QuerySet {
    /// All rows.
    ///
    /// - Throws: ``DatabaseError``; ``DecodingProblem`` when a row holds what its field does not.
    public nonisolated(nonsending) func all() async throws -> [M] {
        let database = try Database.current(for: query, query.isForWriting ? .write : query.access)
        guard !query.isNone else { return [] }
        try query.checkLock(database)
        let statement = try database.select(query)
        let plan = relatedColumns()
        let table = M.table
        var models = try await database.rows(statement, access: query.access) {
            try table.decode($0, at: 0, related: plan)
        }
        if !prefetches.isEmpty { try await load(prefetches, for: &models) }
        return models
    }

    /// Loads relations of rows, from the database that the rows are from.
    func load(_ relations: [PrefetchNode], for models: inout [M]) async throws {
        let rows = models
        models = try await query.bound(query.access) { _ in
            var rows = rows
            try await M.table.prefetch(relations, for: &rows)
            return rows
        }
    }

    /// The first row, by primary key when there is no order; `nil` when there is none.
    public nonisolated(nonsending) func first() async throws -> M? {
        try await orderedByKey().limit(1).all().first
    }

    /// The last row, by primary key when there is no order; `nil` when there is none.
    public func last() async throws -> M? {
        try await backwards().limit(1).all().first
    }

    func backwards() throws(ORMError) -> Self {
        guard !query.isSliced else {
            throw .invalidQuery("last() of a slice is not a query. Reverse the order and use first().")
        }
        return orderedByKey().reversed()
    }

    /// The only row.
    ///
    /// - Throws: ``ORMError/doesNotExist(model:)`` or ``ORMError/multipleObjects(model:)``.
    public nonisolated(nonsending) func get() async throws -> M {
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
    public nonisolated(nonsending) func count() async throws -> Int {
        let database = try Database.current(for: query, .read)
        guard !query.isNone else { return 0 }
        let statement = try database.count(query)
        return try await database.rows(statement) { try Int.decode(from: $0, at: 0) }.first ?? 0
    }

    /// Whether there is a row.
    ///
    /// SQL: `SELECT 1 … LIMIT 1`.
    public nonisolated(nonsending) func exists() async throws -> Bool {
        let database = try Database.current(for: query, .read)
        guard !query.isNone else { return false }
        let statement = try database.exists(query)
        return try await !database.rows(statement) { _ in true }.isEmpty
    }

    /// Some expressions of each row instead of the row.
    ///
    /// ```swift
    /// let rows: [(String, String, Int)] = try await Post.objects
    ///     .values { ($0.title, $0.author.name, $0.comments.count) }
    /// ```
    ///
    /// With an aggregate of the rows themselves among them there is one tuple for each combination of the others:
    /// `values { ($0.author.name, $0.id.count()) }`. A filter with such an aggregate then chooses among the groups.
    public nonisolated(nonsending) func values<each V: FieldValue>(
        _ expressions: (Columns<M>) -> (repeat Expr<each V>)
    ) async throws -> [(repeat each V)] {
        let database = try Database.current(for: query, query.access)
        guard !query.isNone else { return [] }
        try query.checkLock(database)
        let typed = expressions(Columns())
        var selected: [SQLExpression] = []
        for expression in repeat each typed { selected.append(expression.sql) }
        let statement = try SQLCompiler.select(selected, from: query, database.dialect)
        return try await database.rows(statement, access: query.access) { try decodeValues($0, at: 0) }
    }

    /// One expression of each row instead of the row: Django's `values_list(…, flat=True)`.
    ///
    /// ```swift
    /// let titles = try await Post.objects.values { $0.title }
    /// ```
    public nonisolated(nonsending) func values<V: FieldValue>(
        _ expression: (Columns<M>) -> Expr<V>
    ) async throws -> [V] {
        let database = try Database.current(for: query, query.access)
        guard !query.isNone else { return [] }
        try query.checkLock(database)
        let statement = try SQLCompiler.select([expression(Columns()).sql], from: query, database.dialect)
        return try await database.rows(statement, access: query.access) { try V.decode(from: $0, at: 0) }
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

    func orderedByKey() -> Self {
        guard query.effectiveOrders.isEmpty, !query.isSliced else { return self }
        let key = SQLExpression.column(ColumnPath([], query.table.primaryKey))
        return with { $0.orders = [OrderTerm(expression: key, isDescending: false, nulls: nil)] }
    }

    /// Where the columns of each related row begin: behind the row's own, in the order of the paths.
    ///
    /// - Parameter start: The first column behind the row's own; `nil` where those begin at the first.
    func relatedColumns(startingAt start: Int? = nil) -> [RelatedColumnsPlan] {
        var plans: [RelatedColumnsPlan] = []
        var start = start ?? query.table.columns.count
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
