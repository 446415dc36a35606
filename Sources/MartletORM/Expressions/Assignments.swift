/// What an `update` sets: assign a value or an expression to a column.
///
/// ```swift
/// try await Post.objects.filter { $0.id == id }.update { $0.views = $0.views + 1; $0.status = .published }
/// ```
@dynamicMemberLookup
public struct Assignments<M: Model>: Sendable {
    var columns: [(column: FieldSchema, value: SQLExpression)] = []
    var unknown: String?

    /// The column as an expression, and where one is assigned.
    public subscript<V: FieldValue>(dynamicMember keyPath: KeyPath<M, V>) -> Expr<V> {
        get { Columns<M>()[dynamicMember: keyPath] }
        set { assign(keyPath, newValue.sql) }
    }

    /// Where a value is assigned.
    @_disfavoredOverload
    public subscript<V: FieldValue>(dynamicMember keyPath: KeyPath<M, V>) -> V {
        @available(*, unavailable, message: "a column has no value while an update is written")
        get {
            // The compiler refuses every call of an unavailable getter.
            fatalError("unavailable")
        }
        set { assign(keyPath, .value(newValue.sqlValue)) }
    }

    /// Where a reference is assigned.
    @_disfavoredOverload
    public subscript<To: Model>(dynamicMember keyPath: KeyPath<M, ForeignKey<To>>) -> ForeignKey<To> {
        @available(*, unavailable, message: "a column has no value while an update is written")
        get {
            // The compiler refuses every call of an unavailable getter.
            fatalError("unavailable")
        }
        set { assign(keyPath, .value(newValue.id?.sqlValue ?? .null)) }
    }

    /// Where an optional reference is assigned; `nil` clears it.
    @_disfavoredOverload
    public subscript<To: Model>(dynamicMember keyPath: KeyPath<M, ForeignKey<To>?>) -> ForeignKey<To>? {
        @available(*, unavailable, message: "a column has no value while an update is written")
        get {
            // The compiler refuses every call of an unavailable getter.
            fatalError("unavailable")
        }
        set { assign(keyPath, .value(newValue?.id?.sqlValue ?? .null)) }
    }

    private mutating func assign(_ keyPath: AnyKeyPath, _ value: SQLExpression) {
        guard let schema = M.table.field(at: keyPath)?.schema, schema.kind.hasColumn, schema.generated == nil else {
            unknown = unknown ?? Field<M>.propertyName(keyPath)
            return
        }
        // SQL sets a column once; as in any assignment, the last one counts.
        columns.removeAll { $0.column.column == schema.column }
        columns.append((schema, value))
    }
}
