import Glibc

extension ScalarFunction {
    /// A result that is no number is an error, as in PostgreSQL; SQLite's own functions return null, or infinity.
    static let math = [
        real("martlet_ceil") { ceil($0) },
        real("martlet_floor") { floor($0) },
        real("martlet_sqrt", "cannot take square root of a negative number") { $0.squareRoot() },
        real("martlet_exp", "value out of range") { exp($0) },
        real("martlet_ln", "cannot take logarithm of zero or a negative number") { log($0) },
        real("martlet_sin") { sin($0) },
        real("martlet_cos") { cos($0) },
        real("martlet_tan") { tan($0) },
        real("martlet_cot") { 1 / tan($0) },
        real("martlet_asin") { asin($0) },
        real("martlet_acos") { acos($0) },
        real("martlet_atan") { atan($0) },
        real("martlet_degrees") { $0 * 180 / Double.pi },
        real("martlet_radians") { $0 * Double.pi / 180 },
        ScalarFunction("martlet_atan2", 2) { a in .real(atan2(a.real(0), a.real(1))) },
        ScalarFunction("martlet_power", 2) { a in
            try finite(pow(a.real(0), a.real(1)), of: a.real(0), "a power that is no number, or out of range")
        },
        ScalarFunction("martlet_log", 2) { a in
            let (base, number) = (a.real(0), a.real(1))
            guard base > 0, base != 1, number > 0 else {
                throw FunctionError("cannot take logarithm of zero or a negative number, or to base 1")
            }
            // The two bases for which the library has a function that is exact for their powers.
            return .real(base == 10 ? log10(number) : base == 2 ? log2(number) : log(number) / log(base))
        },
        ScalarFunction("martlet_mod", 2) { a in a.real(1) == 0 ? .null : .real(fmod(a.real(0), a.real(1))) },
        ScalarFunction("martlet_round", 2) { a in .real(rounded(a.real(0), Int(a.integer(1)))) },
    ]

    private static func real(
        _ name: String, _ problem: String = "input is out of range", _ body: @escaping @Sendable (Double) -> Double
    ) -> ScalarFunction {
        ScalarFunction(name, 1) { a in try finite(body(a.real(0)), of: a.real(0), problem) }
    }

    private static func finite(
        _ result: Double, of argument: Double, _ problem: String
    ) throws(FunctionError) -> FunctionResult {
        guard result.isFinite || !argument.isFinite else { throw FunctionError(problem) }
        return .real(result)
    }

    /// Rounds the number as people write it, a half away from zero: 2.675 to 2.68, though the stored number is smaller.
    private static func rounded(_ number: Double, _ places: Int) -> Double {
        guard number.isFinite, (-18...18).contains(places) else { return number }
        let scale = pow(10, Double(abs(places)))
        let scaled = places < 0 ? number / scale : number * scale
        guard scaled.magnitude < 1e15 else { return number }
        // A binary fraction that 15 digits cannot tell from a half is one.
        let whole = scaled.rounded(.towardZero)
        let fraction = (scaled - whole).magnitude
        let slack = max(1, scaled.magnitude) * 1e-15
        let result = fraction >= 0.5 - slack ? whole + (scaled < 0 ? -1 : 1) : whole
        return places < 0 ? result * scale : result / scale
    }
}
