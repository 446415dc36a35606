/// The columns of a table of which many rows may belong to one of the query's, or none.
@dynamicMemberLookup
public struct RelatedColumns<M: Model>: NullableColumnScope {
    /// The relations that lead here.
    public let path: RelationPath

    init(_ path: RelationPath) {
        self.path = path
    }

    /// How many rows there are.
    ///
    /// SQL: `(SELECT COUNT(*) FROM comment WHERE comment.post_id = post.id)`.
    public var count: Expr<Int> {
        if let unknown = path.unknown { return Expr(.unknown(model: unknown.model, property: unknown.property)) }
        return Expr(.count(path.relations))
    }

    /// The columns a foreign key leads to, for each of the rows.
    public subscript<To: Model>(dynamicMember keyPath: KeyPath<M, ForeignKey<To>>) -> RelatedColumns<To> {
        RelatedColumns<To>(path.appending(keyPath))
    }

    /// The columns an optional foreign key leads to, for each of the rows.
    public subscript<To: Model>(dynamicMember keyPath: KeyPath<M, ForeignKey<To>?>) -> RelatedColumns<To> {
        RelatedColumns<To>(path.appending(keyPath))
    }

    /// The columns of the one row that refers to each of the rows.
    public subscript<From: Model>(dynamicMember keyPath: KeyPath<M, RelatedOne<From>>) -> RelatedColumns<From> {
        RelatedColumns<From>(path.appending(keyPath))
    }
}
