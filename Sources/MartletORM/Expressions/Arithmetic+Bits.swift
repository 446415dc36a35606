// The bits of whole numbers.

/// The bits that both have.
public func & <V: FieldValue>(left: Expr<V>, right: V.Unwrapped) -> Expr<V> where V.Unwrapped: BinaryInteger {
    Expr(.call(.bitAnd, [left.sql, .value(right.sqlValue)]))
}

/// The bits that both have.
public func & <V: FieldValue>(left: Expr<V>, right: Expr<V>) -> Expr<V> where V.Unwrapped: BinaryInteger {
    Expr(.call(.bitAnd, [left.sql, right.sql]))
}

/// The bits that one has, or both.
public func | <V: FieldValue>(left: Expr<V>, right: V.Unwrapped) -> Expr<V> where V.Unwrapped: BinaryInteger {
    Expr(.call(.bitOr, [left.sql, .value(right.sqlValue)]))
}

/// The bits that one has, or both.
public func | <V: FieldValue>(left: Expr<V>, right: Expr<V>) -> Expr<V> where V.Unwrapped: BinaryInteger {
    Expr(.call(.bitOr, [left.sql, right.sql]))
}

/// The bits that one has and the other has not.
public func ^ <V: FieldValue>(left: Expr<V>, right: V.Unwrapped) -> Expr<V> where V.Unwrapped: BinaryInteger {
    Expr(.call(.bitXor, [left.sql, .value(right.sqlValue)]))
}

/// The bits that one has and the other has not.
public func ^ <V: FieldValue>(left: Expr<V>, right: Expr<V>) -> Expr<V> where V.Unwrapped: BinaryInteger {
    Expr(.call(.bitXor, [left.sql, right.sql]))
}

/// The bits, moved to the left by a number of places from 0 to 63.
public func << <V: FieldValue>(left: Expr<V>, places: Int) -> Expr<V> where V.Unwrapped: BinaryInteger {
    Expr(.shift(.shiftLeft, left.sql, places))
}

/// The bits, moved to the right by a number of places from 0 to 63.
public func >> <V: FieldValue>(left: Expr<V>, places: Int) -> Expr<V> where V.Unwrapped: BinaryInteger {
    Expr(.shift(.shiftRight, left.sql, places))
}

extension SQLExpression {
    /// Databases disagree on what a shift by more places than there are bits is.
    fileprivate static func shift(_ function: SQLFunction, _ left: SQLExpression, _ places: Int) -> SQLExpression {
        guard (0...63).contains(places) else {
            return .invalid("An expression shifts bits by \(places) places; give a number from 0 to 63.")
        }
        return .call(function, [left, .constant(places)])
    }
}

extension SQLFunction {
    static let bitAnd = SQLFunction("bit and") { "(\($0[0]) & \($0[1]))" }
    static let bitOr = SQLFunction("bit or") { "(\($0[0]) | \($0[1]))" }
    static let bitXor = SQLFunction("bit xor") { "(\($0[0]) # \($0[1]))" }
    static let shiftLeft = SQLFunction("shift left") { "(\($0[0]) << \($0[1]))" }
    static let shiftRight = SQLFunction("shift right") { "(\($0[0]) >> \($0[1]))" }
}
