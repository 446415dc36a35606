// Lookups of array fields; PostgreSQL only.
//
// Source: [Django, ArrayField](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/fields/#querying-arrayfield).

extension Expr where V: ArrayValue {
    /// Has all of the values, in any order.
    public func contains(_ values: [V.Item]) -> Condition { condition("@>", values) }

    /// Has all the values of another array.
    public func contains(_ other: Expr<V>) -> Condition { condition("@>", other) }

    /// Has no value but these.
    public func containedBy(_ values: [V.Item]) -> Condition { condition("<@", values) }

    /// Has no value that another array has not.
    public func containedBy(_ other: Expr<V>) -> Condition { condition("<@", other) }

    /// Has one of the values, or several.
    public func overlaps(_ values: [V.Item]) -> Condition { condition("&&", values) }

    /// Has a value in common with another array.
    public func overlaps(_ other: Expr<V>) -> Condition { condition("&&", other) }

    /// How many elements there are; null for no array.
    public var count: Expr<Int> { Expr<Int>(.call(ArrayFunction.count, [sql])) }

    /// The element at a position, counted from 0; null beyond the end.
    ///
    /// - Parameter position: Not negative: PostgreSQL counts no array from its end.
    public subscript(_ position: Int) -> Expr<V.Item?> {
        let place = position < Int(Int32.max) ? position + 1 : position
        return Expr<V.Item?>(ArrayFunction.element(of: sql, at: Int64(place)))
    }

    /// The elements at some positions, counted from 0.
    public subscript(_ positions: Range<Int>) -> Expr<[V.Item]> {
        let (first, last) = (Int64(clamping: positions.lowerBound), Int64(clamping: positions.upperBound))
        let start = first < .max ? first + 1 : first
        return Expr<[V.Item]>(.call(ArrayFunction.slice, [sql, .value(.integer(start)), .value(.integer(last))]))
    }

    private func condition(_ sign: String, _ values: [V.Item]) -> Condition {
        Condition(.call(.infix(sign), [sql, .value(values.sqlValue)]))
    }

    private func condition(_ sign: String, _ other: Expr<V>) -> Condition {
        Condition(.call(.infix(sign), [sql, other.sql]))
    }
}

extension SQLFunction {
    /// A test by an operator of PostgreSQL's between two values.
    static func infix(_ sign: String) -> SQLFunction {
        SQLFunction(sign, isCondition: true) { "\($0[0]) \(sign) \($0[1])" }
    }
}

enum ArrayFunction {
    // `array_length` is null for an empty array, which has a length all the same.
    static let count = SQLFunction("array_count") {
        "CASE WHEN \($0[0]) IS NULL THEN NULL ELSE coalesce(array_length(\($0[0]), 1), 0) END"
    }

    /// Of an element's element PostgreSQL wants both positions behind the array: `(grid)[1][2]`.
    static let element = SQLFunction("array_element", mayBeNull: true) { arguments in
        "(\(arguments[0]))" + arguments.dropFirst().map { "[\($0)]" }.joined()
    }

    static let slice = SQLFunction("array_slice") { "(\($0[0]))[\($0[1]):\($0[2])]" }

    /// The element at a position, counted from 1.
    static func element(of array: SQLExpression, at position: Int64) -> SQLExpression {
        let place = SQLExpression.value(.integer(position))
        if case .call(let function, let arguments) = array, function.name == element.name {
            return .call(element, arguments + [place])
        }
        return .call(element, [array, place])
    }
}
