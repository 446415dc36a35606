/// The numbers of JSON, as text.
///
/// Source: [RFC 8259 §6](https://www.rfc-editor.org/rfc/rfc8259#section-6).
package enum JSONNumber {
    /// Appends the decimal digits of an integer.
    package static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        if number < 0 { bytes.append(0x2D) }
        guard let magnitude = UInt64(exactly: number.magnitude) else {
            bytes.append(contentsOf: String(number.magnitude).utf8)
            return
        }
        if magnitude < 10 {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: magnitude))
            return
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = magnitude
            var first = 20
            while rest > 0 {
                first -= 1
                digits[first] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            bytes.append(contentsOf: digits[first..<20])
        }
    }

    static func check(_ number: Double) throws(JSONError) {
        guard number.isFinite else {
            throw JSONError(
                .invalidValue, "\(number) is not a number of JSON; write null or a string where it may occur")
        }
    }

    /// Whether a text is one number of JSON and nothing else.
    package static func isNumber(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { text in
            guard let end = try? end(in: text, from: 0) else { return false }
            return end.index == text.count
        }
    }

    /// Where a number ends, and whether it has a fraction or an exponent.
    struct End {
        var index: Int
        var isInteger = true
    }

    /// Where the grammar is broken, and what it wants there.
    struct Fault: Error {
        var index: Int
        var expected: String
    }

    /// Walks the grammar: an optional minus, digits without a leading zero, a fraction, an exponent.
    static func end(in text: UnsafeBufferPointer<UInt8>, from start: Int) throws(Fault) -> End {
        var end = End(index: start)
        if byte(text, end.index) == 0x2D { end.index += 1 }
        if byte(text, end.index) == 0x30 {
            end.index += 1
            if isDigit(byte(text, end.index)) {
                throw Fault(index: end.index, expected: "no digit after a leading zero")
            }
        } else {
            try skipDigits(text, &end.index, "a digit")
        }
        if byte(text, end.index) == 0x2E {
            end.isInteger = false
            end.index += 1
            try skipDigits(text, &end.index, "a digit after the decimal point")
        }
        if let letter = byte(text, end.index), letter == 0x65 || letter == 0x45 {
            end.isInteger = false
            end.index += 1
            if let sign = byte(text, end.index), sign == 0x2B || sign == 0x2D { end.index += 1 }
            try skipDigits(text, &end.index, "a digit of the exponent")
        }
        return end
    }

    private static func skipDigits(
        _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ expected: String
    ) throws(Fault) {
        guard isDigit(byte(text, index)) else { throw Fault(index: index, expected: expected) }
        while isDigit(byte(text, index)) { index += 1 }
    }

    private static func byte(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt8? {
        index < text.count ? text[index] : nil
    }

    private static func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return byte >= 0x30 && byte <= 0x39
    }
}
