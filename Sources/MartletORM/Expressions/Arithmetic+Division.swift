// Division never fails in the database: where the divisor is an expression, the quotient is null for a divisor of zero.

/// The quotient; of whole numbers the whole part, as in Swift.
///
/// A divisor of 0 is an error when the query runs, before the database is asked.
public func / <V: FieldValue>(left: Expr<V>, right: V.Unwrapped) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.quotient(left.sql, by: right))
}

/// The quotient; of whole numbers the whole part, and null where the divisor is zero or null.
public func / <V: FieldValue>(left: V.Unwrapped, right: Expr<V>) -> Expr<V.Unwrapped?> where V.Unwrapped: Numeric {
    Expr<V.Unwrapped?>(.divided(V.self, .typed(left.sqlValue), right.sql))
}

/// The quotient; of whole numbers the whole part, and null where the divisor is zero.
public func / <V: FieldValue>(left: Expr<V>, right: Expr<V.Unwrapped>) -> Expr<V.Unwrapped?>
where V.Unwrapped: Numeric {
    Expr<V.Unwrapped?>(.divided(V.self, left.sql, right.sql))
}

/// The quotient; of whole numbers the whole part, and null where the divisor is zero or null.
public func / <V: FieldValue>(left: Expr<V>, right: Expr<V.Unwrapped?>) -> Expr<V.Unwrapped?>
where V.Unwrapped: Numeric {
    Expr<V.Unwrapped?>(.divided(V.self, left.sql, right.sql))
}

/// What a division leaves, with the sign of the dividend, as in Swift.
///
/// A divisor of 0 is an error when the query runs, before the database is asked.
public func % <V: FieldValue>(left: Expr<V>, right: V.Unwrapped) -> Expr<V> where V.Unwrapped: Numeric {
    Expr(.remainder(left.sql, by: right))
}

/// What a division leaves, with the sign of the dividend; null where the divisor is zero.
public func % <V: FieldValue>(left: Expr<V>, right: Expr<V.Unwrapped>) -> Expr<V.Unwrapped?>
where V.Unwrapped: Numeric {
    Expr<V.Unwrapped?>(.call(.remainder(V.self), [left.sql, right.sql]))
}

extension SQLExpression {
    /// A division by an expression; of decimals it is told the places, on which those of the quotient depend.
    fileprivate static func divided<V: FieldValue>(
        _: V.Type, _ left: SQLExpression, _ right: SQLExpression
    ) -> SQLExpression {
        guard hasDecimals(V.self) else { return .call(.divide, [left, right]) }
        return .call(
            DecimalFunction.divide, [left, right, .constant(Swift.max(left.decimalPlaces, right.decimalPlaces))])
    }

    fileprivate static func quotient<Number: FieldValue & Numeric>(
        _ left: SQLExpression, by divisor: Number
    ) -> SQLExpression {
        divisor == .zero ? divisionByZero : divided(Number.self, left, .typed(divisor.sqlValue))
    }

    fileprivate static func remainder<Number: FieldValue & Numeric>(
        _ left: SQLExpression, by divisor: Number
    ) -> SQLExpression {
        divisor == .zero ? divisionByZero : .call(.remainder(Number.self), [left, .typed(divisor.sqlValue)])
    }

    private static var divisionByZero: SQLExpression {
        .invalid("An expression divides by 0. Divide by another number, or by an expression.")
    }
}

extension SQLFunction {
    static let divide = SQLFunction("divide", mayBeNull: true) { "(\($0[0]) / \($0[1]))" }
    private static let wholeRemainder = SQLFunction("remainder", mayBeNull: true) { "(\($0[0]) % \($0[1]))" }
    private static let realRemainder = SQLFunction("remainder real", mayBeNull: true) { "MOD(\($0[0]), \($0[1]))" }

    /// Databases divide whole numbers and others by different means.
    fileprivate static func remainder<V: FieldValue>(_: V.Type) -> SQLFunction {
        if hasDecimals(V.self) { return DecimalFunction.remainder }
        return V.Unwrapped.self is any BinaryFloatingPoint.Type ? realRemainder : wholeRemainder
    }
}
