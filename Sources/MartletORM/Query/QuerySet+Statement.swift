extension QuerySet {
    /// The statement that ``all()`` would run on a database, without running it: what Django shows as
    /// `str(queryset.query)`.
    ///
    /// ```swift
    /// print(try Post.objects.published.statement(on: database).sql)
    /// ```
    ///
    /// - Throws: ``ORMError`` for a query that cannot be, or a model whose table is not described well.
    public func statement(on database: Database) throws(ORMError) -> Statement {
        try database.select(query)
    }
}
