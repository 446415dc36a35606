/// A query that returns values beside each row; made by ``QuerySet/annotate(_:)``.
///
/// Its closures get the columns and the values, which can be used like columns.
public struct AnnotatedQuerySet<M: Model, each V: FieldValue>: Sendable {
    /// The query, with the values among what it selects.
    let rows: QuerySet<M>

    init(rows: QuerySet<M>) {
        self.rows = rows
    }

    /// The same query without the values; conditions and order on them stay. What `alias` is in Django.
    public var models: QuerySet<M> { rows.with { $0.annotations = [] } }

    // MARK: Refining

    /// Keeps the rows that satisfy the condition.
    public func filter(_ condition: (Columns<M>, repeat Expr<each V>) -> Condition) -> Self {
        let condition = call(condition)
        return Self(rows: rows.filter { _ in condition })
    }

    /// Leaves out the rows that satisfy the condition.
    public func exclude(_ condition: (Columns<M>, repeat Expr<each V>) -> Condition) -> Self {
        let condition = call(condition)
        return Self(rows: rows.exclude { _ in condition })
    }

    /// Orders the rows by one term; replaces an earlier order and the table's own.
    public func order(_ order: (Columns<M>, repeat Expr<each V>) -> Order) -> Self {
        let term = call(order)
        return Self(rows: rows.order { _ in [term] })
    }

    /// Orders the rows; replaces an earlier order and the table's own. Any number of terms, as for a query set.
    public func order<each Term: OrderTerms>(
        _ order: (Columns<M>, repeat Expr<each V>) -> (repeat each Term)
    ) -> Self {
        let terms = call(order)
        var orders: [Order] = []
        for term in repeat each terms { orders += term.orders }
        return Self(rows: rows.order { _ in orders })
    }

    /// In the opposite order.
    public func reversed() -> Self { Self(rows: rows.reversed()) }

    /// Without any order, also not the table's own.
    public var unordered: Self { Self(rows: rows.unordered) }

    /// At most so many rows.
    public func limit(_ count: Int) -> Self { Self(rows: rows.limit(count)) }

    /// Without the first rows.
    public func offset(_ count: Int) -> Self { Self(rows: rows.offset(count)) }

    /// Each row with the same values once.
    public func distinct() -> Self { Self(rows: rows.distinct()) }

    /// Reads the rows that foreign keys lead to in the same statement.
    public func selectRelated<Scope: SingleColumnScope>(_ relation: (Columns<M>) -> Scope) -> Self {
        Self(rows: rows.selectRelated(relation))
    }

    /// Loads the rows of a relation with one further statement for all rows.
    public func prefetch<Scope: ColumnScope>(_ relation: (Columns<M>) -> Scope) -> Self {
        Self(rows: rows.prefetch(relation))
    }

    /// Loads the rows of a relation that a query of theirs finds.
    public func prefetch<Scope: ColumnScope>(
        _ relation: (Columns<M>) -> Scope, using query: QuerySet<Scope.M>
    ) -> Self {
        Self(rows: rows.prefetch(relation, using: query))
    }

    /// All values are given in one `annotate`; one of them may be made from others.
    ///
    /// ```swift
    /// Volume.objects.annotate { volume in
    ///     let writers = volume.writers.count
    ///     return (writers, writers + volume.stores.count)
    /// }
    /// ```
    @available(*, unavailable, message: "give all values in one annotate; its closure may use those it has made")
    public func annotate<W: FieldValue>(_ expression: (Columns<M>) -> Expr<W>) -> Self { self }

    // MARK: Reading

    /// All rows with their values.
    public func all() async throws -> [(M, repeat each V)] {
        let query = rows.query
        let database = try Database.current(for: query, query.access)
        guard !query.isNone else { return [] }
        try query.checkLock(database)
        let statement = try SQLCompiler.select(query, database.dialect)
        let (plan, table) = (rows.relatedColumns(), M.table)
        let start = query.rowWidth
        let found: [(M, (repeat each V))] = try await database.rows(statement, access: query.access) { row in
            (try table.decode(row, at: 0, related: plan), try decodeValues(row, at: start))
        }
        // No key path: Swift 6.3 cannot make one where the types are a pack.
        var models = found.map { $0.0 }
        if !rows.prefetches.isEmpty { try await rows.load(rows.prefetches, for: &models) }
        return zip(models, found).map { model, row in (model, repeat each row.1) }
    }

    /// The first row, by primary key when there is no order; `nil` when there is none.
    public func first() async throws -> (M, repeat each V)? {
        try await Self(rows: rows.orderedByKey()).limit(1).all().first
    }

