package import FoundationEssentials

/// A decimal number as a whole one and a power of ten, in which databases compute without losing a digit.
///
/// `Decimal` holds as many digits and rounds in silence where they do not suffice; here that is `nil`.
package struct ExactDecimal: Sendable {
    /// The digits as a number; of the forms of one value, the one without zeros at the end.
    package private(set) var magnitude: UInt128

    /// The power of ten that the digits are multiplied with.
    package private(set) var exponent: Int

    /// Whether the number is below zero; zero is not.
    package private(set) var isNegative: Bool

    /// What `Decimal` holds whatever the digits are.
    package static let mostDigits = 38

    package static let zero = ExactDecimal(magnitude: 0, exponent: 0, isNegative: false)

    private init(magnitude: UInt128, exponent: Int, isNegative: Bool) {
        self.magnitude = magnitude
        self.exponent = magnitude == 0 ? 0 : exponent
        self.isNegative = isNegative && magnitude != 0
        while self.magnitude != 0, self.magnitude % 10 == 0 {
            self.magnitude /= 10
            self.exponent += 1
        }
    }

    /// Makes a number of at most 38 digits that `Decimal` can have; `nil` for a longer, larger or finer one.
    package static func make(_ magnitude: UInt128, _ exponent: Int, _ isNegative: Bool) -> ExactDecimal? {
        let number = ExactDecimal(magnitude: magnitude, exponent: exponent, isNegative: isNegative)
        guard number.digits <= mostDigits, (-128...127).contains(number.exponent) else { return nil }
        return number
    }

    /// A whole number.
    package init(_ number: Int64) {
        self.init(magnitude: UInt128(number.magnitude), exponent: 0, isNegative: number < 0)
    }

    /// The value of a `Decimal`; `nil` for not-a-number.
    package init?(_ number: Decimal) {
        guard number.isFinite else { return nil }
        self.init(number.description)
    }

    /// The number of at most 15 digits that is nearest to a binary one: what was stored, if that had no more.
    ///
    /// Source: Django's converter of SQLite's decimals, whose context has a precision of 15.
    package init?(_ number: Double) {
        guard number.isFinite, let exact = ExactDecimal(number.description) else { return nil }
        self = exact.rounded(digits: 15)
    }

    /// Reads `-12.50` or `1.5e-7`, in ASCII; `nil` for other text, and for more than 38 digits.
    package init?(_ text: String) {
        var text = text
        guard let number = text.withUTF8({ ExactDecimal(text: $0) }) else { return nil }
        self = number
    }

    /// Reads the bytes of a number; see ``init(_:)-(String)``.
    package init?(text: UnsafeBufferPointer<UInt8>) {
        var position = 0
        let isNegative = text.first == 0x2D
        if isNegative || text.first == 0x2B { position = 1 }
        var magnitude: UInt128 = 0
        var exponent = 0
        var zeros = 0
        var count = 0
        var isFraction = false
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == 0x2E, !isFraction {
                isFraction = true
                continue
            }
            guard (0x30...0x39).contains(byte) else {
                guard byte == 0x65 || byte == 0x45, count > 0 else { return nil }
                guard let power = Self.power(text[position...]) else { return nil }
                exponent += power
                position = text.count
                break
            }
            count += 1
            if isFraction { exponent -= 1 }
            // Zeros count only if another digit follows them.
            if byte == 0x30 {
                zeros += 1
                continue
            }
            for _ in 0...zeros {
                let (product, isTooLarge) = magnitude.multipliedReportingOverflow(by: 10)
                guard !isTooLarge else { return nil }
                magnitude = product
                if magnitude == 0 { break }
            }
            zeros = 0
            let (sum, overflows) = magnitude.addingReportingOverflow(UInt128(byte - 0x30))
            guard !overflows else { return nil }
            magnitude = sum
        }
        guard count > 0, let number = Self.make(magnitude, exponent + zeros, isNegative) else { return nil }
        self = number
    }

    private static func power(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        let isNegative = text.first == 0x2D
        let digits = isNegative || text.first == 0x2B ? text.dropFirst() : text
        guard (1...6).contains(digits.count) else { return nil }
        var value = 0
        for byte in digits {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return isNegative ? -value : value
    }

    /// How many digits there are without zeros at either end; 0 for zero.
    package var digits: Int {
        var count = 0
        var rest = magnitude
        while rest > 0 {
            rest /= 10
            count += 1
        }
        return count
    }

    /// How many digits stand in front of the point; 0 below one.
    package var wholeDigits: Int { magnitude == 0 ? 0 : max(0, digits + exponent) }

    /// How many digits stand behind the point.
    package var places: Int { max(0, -exponent) }

    /// The number without an exponent: `-12.5`.
    ///
    /// - Parameter places: How many digits stand behind the point at least.
    package func text(places: Int = 0) -> String {
        var digits = String(magnitude)
        if exponent > 0, magnitude != 0 { digits += String(repeating: "0", count: exponent) }
        var fraction = ""
        if exponent < 0 {
            let missing = 1 - exponent - digits.utf8.count
            if missing > 0 { digits = String(repeating: "0", count: missing) + digits }
            fraction = String(digits.suffix(-exponent))
            digits.removeLast(-exponent)
        }
        fraction += String(repeating: "0", count: max(0, places - fraction.utf8.count))
        return (isNegative ? "-" : "") + digits + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// The value as Foundation has it.
    package var decimal: Decimal {
        // 38 digits and such an exponent are what a Decimal holds; a text of digits is always read.
        Decimal(string: "\(isNegative ? "-" : "")\(magnitude)e\(exponent)") ?? .nan
    }
}
