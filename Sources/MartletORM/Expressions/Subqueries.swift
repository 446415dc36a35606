/// A column of the query around, in a query that is a condition or a value of it.
///
/// ```swift
/// let commented = Post.objects.filter { post in
///     .exists(Comment.objects.filter { $0.post.id == outer(post.id) })
/// }
/// ```
///
/// In a query inside such a query, `outer(outer(post.id))` is the outermost.
///
/// Source: [Django, `OuterRef`](https://docs.djangoproject.com/en/5.2/ref/models/expressions/#django.db.models.OuterRef).
public func outer<V: FieldValue>(_ expression: Expr<V>) -> Expr<V> {
    Expr(.outer(expression.sql))
}

extension Expr where V == Bool {
    /// Whether another query has a row; it may name columns of this one by ``outer(_:)``.
    ///
    /// SQL: `EXISTS (SELECT 1 …)`.
    ///
    /// Source: [Django, `Exists`](https://docs.djangoproject.com/en/5.2/ref/models/expressions/#django.db.models.Exists).
    public static func exists<M: Model>(_ query: QuerySet<M>) -> Condition {
        Condition(.exists(query.query))
    }
}

extension QuerySet {
    /// One value of the query's first row, as an expression of another query, whose columns it may name by ``outer(_:)``.
    ///
    /// ```swift
    /// let posts: [(Post, String?)] = try await Post.objects.annotate { post in
    ///     Comment.objects.filter { $0.post.id == outer(post.id) }
    ///         .order { $0.createdAt.descending }
    ///         .subquery { $0.email }
    /// }.all()
    /// ```
    ///
    /// SQL: `(SELECT email … LIMIT 1)`; null where there is no row.
    ///
    /// Source: [Django, `Subquery`](https://docs.djangoproject.com/en/5.2/ref/models/expressions/#django.db.models.Subquery).
    public func subquery<V: FieldValue>(_ value: (Columns<M>) -> Expr<V>) -> Expr<V.Unwrapped?> {
        let query = query.limit == nil ? limit(1).query : self.query
        return Expr<V.Unwrapped?>(.subquery(query, selecting: value(Columns()).sql))
    }
}