    /// The last row, by primary key when there is no order; `nil` when there is none.
    public func last() async throws -> (M, repeat each V)? {
        try await Self(rows: try rows.backwards()).limit(1).all().first
    }

    /// The only row.
    ///
    /// - Throws: ``ORMError/doesNotExist(model:)`` or ``ORMError/multipleObjects(model:)``.
    public func get() async throws -> (M, repeat each V) {
        let found = try await limit(2).all()
        guard let row = found.first else { throw ORMError.doesNotExist(model: "\(M.self)") }
        guard found.count == 1 else { throw ORMError.multipleObjects(model: "\(M.self)") }
        return row
    }

    /// How many rows there are.
    public func count() async throws -> Int { try await rows.count() }

    /// Whether there is a row.
    public func exists() async throws -> Bool { try await rows.exists() }

    /// A page of the rows, with two statements: the count, and the page's rows.
    ///
    /// - Throws: ``ORMError/noSuchPage(number:pages:)`` beyond the last page or below 1.
    public func page(_ number: Int, size: Int) async throws -> Page<(M, repeat each V)> {
        let (offset, count) = try await rows.place(ofPage: number, size: size)
        let items = count == 0 ? [] : try await self.offset(offset).limit(size).all()
        return Page(items: items, number: number, size: size, count: count)
    }

    /// Some expressions of each row instead of the row; with an aggregate among them, of each group of rows.
    public nonisolated(nonsending) func values<each W: FieldValue>(
        _ expressions: (Columns<M>, repeat Expr<each V>) -> (repeat Expr<each W>)
    ) async throws -> [(repeat each W)] {
        let selected = list(expressions)
        let query = models.query
        let database = try Database.current(for: query, query.access)
        guard !query.isNone else { return [] }
        try query.checkLock(database)
        let statement = try SQLCompiler.select(selected, from: query, database.dialect)
        return try await database.rows(statement, access: query.access) { try decodeValues($0, at: 0) }
    }

    /// Aggregates of all rows, and of the values beside them.
    ///
    /// ```swift
    /// let mean = try await Post.objects.annotate { $0.comments.count }.aggregate { $1.average() }
    /// ```
    public nonisolated(nonsending) func aggregate<each W: FieldValue>(
        _ expressions: (Columns<M>, repeat Expr<each V>) -> (repeat Expr<each W>)
    ) async throws -> (repeat each W) {
        try await rows.aggregate(list(expressions))
    }

    /// One expression of each row instead of the row.
    public nonisolated(nonsending) func values<W: FieldValue>(
        _ expression: (Columns<M>, repeat Expr<each V>) -> Expr<W>
    ) async throws -> [W] {
        let selected = call(expression)
        return try await models.values { _ in selected }
    }

    /// One aggregate of all rows, or of the values beside them.
    public nonisolated(nonsending) func aggregate<W: FieldValue>(
        _ expression: (Columns<M>, repeat Expr<each V>) -> Expr<W>
    ) async throws -> W {
        try await rows.aggregate([call(expression).sql])
    }

    // MARK: Writing

    /// Changes columns of all rows of the query, in one statement.
    @discardableResult
    public nonisolated(nonsending) func update(_ assign: (inout Assignments<M>) -> Void) async throws -> Int {
        try await models.update(assign)
    }

    /// Deletes all rows of the query, and does to the rows that refer to them what their fields say.
    @discardableResult
    public func delete() async throws -> DeletionResult { try await models.delete() }

    // MARK: Inside

    /// Calls a closure with the columns and the values.
    private func call<Result>(_ closure: (Columns<M>, repeat Expr<each V>) -> Result) -> Result {
        var index = -1
        func next<Value: FieldValue>(_: Value.Type) -> Expr<Value> {
            index += 1
            return Expr<Value>(.annotated(index, rows.query.annotations[index]))
        }
        return closure(Columns(), repeat next((each V).self))
    }

    func list<each W: FieldValue>(
        _ closure: (Columns<M>, repeat Expr<each V>) -> (repeat Expr<each W>)
    ) -> [SQLExpression] {
        let typed = call(closure)
        var list: [SQLExpression] = []
        for expression in repeat each typed { list.append(expression.sql) }
        return list
    }
}

extension SelectQuery {
    /// How many columns a row and its related rows have.
    var rowWidth: Int {
        selectRelated.reduce(table.columns.count) { $0 + ($1.last?.target.columns.count ?? 0) }
    }
}
