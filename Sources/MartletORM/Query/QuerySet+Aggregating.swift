extension QuerySet {
    /// Aggregates of all rows of the query, in one statement.
    ///
    /// ```swift
    /// let (total, mean) = try await Post.objects.aggregate { ($0.views.sum(), $0.views.average()) }
    /// ```
    ///
    /// A relation to many is joined, so `$0.comments.count` is the number of the comments of all rows. Aggregates over
    /// different relations do not multiply each other, as they do in Django. Without rows counts are 0, all else is nil.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` for an expression that is no aggregate; ``DatabaseError``.
    ///
    /// Source: [Django, `aggregate`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#aggregate).
    public nonisolated(nonsending) func aggregate<each V: FieldValue>(
        _ expressions: (Columns<M>) -> (repeat Expr<each V>)
    ) async throws -> (repeat each V) {
        let typed = expressions(Columns())
        var selected: [SQLExpression] = []
        for expression in repeat each typed { selected.append(expression.sql) }
        return try await aggregate(selected)
    }

    /// One aggregate of all rows of the query.
    ///
    /// ```swift
    /// let views = try await Post.objects.aggregate { $0.views.sum(default: 0) }
    /// ```
    public nonisolated(nonsending) func aggregate<V: FieldValue>(
        _ expression: (Columns<M>) -> Expr<V>
    ) async throws -> V {
        try await aggregate([expression(Columns()).sql])
    }

    /// Aggregates that are given without their types.
    func aggregate<each V: FieldValue>(_ expressions: [SQLExpression]) async throws -> (repeat each V) {
        let database = try Database.current(for: query, .read)
        let statement = try SQLCompiler.aggregate(expressions, of: query, database.dialect)
        let rows: [(repeat each V)] = try await database.rows(statement) { try decodeValues($0, at: 0) }
        guard let row = rows.first else {
            throw ORMError.invalidQuery("The database has answered an aggregate with no row, which SQL rules out.")
        }
        return row
    }

    /// Returns expressions beside each row.
    ///
    /// ```swift
    /// let posts: [(Post, Int)] = try await Post.objects
    ///     .annotate { $0.comments.count }
    ///     .filter { post, comments in comments > 3 }
    ///     .order { post, comments in comments.descending }
    ///     .all()
    /// ```
    ///
    /// An aggregate over a relation to many is taken for each row by itself, so several of them never multiply each
    /// other. One over columns of the row itself, or over those that a filter has joined, groups by the row.
    ///
    /// Source: [Django, `annotate`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#annotate).
    public func annotate<each V: FieldValue>(
        _ expressions: (Columns<M>) -> (repeat Expr<each V>)
    ) -> AnnotatedQuerySet<M, repeat each V> {
        let typed = expressions(Columns())
        var annotated: [SQLExpression] = []
        for expression in repeat each typed { annotated.append(expression.sql) }
        return AnnotatedQuerySet(rows: refined("annotate") { $0.annotations = annotated })
    }

    /// Returns an expression beside each row.
    public func annotate<V: FieldValue>(_ expression: (Columns<M>) -> Expr<V>) -> AnnotatedQuerySet<M, V> {
        let annotated = expression(Columns()).sql
        return AnnotatedQuerySet(rows: refined("annotate") { $0.annotations = [annotated] })
    }
}

/// Reads values from neighbouring columns.
func decodeValues<each V: FieldValue>(_ row: any Row, at start: Int) throws -> (repeat each V) {
    var index = start - 1
    func next<Value: FieldValue>(_: Value.Type) throws -> Value {
        index += 1
        return try Value.decode(from: row, at: index)
    }
    return (repeat try next((each V).self))
}
