import FoundationEssentials

// Arithmetic on numbers. Each operator takes a value on either side, or a second expression that may be null or not;
// numbers of two types are not mixed, as in Swift: `$0.copies.cast(to: Double.self) * $0.price`.

/// The sum.
public func + <V: FieldValue>(left: Expr<V>, right: V.Unwrapped) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.arithmetic(.add, left.sql, .value(right.sqlValue)))
}

/// The sum.
public func + <V: FieldValue>(left: V.Unwrapped, right: Expr<V>) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.arithmetic(.add, .value(left.sqlValue), right.sql))
}

/// The sum.
public func + <V: FieldValue>(left: Expr<V>, right: Expr<V.Unwrapped>) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.arithmetic(.add, left.sql, right.sql))
}

/// The sum; null where one is null.
public func + <V: FieldValue>(left: Expr<V>, right: Expr<V.Unwrapped?>) -> Expr<V.Unwrapped?>
where V.Unwrapped: Numeric {
    Expr<V.Unwrapped?>(.arithmetic(.add, left.sql, right.sql))
}

/// The difference.
public func - <V: FieldValue>(left: Expr<V>, right: V.Unwrapped) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.arithmetic(.subtract, left.sql, .value(right.sqlValue)))
}

/// The difference.
public func - <V: FieldValue>(left: V.Unwrapped, right: Expr<V>) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.arithmetic(.subtract, .value(left.sqlValue), right.sql))
}

/// The difference.
public func - <V: FieldValue>(left: Expr<V>, right: Expr<V.Unwrapped>) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.arithmetic(.subtract, left.sql, right.sql))
}

/// The difference; null where one is null.
public func - <V: FieldValue>(left: Expr<V>, right: Expr<V.Unwrapped?>) -> Expr<V.Unwrapped?>
where V.Unwrapped: Numeric {
    Expr<V.Unwrapped?>(.arithmetic(.subtract, left.sql, right.sql))
}

/// The product.
public func * <V: FieldValue>(left: Expr<V>, right: V.Unwrapped) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.arithmetic(.multiply, left.sql, .value(right.sqlValue)))
}

/// The product.
public func * <V: FieldValue>(left: V.Unwrapped, right: Expr<V>) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.arithmetic(.multiply, .value(left.sqlValue), right.sql))
}

/// The product.
public func * <V: FieldValue>(left: Expr<V>, right: Expr<V.Unwrapped>) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.arithmetic(.multiply, left.sql, right.sql))
}

/// The product; null where one is null.
public func * <V: FieldValue>(left: Expr<V>, right: Expr<V.Unwrapped?>) -> Expr<V.Unwrapped?>
where V.Unwrapped: Numeric {
    Expr<V.Unwrapped?>(.arithmetic(.multiply, left.sql, right.sql))
}

/// The negative.
public prefix func - <V: FieldValue>(number: Expr<V>) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.call(hasDecimals(V.self) ? DecimalFunction.negate : .negative, [number.sql]))
}

/// Whether numbers of a type are decimals, with which not every database computes exactly.
func hasDecimals<V: FieldValue>(_: V.Type) -> Bool { V.Unwrapped.self == Decimal.self }

extension SQLFunction {
    static let negative = SQLFunction("negative") { "(- \($0[0]))" }
}
