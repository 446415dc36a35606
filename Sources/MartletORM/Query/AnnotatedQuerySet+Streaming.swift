extension AnnotatedQuerySet {
    /// The rows with their values one after the other, read some at a time; see ``QuerySet/stream(batch:)``.
    ///
    /// ```swift
    /// for try await (post, count) in Post.objects.annotate({ $0.comments.count }).stream() { … }
    /// ```
    ///
    /// - Parameter size: How many rows are read at once.
    public func stream(batch size: Int = 2_000) -> QueryStream<(M, repeat each V)> { inBatches(of: size).stream }

    /// The rows with their values in arrays of some; see ``QuerySet/inBatches(of:)``.
    ///
    /// - Parameter size: How many rows a batch has; the last one may have fewer, and none is empty.
    public func inBatches(of size: Int) -> QueryBatches<(M, repeat each V)> {
        let rows = rows
        return QueryBatches(of: size) { () -> RowBatches<(M, (repeat each V))>? in
            let database = try rows.databaseToRead()
            guard !rows.query.isNone else { return nil }
            let (plan, table, start) = (rows.relatedColumns(), M.table, rows.query.rowWidth)
            let statement = try SQLCompiler.select(rows.query, database.dialect)
            return database.batches(of: size, statement) { row -> (M, (repeat each V)) in
                (try table.decode(row, at: 0, related: plan), try decodeValues(row, at: start))
            }
        } completing: { found in
            // No key path: Swift 6.3 cannot make one where the types are a pack.
            var models = found.map { $0.0 }
            if !rows.prefetches.isEmpty { try await rows.load(rows.prefetches, for: &models) }
            return zip(models, found).map { model, row in (model, repeat each row.1) }
        }
    }

    /// Some expressions of each row instead of the row, one tuple after the other, read some at a time.
    public func stream<each W: FieldValue>(
        batch size: Int = 2_000, values expressions: (Columns<M>, repeat Expr<each V>) -> (repeat Expr<each W>)
    ) -> QueryStream<(repeat each W)> {
        models.values(batch: size, list(expressions)) { try decodeValues($0, at: 0) }.stream
    }

    /// What the database does for this query, in its own words; see ``QuerySet/explain(_:analyze:verbose:buffers:)``.
    public func explain(
        _ format: ExplainFormat = .text, analyze: Bool = false, verbose: Bool = false, buffers: Bool = false
    ) async throws -> String {
        try await rows.explain(format, analyze: analyze, verbose: verbose, buffers: buffers)
    }

    /// The rows at some places of the order, counted from 0: `…[20..<40]`.
    public subscript(places: Range<Int>) -> Self { Self(rows: rows[places]) }
}
