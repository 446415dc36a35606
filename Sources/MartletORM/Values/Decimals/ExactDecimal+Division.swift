extension ExactDecimal {
    /// The quotient with as many places as PostgreSQL gives it, a half rounded away from zero.
    ///
    /// The places are such that at least 16 digits say something, and no fewer than either number has.
    ///
    /// - Parameters:
    ///   - divisor: The divisor.
    ///   - atLeast: The places that the numbers have where they come from, though they may end in zeros.
    /// - Returns: `nil` for a divisor of zero, and when 38 digits do not hold the quotient.
    ///
    /// Source: `select_div_scale` in PostgreSQL's
    /// [numeric.c](https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/utils/adt/numeric.c).
    package func divided(by divisor: ExactDecimal, atLeast: Int = 0) -> ExactDecimal? {
        guard divisor.magnitude != 0 else { return nil }
        guard magnitude != 0 else { return self }
        let (own, other) = (group, divisor.group)
        let distance = own.weight - other.weight - (own.first <= other.first ? 1 : 0)
        let scale = max(Self.leastQuotientDigits - distance * Self.groupDigits, places, divisor.places, atLeast)
        var (quotient, rest) = magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
        var last = exponent - divisor.exponent
        guard last >= -scale else {
            // What follows the whole quotient cannot change how it is rounded: a half goes away from zero anyhow.
            return Self.make(quotient, last, isNegative != divisor.isNegative)?.rounded(places: scale, .halfUp)
        }
        while last > -scale, rest != 0 {
            let next = divisor.magnitude.dividingFullWidth(rest.multipliedFullWidth(by: 10))
            let (tenfold, isTooLarge) = quotient.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = tenfold.addingReportingOverflow(next.quotient)
            guard !isTooLarge, !overflows else { return nil }
            (quotient, rest, last) = (sum, next.remainder, last - 1)
        }
        // The rest is smaller than the divisor: comparing it with what it lacks cannot overflow.
        if rest >= divisor.magnitude - rest, rest != 0 { quotient += 1 }
        return Self.make(quotient, last, isNegative != divisor.isNegative)
    }

    /// What a division leaves, with the sign of the dividend.
    ///
    /// - Returns: `nil` for a divisor of zero.
    package func remainder(dividingBy divisor: ExactDecimal) -> ExactDecimal? {
        guard divisor.magnitude != 0 else { return nil }
        let lowest = min(exponent, divisor.exponent)
        // A divisor that 128 bits do not hold in the dividend's last place is larger than it.
        guard let modulus = divisor.shifted(to: lowest) else { return self }
        var rest = magnitude % modulus
        for _ in 0..<(exponent - lowest) where rest != 0 {
            rest = modulus.dividingFullWidth(rest.multipliedFullWidth(by: 10)).remainder
        }
        return Self.make(rest, lowest, isNegative)
    }

    /// The digits in front of a smaller power of ten; `nil` when they do not fit.
    private func shifted(to lower: Int) -> UInt128? {
        var shifted = magnitude
        for _ in 0..<(exponent - lower) {
            let (product, overflows) = shifted.multipliedReportingOverflow(by: 10)
            guard !overflows else { return nil }
            shifted = product
        }
        return shifted
    }

    /// How many digits of a quotient say something, at least.
    private static let leastQuotientDigits = 16
    /// PostgreSQL computes with groups of four digits.
    private static let groupDigits = 4

    /// The first group of four digits, and how many groups stand between it and the point.
    private var group: (weight: Int, first: UInt128) {
        guard magnitude != 0 else { return (0, 0) }
        let place = digits + exponent - 1
        let weight = (place - ((place % Self.groupDigits) + Self.groupDigits) % Self.groupDigits) / Self.groupDigits
        var first = magnitude
        var shift = weight * Self.groupDigits - exponent
        while shift > 0 {
            first /= 10
            shift -= 1
        }
        while shift < 0 {
            first *= 10
            shift += 1
        }
        return (weight, first)
    }

    /// The smallest whole number that is not smaller.
    package var roundedUp: ExactDecimal {
        isNegative ? negated.whole(roundingUp: false).negated : whole(roundingUp: true)
    }

    /// The largest whole number that is not larger.
    package var roundedDown: ExactDecimal { negated.roundedUp.negated }

    private func whole(roundingUp: Bool) -> ExactDecimal {
        guard exponent < 0 else { return self }
        var kept = magnitude
        var isInexact = false
        for _ in 0..<(-exponent) where kept != 0 {
            if kept % 10 != 0 { isInexact = true }
            kept /= 10
        }
        // A number of fewer digits has room for the carry.
        return Self.make(isInexact && roundingUp ? kept + 1 : kept, 0, isNegative) ?? .zero
    }
}
