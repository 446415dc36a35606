extension QuerySet {
    /// The rows of this query and of others; each once.
    ///
    /// ```swift
    /// let mine = Post.objects.filter { $0.author == user }.union(Post.objects.published).order { $0.title.ascending }
    /// ```
    ///
    /// The result is a query like any other: it can be filtered, ordered, cut, counted and changed. It has no order of
    /// its own.
    ///
    /// - Parameter all: Whether a row comes once for each query that has it.
    ///
    /// Source: [Django, `union`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#union).
    public func union(_ others: Self..., all: Bool = false) -> Self {
        combined(others, all ? .unionAll : .union)
    }

    /// The rows that this query and all the others have.
    public func intersection(_ others: Self...) -> Self {
        combined(others, .intersection)
    }

    /// The rows of this query that none of the others has.
    public func difference(_ others: Self...) -> Self {
        combined(others, .difference)
    }

    private func combined(_ others: [Self], _ combination: Combination) -> Self {
        var result = self
        let queries = [query] + others.map(\.query)
        result.query = SelectQuery(query.table, choosingFrom: .combination(combination, queries))
        result.query.selectRelated = query.selectRelated
        result.query.database = query.database
        return result
    }

    /// The first row of each combination of values, in the query's order, which must begin with the same columns.
    ///
    /// ```swift
    /// let latest = Comment.objects.order { ($0.post.id.ascending, $0.createdAt.descending) }.distinct(on: { $0.post.id })
    /// ```
    ///
    /// PostgreSQL only. On SQLite the query is refused; `Window.rowNumber` does the same on both.
    ///
    /// Source: [Django, `distinct`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#distinct).
    public func distinct<each V: FieldValue>(on columns: (Columns<M>) -> (repeat Expr<each V>)) -> Self {
        let typed = columns(Columns())
        var expressions: [SQLExpression] = []
        for column in repeat each typed { expressions.append(column.sql) }
        return refined("distinct") { $0.distinctOn = expressions }
    }
}
