// The operators of queries. Few overloads, so that a long filter still type-checks at once; two expressions are compared
// whether or not one of them may be null.

/// Equal; with `nil`, `IS NULL`.
public func == <V: FieldValue>(left: Expr<V>, right: V) -> Condition {
    let value = right.sqlValue
    return Condition(value.isNull ? .isNull(left.sql) : .comparison(.equal, left.sql, .value(value)))
}

/// Equal.
public func == <L: FieldValue, R: FieldValue>(left: Expr<L>, right: Expr<R>) -> Condition
where L.Unwrapped == R.Unwrapped {
    Condition(.comparison(.equal, left.sql, right.sql))
}

/// Not equal. As in Swift, a null is not equal to a value.
public func != <V: FieldValue>(left: Expr<V>, right: V) -> Condition {
    Condition(.not((left == right).sql))
}

/// Not equal. As in Swift, a null is not equal to a value.
public func != <L: FieldValue, R: FieldValue>(left: Expr<L>, right: Expr<R>) -> Condition
where L.Unwrapped == R.Unwrapped {
    Condition(.not((left == right).sql))
}

/// Smaller.
public func < <V: FieldValue & Comparable>(left: Expr<V>, right: V) -> Condition {
    Condition(.comparison(.less, left.sql, .value(right.sqlValue)))
}

/// Smaller; a null is neither smaller nor larger than anything.
public func < <V: FieldValue & Comparable>(left: Expr<V?>, right: V) -> Condition {
    Condition(.comparison(.less, left.sql, .value(right.sqlValue)))
}

/// Smaller.
public func < <L: FieldValue, R: FieldValue>(left: Expr<L>, right: Expr<R>) -> Condition
where L.Unwrapped == R.Unwrapped, L.Unwrapped: Comparable {
    Condition(.comparison(.less, left.sql, right.sql))
}

/// Smaller or equal.
public func <= <V: FieldValue & Comparable>(left: Expr<V>, right: V) -> Condition {
    Condition(.comparison(.lessOrEqual, left.sql, .value(right.sqlValue)))
}

/// Smaller or equal; a null is neither smaller nor larger than anything.
public func <= <V: FieldValue & Comparable>(left: Expr<V?>, right: V) -> Condition {
    Condition(.comparison(.lessOrEqual, left.sql, .value(right.sqlValue)))
}

/// Smaller or equal.
public func <= <L: FieldValue, R: FieldValue>(left: Expr<L>, right: Expr<R>) -> Condition
where L.Unwrapped == R.Unwrapped, L.Unwrapped: Comparable {
    Condition(.comparison(.lessOrEqual, left.sql, right.sql))
}

/// Larger.
public func > <V: FieldValue & Comparable>(left: Expr<V>, right: V) -> Condition {
    Condition(.comparison(.greater, left.sql, .value(right.sqlValue)))
}

/// Larger; a null is neither smaller nor larger than anything.
public func > <V: FieldValue & Comparable>(left: Expr<V?>, right: V) -> Condition {
    Condition(.comparison(.greater, left.sql, .value(right.sqlValue)))
}

/// Larger.
public func > <L: FieldValue, R: FieldValue>(left: Expr<L>, right: Expr<R>) -> Condition
where L.Unwrapped == R.Unwrapped, L.Unwrapped: Comparable {
    Condition(.comparison(.greater, left.sql, right.sql))
}

/// Larger or equal.
public func >= <V: FieldValue & Comparable>(left: Expr<V>, right: V) -> Condition {
    Condition(.comparison(.greaterOrEqual, left.sql, .value(right.sqlValue)))
}

/// Larger or equal; a null is neither smaller nor larger than anything.
public func >= <V: FieldValue & Comparable>(left: Expr<V?>, right: V) -> Condition {
    Condition(.comparison(.greaterOrEqual, left.sql, .value(right.sqlValue)))
}

/// Larger or equal.
public func >= <L: FieldValue, R: FieldValue>(left: Expr<L>, right: Expr<R>) -> Condition
where L.Unwrapped == R.Unwrapped, L.Unwrapped: Comparable {
    Condition(.comparison(.greaterOrEqual, left.sql, right.sql))
}

/// Both hold.
public func && (left: Condition, right: Condition) -> Condition {
    Condition(.and(left.sql, right.sql))
}

/// One holds, or both.
public func || (left: Condition, right: Condition) -> Condition {
    Condition(.or(left.sql, right.sql))
}

/// Does not hold. A comparison with null counts as not holding, so its negation holds.
public prefix func ! (condition: Condition) -> Condition {
    Condition(.not(condition.sql))
}
