// Functions that choose among values.
//
// Source: [Django, comparison functions](https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#comparison-and-conversion-functions).

/// The first of the expressions that is not null.
///
/// ```swift
/// .order { coalesce($0.publishedOn, $0.createdAt.optional) }
/// ```
public func coalesce<V: FieldValue>(_ first: Expr<V?>, _ second: Expr<V?>, _ others: Expr<V?>...) -> Expr<V?> {
    Expr<V?>(.call(.coalesce, [first.sql, second.sql] + others.map(\.sql)))
}

/// The expression, or a value where it is null: Django's `Coalesce`.
///
/// ```swift
/// .filter { ($0.nickname ?? "none") == "none" }
/// ```
public func ?? <V: FieldValue>(left: Expr<V?>, right: V) -> Expr<V> {
    Expr<V>(.call(.coalesce, [left.sql, .typed(right.sqlValue)]))
}

/// The expression, or another where it is null: Django's `Coalesce`.
public func ?? <V: FieldValue>(left: Expr<V?>, right: Expr<V>) -> Expr<V> {
    Expr<V>(.call(.coalesce, [left.sql, right.sql]))
}

/// The largest of the expressions; what is null is left out, and the result is null where all are.
public func greatest<V: FieldValue>(_ first: Expr<V>, _ second: Expr<V>, _ others: Expr<V>...) -> Expr<V> {
    Expr(
        .call(hasDecimals(V.self) ? DecimalFunction.greatest : .greatest, [first.sql, second.sql] + others.map(\.sql)))
}

/// The smallest of the expressions; what is null is left out, and the result is null where all are.
public func least<V: FieldValue>(_ first: Expr<V>, _ second: Expr<V>, _ others: Expr<V>...) -> Expr<V> {
    Expr(.call(hasDecimals(V.self) ? DecimalFunction.least : .least, [first.sql, second.sql] + others.map(\.sql)))
}

extension Expr {
    /// Null where the expression equals the value, else the expression.
    public func nullIf(_ value: V.Unwrapped) -> Expr<V.Unwrapped?> {
        Expr<V.Unwrapped?>(.call(.nullIf, [sql, .value(value.sqlValue)]))
    }

    /// Null where the two are equal, else the receiver.
    public func nullIf(_ other: Expr<V>) -> Expr<V.Unwrapped?> {
        Expr<V.Unwrapped?>(.call(.nullIf, [sql, other.sql]))
    }
}

extension SQLFunction {
    package static let coalesce = SQLFunction("COALESCE")
    static let nullIf = SQLFunction("NULLIF", mayBeNull: true)
    static let greatest = SQLFunction("GREATEST")
    static let least = SQLFunction("LEAST")
}
