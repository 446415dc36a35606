// Functions of numbers. What has no result among real numbers, such as the root of -1, is an error of kind
// `invalidValue` on every database.
//
// Source: [Django, math functions](https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#math-functions).

extension Expr where V.Unwrapped: Numeric {
    /// Without its sign.
    public func abs() -> Expr { Expr(.call(hasDecimals(V.self) ? DecimalFunction.absolute : .abs, [sql])) }

    /// -1, 0 or 1.
    public func sign() -> Expr { Expr(.call(.sign, [sql])) }
}

extension Expr where V.Unwrapped: SignedNumeric & Comparable {
    /// The smallest whole number that is not smaller.
    public func ceil() -> Expr {
        isWhole ? self : Expr(.call(hasDecimals(V.self) ? DecimalFunction.ceiling : .ceil, [sql]))
    }

    /// The largest whole number that is not larger.
    public func floor() -> Expr {
        isWhole ? self : Expr(.call(hasDecimals(V.self) ? DecimalFunction.floor : .floor, [sql]))
    }

    /// Rounded, a half away from zero.
    ///
    /// - Parameter places: How many digits behind the point are kept; -2 rounds to hundreds.
    public func round(_ places: Int = 0) -> Expr {
        if isWhole, places >= 0 { return self }
        guard (-18...18).contains(places) else {
            return Expr(.invalid("An expression rounds to \(places) places; give a number from -18 to 18."))
        }
        let function: SQLFunction = hasDecimals(V.self) ? DecimalFunction.roundTo : isWhole ? .roundWhole : .round
        return Expr(.call(function, [sql, .constant(places)]))
    }

    private var isWhole: Bool { V.Unwrapped.self is any BinaryInteger.Type }
}

extension Expr where V.Unwrapped == Double {
    /// The square root.
    public func sqrt() -> Expr { Expr(.call(.sqrt, [sql])) }

    /// Raised to a power.
    public func power(_ exponent: Double) -> Expr { Expr(.call(.power, [sql, .typed(.real(exponent))])) }

    /// Raised to a power.
    public func power(_ exponent: Expr<V>) -> Expr { Expr(.call(.power, [sql, exponent.sql])) }

    /// e raised to the number.
    public func exp() -> Expr { Expr(.call(.exp, [sql])) }

    /// The natural logarithm.
    public func ln() -> Expr { Expr(.call(.ln, [sql])) }

    /// The logarithm to a base.
    public func log(_ base: Double) -> Expr { Expr(.call(.log, [.typed(.real(base)), sql])) }

    /// The sine of an angle in radians.
    public func sin() -> Expr { Expr(.call(.sin, [sql])) }

    /// The cosine of an angle in radians.
    public func cos() -> Expr { Expr(.call(.cos, [sql])) }

    /// The tangent of an angle in radians.
    public func tan() -> Expr { Expr(.call(.tan, [sql])) }

    /// The cotangent of an angle in radians.
    public func cot() -> Expr { Expr(.call(.cot, [sql])) }

    /// The angle in radians that has this sine.
    public func asin() -> Expr { Expr(.call(.asin, [sql])) }

    /// The angle in radians that has this cosine.
    public func acos() -> Expr { Expr(.call(.acos, [sql])) }

    /// The angle in radians that has this tangent.
    public func atan() -> Expr { Expr(.call(.atan, [sql])) }

    /// The angle in radians from the x axis to a point; the receiver is its y.
    public func atan2(_ x: Expr<V>) -> Expr { Expr(.call(.atan2, [sql, x.sql])) }

    /// Radians as degrees.
    public func degrees() -> Expr { Expr(.call(.degrees, [sql])) }

    /// Degrees as radians.
    public func radians() -> Expr { Expr(.call(.radians, [sql])) }
}

extension Expr where V == Double {
    /// A number from 0 up to 1, another for each row and each time.
    ///
    /// For rows in random order there is ``Order/random``.
    public static func random() -> Expr { Expr(.call(.random, [])) }
}

extension SQLFunction {
    static let abs = SQLFunction("ABS")
    static let sign = SQLFunction("sign") { x in
        "(CASE WHEN \(x[0]) > 0 THEN 1 WHEN \(x[0]) < 0 THEN -1 WHEN \(x[0]) = 0 THEN 0 END)"
    }
    static let ceil = SQLFunction("CEILING")
    static let floor = SQLFunction("FLOOR")
    static let round = SQLFunction("ROUND")
    static let roundWhole = SQLFunction("round whole")
    static let sqrt = SQLFunction("SQRT")
    static let power = SQLFunction("POWER")
    static let exp = SQLFunction("EXP")
    static let ln = SQLFunction("LN")
    static let log = SQLFunction("LOG")
    static let sin = SQLFunction("SIN")
    static let cos = SQLFunction("COS")
    static let tan = SQLFunction("TAN")
    static let cot = SQLFunction("COT")
    static let asin = SQLFunction("ASIN")
    static let acos = SQLFunction("ACOS")
    static let atan = SQLFunction("ATAN")
    static let atan2 = SQLFunction("ATAN2")
    static let degrees = SQLFunction("DEGREES")
    static let radians = SQLFunction("RADIANS")
    static let random = SQLFunction("RANDOM")
}
