extension JSONNumber {
    /// The value of a number whose grammar was checked, exact or kept as text.
    static func value(of text: UnsafeBufferPointer<UInt8>, isInteger: Bool) -> JSONValue {
        if isInteger {
            if let number = integer(text) { return .int(number) }
            return .bigNumber(String(decoding: text, as: UTF8.self))
        }
        let parts = DecimalParts(text)
        if let number = parts.exactDouble { return .double(number) }
        let written = String(decoding: text, as: UTF8.self)
        // The number counts as held when the shortest text for it has the same digits.
        if let number = Double(written), number.isFinite {
            var shortest = number.description
            if shortest.withUTF8({ DecimalParts($0) == parts }) { return .double(number) }
        }
        return .bigNumber(written)
    }

    private static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var number = 0
        let isNegative = text.first == 0x2D
        for byte in text.dropFirst(isNegative ? 1 : 0) {
            let digit = Int(byte) - 0x30
            let (product, tooBig) = number.multipliedReportingOverflow(by: 10)
            let (sum, tooBigNow) = product.addingReportingOverflow(isNegative ? -digit : digit)
            if tooBig || tooBigNow { return nil }
            number = sum
        }
        return number
    }
}

/// A decimal number as an integer and a power of ten, without zeros at either end: equal numbers are equal values.
private struct DecimalParts: Equatable {
    var isNegative = false
    /// The digits without zeros at either end, as text: there may be any number of them.
    var digits: [UInt8] = []
    /// The power of ten by which to multiply. Clamped far outside what a Double holds.
    var exponent = 0

    init(_ text: UnsafeBufferPointer<UInt8>) {
        var rest = text[...]
        if rest.first == 0x2D {
            isNegative = true
            rest = rest.dropFirst()
        }
        var isFraction = false
        while let byte = rest.popFirst() {
            if byte == 0x2E {
                isFraction = true
            } else if byte == 0x65 || byte == 0x45 {
                exponent += Self.exponent(rest)
                break
            } else {
                if !digits.isEmpty || byte != 0x30 { digits.append(byte) }
                if isFraction { exponent -= 1 }
            }
        }
        while digits.last == 0x30 {
            digits.removeLast()
            exponent += 1
        }
        if digits.isEmpty { exponent = 0 }
    }

    private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var number = 0
        for byte in text where byte != 0x2B && byte != 0x2D {
            number = min(number * 10 + Int(byte) - 0x30, 1_000_000_000)
        }
        return text.first == 0x2D ? -number : number
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// Up to 15 digits and a power of ten up to 22 are exact in a Double, so one multiplication or division rounds
    /// once and right. `nil` outside that.
    var exactDouble: Double? {
        guard digits.count <= 15, abs(exponent) <= 22 else { return nil }
        var integer = 0
        for digit in digits { integer = integer * 10 + Int(digit) - 0x30 }
        let power = Self.powersOfTen[abs(exponent)]
        let number = exponent < 0 ? Double(integer) / power : Double(integer) * power
        return isNegative ? -number : number
    }
}
