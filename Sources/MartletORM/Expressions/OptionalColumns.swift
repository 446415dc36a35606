/// A scope whose rows may be missing, so that each of its columns may be null.
public protocol NullableColumnScope: ColumnScope {}

extension NullableColumnScope {
    /// A column; null where there is no row.
    public subscript<V: FieldValue>(dynamicMember keyPath: KeyPath<M, V>) -> Expr<V?> {
        Expr(column(keyPath))
    }

    /// A column that may be null by itself.
    public subscript<V: FieldValue>(dynamicMember keyPath: KeyPath<M, V?>) -> Expr<V?> {
        Expr(column(keyPath))
    }
}

/// A scope that leads to one row at most, so that it can be read by a join.
public protocol SingleColumnScope: ColumnScope {}

extension Columns: SingleColumnScope {}

/// The columns of a table of which one row, or none, belongs to each of the query's: behind an optional foreign key, or
/// behind a one-to-one relation from its other side.
///
/// ```swift
/// let rows: [(String, String?)] = try await Book.objects.values { ($0.title, $0.editor.name) }
/// let unedited = Book.objects.filter { $0.editor.isNull }
/// ```
@dynamicMemberLookup
public struct OptionalColumns<M: Model>: NullableColumnScope, SingleColumnScope {
    /// The relations that lead here.
    public let path: RelationPath

    init(_ path: RelationPath) {
        self.path = path
    }

    /// The columns a foreign key leads to; null where there is no row on the way.
    public subscript<To: Model>(dynamicMember keyPath: KeyPath<M, ForeignKey<To>>) -> OptionalColumns<To> {
        OptionalColumns<To>(path.appending(keyPath))
    }

    /// The columns an optional foreign key leads to.
    public subscript<To: Model>(dynamicMember keyPath: KeyPath<M, ForeignKey<To>?>) -> OptionalColumns<To> {
        OptionalColumns<To>(path.appending(keyPath))
    }

    /// The columns of the one row that refers to this one.
    public subscript<From: Model>(dynamicMember keyPath: KeyPath<M, RelatedOne<From>>) -> OptionalColumns<From> {
        OptionalColumns<From>(path.appending(keyPath))
    }
}
