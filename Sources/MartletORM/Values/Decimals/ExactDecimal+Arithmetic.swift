extension ExactDecimal {
    /// Which way a half goes.
    package enum Rounding: Sendable {
        /// To the even digit, as Python's decimals do unless told.
        case halfEven
        /// Away from zero, as PostgreSQL does.
        case halfUp
    }

    /// The number with at most so many digits behind the point.
    package func rounded(places: Int, _ rounding: Rounding = .halfEven) -> ExactDecimal {
        let (count, overflows) = (-exponent).subtractingReportingOverflow(places)
        return overflows ? (places < 0 ? .zero : self) : dropping(count, rounding)
    }

    /// The number with at most so many digits.
    package func rounded(digits count: Int) -> ExactDecimal {
        dropping(digits - count, .halfEven)
    }

    /// Leaves out digits at the end.
    private func dropping(_ count: Int, _ rounding: Rounding) -> ExactDecimal {
        guard count > 0 else { return self }
        guard count <= Self.mostDigits, let divisor = Self.power(of: count) else { return .zero }
        let (kept, rest) = magnitude.quotientAndRemainder(dividingBy: divisor)
        let half = divisor / 2
        let isUp = rest > half || rest == half && (rounding == .halfUp || kept % 2 == 1)
        // A number of one digit less has room for the carry.
        return Self.make(isUp ? kept + 1 : kept, exponent + count, isNegative) ?? .zero
    }

    /// The sum; `nil` when 38 digits do not hold it.
    package func adding(_ other: ExactDecimal) -> ExactDecimal? {
        let lowest = magnitude == 0 ? other.exponent : other.magnitude == 0 ? exponent : min(exponent, other.exponent)
        guard let left = scaled(to: lowest), let right = other.scaled(to: lowest) else { return nil }
        if isNegative == other.isNegative {
            let (sum, overflows) = left.addingReportingOverflow(right)
            return overflows ? nil : Self.make(sum, lowest, isNegative)
        }
        return left >= right
            ? Self.make(left - right, lowest, isNegative) : Self.make(right - left, lowest, other.isNegative)
    }

    /// The difference; `nil` when 38 digits do not hold it.
    package func subtracting(_ other: ExactDecimal) -> ExactDecimal? { adding(other.negated) }

    /// The product; `nil` when 38 digits do not hold it.
    package func multiplied(by other: ExactDecimal) -> ExactDecimal? {
        let (product, overflows) = magnitude.multipliedReportingOverflow(by: other.magnitude)
        return overflows ? nil : Self.make(product, exponent + other.exponent, isNegative != other.isNegative)
    }

    /// The number below zero, or above it.
    package var negated: ExactDecimal { Self.make(magnitude, exponent, !isNegative) ?? self }

    /// The digits as a multiple of a smaller power of ten.
    private func scaled(to lower: Int) -> UInt128? {
        guard magnitude != 0 else { return 0 }
        guard let factor = Self.power(of: exponent - lower) else { return nil }
        let (product, overflows) = magnitude.multipliedReportingOverflow(by: factor)
        return overflows ? nil : product
    }

    private static func power(of exponent: Int) -> UInt128? {
        guard (0...mostDigits).contains(exponent) else { return nil }
        var power: UInt128 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }
}

extension ExactDecimal: Comparable {
    /// Whether both are the same number.
    package static func == (left: ExactDecimal, right: ExactDecimal) -> Bool {
        left.magnitude == right.magnitude && left.exponent == right.exponent && left.isNegative == right.isNegative
    }

    /// The order of numbers.
    package static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? isSmaller(right, left) : isSmaller(left, right)
    }

    /// Compares without the sign: by the place of the first digit, and then digit by digit.
    private static func isSmaller(_ left: ExactDecimal, _ right: ExactDecimal) -> Bool {
        guard left.magnitude != 0, right.magnitude != 0 else { return left.magnitude == 0 && right.magnitude != 0 }
        let (leftDigits, rightDigits) = (left.digits, right.digits)
        let (leftPlace, rightPlace) = (leftDigits + left.exponent, rightDigits + right.exponent)
        guard leftPlace == rightPlace else { return leftPlace < rightPlace }
        let difference = leftDigits - rightDigits
        // Two numbers of 38 digits with their first digit at one place: the shorter one is filled up with zeros.
        guard let factor = power(of: abs(difference)) else { return false }
        return difference < 0 ? left.magnitude * factor < right.magnitude : left.magnitude < right.magnitude * factor
    }
}
