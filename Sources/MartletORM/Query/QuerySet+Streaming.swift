extension QuerySet {
    /// The rows one after the other, read some at a time.
    ///
    /// ```swift
    /// for try await post in Post.objects.order({ $0.id }).stream() { … }
    /// ```
    ///
    /// The next rows are read when they are asked for, so memory holds one batch however many rows there are. Outside a
    /// transaction the loop has a connection for itself until its end: behind the last row, at `break`, at an error, or when
    /// the task is cancelled. On PostgreSQL it is a cursor of the server, on SQLite a statement that has not ended, which
    /// keeps no writer waiting.
    ///
    /// - Parameter size: How many rows are read at once.
    ///
    /// Source: [Django, `iterator`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#iterator).
    public func stream(batch size: Int = 2_000) -> QueryStream<M> { inBatches(of: size).stream }

    /// The rows in arrays of some; see ``stream(batch:)``. What `prefetch` asks for is loaded for each.
    ///
    /// - Parameter size: How many rows a batch has; the last one may have fewer, and none is empty.
    public func inBatches(of size: Int) -> QueryBatches<M> {
        QueryBatches(of: size) { () -> RowBatches<M>? in
            let database = try self.databaseToRead()
            guard !self.query.isNone else { return nil }
            let (plan, table) = (self.relatedColumns(), M.table)
            return database.batches(of: size, try database.select(self.query)) { row in
                try table.decode(row, at: 0, related: plan)
            }
        } completing: { rows in
            var rows = rows
            if !self.prefetches.isEmpty { try await self.load(self.prefetches, for: &rows) }
            return rows
        }
    }

    /// Some expressions of each row instead of the row, one tuple after the other, read some at a time.
    ///
    /// ```swift
    /// for try await (title, count) in Post.objects.stream(values: { ($0.title, $0.comments.count) }) { … }
    /// ```
    ///
    /// - Parameters:
    ///   - size: How many are read at once.
    ///   - expressions: What is read, as of ``values(_:)``.
    ///
    /// Source: [Django, `values_list(…).iterator()`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#iterator).
    public func stream<each V: FieldValue>(
        batch size: Int = 2_000, values expressions: (Columns<M>) -> (repeat Expr<each V>)
    ) -> QueryStream<(repeat each V)> {
        let typed = expressions(Columns())
        var selected: [SQLExpression] = []
        for expression in repeat each typed { selected.append(expression.sql) }
        return values(batch: size, selected) { try decodeValues($0, at: 0) }.stream
    }

    /// One expression of each row instead of the row, one value after the other, read some at a time.
    public func stream<V: FieldValue>(
        batch size: Int = 2_000, values expression: (Columns<M>) -> Expr<V>
    ) -> QueryStream<V> {
        values(batch: size, [expression(Columns()).sql]) { try V.decode(from: $0, at: 0) }.stream
    }

    func values<Values: Sendable>(
        batch size: Int, _ selected: [SQLExpression], _ decode: @escaping @Sendable (any Row) throws -> Values
    ) -> QueryBatches<Values> {
        QueryBatches(of: size) {
            let database = try self.databaseToRead()
            guard !self.query.isNone else { return nil }
            return database.batches(
                of: size, try SQLCompiler.select(selected, from: self.query, database.dialect), decode: decode)
        }
    }

    /// The database that the query goes to, which must have the lock that it asks for.
    func databaseToRead() throws -> Database {
        let database = try Database.current(for: query, query.access)
        try query.checkLock(database)
        return database
    }
}
