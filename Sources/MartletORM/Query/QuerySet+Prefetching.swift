extension QuerySet {
    /// Loads the rows of a relation with one further statement for all rows.
    ///
    /// Several levels: `prefetch { $0.comments.author }`, a statement for each.
    public func prefetch<Scope: ColumnScope>(_ relation: (Columns<M>) -> Scope) -> Self {
        prefetch(relation(Columns()).path) { _ in }
    }

    /// Loads the rows of a relation that a query of theirs finds, in its order and with what it loads in turn.
    ///
    /// ```swift
    /// let posts = try await Post.objects
    ///     .prefetch({ $0.comments }, using: Comment.objects.filter { $0.isApproved }.order { $0.id.descending })
    ///     .all()
    /// ```
    ///
    /// A `limit` is one for each row: `using: Comment.objects.order { $0.id.descending }.limit(3)` loads the three latest
    /// of each post. Behind a relation to one row the query must have none.
    ///
    /// SQL of a limit: `SELECT … FROM (SELECT …, ROW_NUMBER() OVER (PARTITION BY post_id ORDER BY …) …) WHERE …`.
    ///
    /// Source: [Django, `Prefetch`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#prefetch-objects).
    public func prefetch<Scope: ColumnScope>(
        _ relation: (Columns<M>) -> Scope, using query: QuerySet<Scope.M>
    ) -> Self {
        prefetch(relation(Columns()).path) { $0.query = query }
    }

    /// Loads the rows of a relation to many rows that a query finds into a property of their own, so that several choices
    /// of one relation can be at hand: Django's `to_attr`.
    ///
    /// ```swift
    /// var pending = Related<Comment>()     // a property of Post without a line in its table
    ///
    /// let posts = try await Post.objects
    ///     .prefetch({ $0.comments }, using: Comment.objects.filter { !$0.isApproved }, to: \.pending).all()
    /// ```
    ///
    /// - Parameter property: Only for relations of this model itself; further levels are told by the query.
    public func prefetch<To: Model>(
        _ relation: (Columns<M>) -> RelatedColumns<To>, using query: QuerySet<To>,
        to property: any WritableKeyPath<M, Related<To>> & Sendable
    ) -> Self {
        let path = relation(Columns()).path
        let name = Field<M>.propertyName(property)
        let label = RelationLabel(model: "\(M.self)", property: name)
        var copy = prefetch(path) { node in
            node.query = query
            node.destinationName = name
            node.destination = PrefetchStore<M, To> { $0[keyPath: property] = Related(loaded: $1, label: label) }
        }
        if path.relations.count > 1 {
            copy.query.problem = .invalidQuery(
                "'\(name)' of \(M.self) can hold rows of its own relations only. "
                    + "Write the first level with `using:`, and this one in its query.")
        }
        return copy
    }

    private func prefetch(_ path: RelationPath, _ complete: (inout PrefetchNode) -> Void) -> Self {
        var copy = self
        Self.report(path, in: &copy.query)
        guard let last = path.relations.last else { return copy }
        var node = PrefetchNode(name: last.name)
        complete(&node)
        if !PrefetchNode.insert(path.relations.map(\.name)[...], node, into: &copy.prefetches) {
            copy.query.problem = .invalidQuery(
                "'\(last.name)' is prefetched with two queries, and only one can be its rows. "
                    + "Give one of them a property with `to:`.")
        }
        return copy
    }

    /// What is wrong with a relation that a query names.
    static func report(_ path: RelationPath, in query: inout SelectQuery) {
        guard let unknown = path.unknown else { return }
        query.problem = .invalidQuery(
            "'\(unknown.property)' is not a relation of \(unknown.model). Add it to the model's table.")
    }

    /// Loads what the query prefetches for rows that are at hand already.
    fileprivate func load(_ models: inout [M]) async throws {
        try query.table.validate()
        if let problem = query.problem { throw problem }
        try await M.table.prefetch(prefetches, for: &models)
    }
}

extension Array where Element: Model {
    /// Loads a relation of rows that were read before, with one statement for all.
    ///
    /// ```swift
    /// try await posts.prefetch { $0.comments.author }
    /// ```
    ///
    /// Rows whose relation is loaded keep it. For one row see ``Model/prefetch(_:)``.
    ///
    /// Source: [Django, `prefetch_related_objects`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#prefetch-related-objects).
    public nonisolated(nonsending) mutating func prefetch<Scope: ColumnScope>(
        _ relation: (Columns<Element>) -> Scope
    ) async throws {
        try await QuerySet<Element>().prefetch(relation).load(&self)
    }

    /// Loads the rows of a relation that a query of theirs finds; a relation that is loaded is loaded anew.
    public nonisolated(nonsending) mutating func prefetch<Scope: ColumnScope>(
        _ relation: (Columns<Element>) -> Scope, using query: QuerySet<Scope.M>
    ) async throws {
        try await QuerySet<Element>().prefetch(relation, using: query).load(&self)
    }
}

extension Model {
    /// Loads a relation of this row with one statement; see ``QuerySet/prefetch(_:)``.
    ///
    /// ```swift
    /// try await post.prefetch { $0.comments }
    /// ```
    public nonisolated(nonsending) mutating func prefetch<Scope: ColumnScope>(
        _ relation: (Columns<Self>) -> Scope
    ) async throws {
        var rows = [self]
        try await rows.prefetch(relation)
        self = rows[0]
    }

    /// Loads the rows of a relation that a query of theirs finds.
    public nonisolated(nonsending) mutating func prefetch<Scope: ColumnScope>(
        _ relation: (Columns<Self>) -> Scope, using query: QuerySet<Scope.M>
    ) async throws {
        var rows = [self]
        try await rows.prefetch(relation, using: query)
        self = rows[0]
    }
}
