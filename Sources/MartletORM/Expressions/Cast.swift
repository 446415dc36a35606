public import FoundationEssentials

/// A type that expressions can be converted to.
public protocol CastTarget: FieldValue {
    /// The name by which dialects know the type, such as `integer`.
    static var castName: String { get }
}

extension Int: CastTarget {
    /// A 64-bit number.
    public static var castName: String { "integer" }
}

extension Double: CastTarget {
    /// A 64-bit floating-point number.
    public static var castName: String { "real" }
}

extension Decimal: CastTarget {
    /// A decimal number with all its digits.
    public static var castName: String { "decimal" }
}

extension String: CastTarget {
    /// Text.
    public static var castName: String { "text" }
}

extension Optional: CastTarget where Wrapped: CastTarget {
    /// As without the optional.
    public static var castName: String { Wrapped.castName }
}

extension Expr {
    /// The expression as another type.
    ///
    /// ```swift
    /// .values { $0.copies.cast(to: Double.self) * $0.price }
    /// ```
    ///
    /// A number with a fraction is rounded where it becomes a whole one: a half to the even neighbour, and of a decimal
    /// away from zero. Text that is no
    /// number is an error of kind `invalidValue`; give an optional type where the expression may be null.
    ///
    /// Source: [Django, `Cast`](https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#cast).
    public func cast<T: CastTarget>(to type: T.Type) -> Expr<T> {
        if hasDecimals(V.self) { return Expr<T>(Self.cast(decimal: sql, to: T.castName)) }
        return Expr<T>(
            .call(SQLFunction("cast \(V.Unwrapped.self == Bool.self ? "bool to " : "")\(T.castName)"), [sql]))
    }

    /// A decimal as text has the places of its column, and one that becomes a whole number is rounded as decimals are.
    private static func cast(decimal: SQLExpression, to name: String) -> SQLExpression {
        switch name {
        case "text": .call(DecimalFunction.text, [decimal, .constant(decimal.decimalPlaces)])
        case "integer":
            .call(SQLFunction("cast integer"), [.call(DecimalFunction.roundTo, [decimal, .constant(0)])])
        default: .call(SQLFunction("cast \(name)"), [decimal])
        }
    }
}
