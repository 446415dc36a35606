/// Integers in two's complement, least byte first, as pickles have those that 32 bits do not hold.
///
/// Source: CPython, `pickle.encode_long` and `pickle.decode_long`.
enum BigInteger {
    /// The bytes of a number, and none of them needless; 0 has none.
    static func bytes(_ number: Int) -> [UInt8] {
        trimmed(withUnsafeBytes(of: number.littleEndian) { Array($0) })
    }

    /// The number that bytes stand for.
    static func value(_ bytes: ArraySlice<UInt8>) -> PickleValue {
        let bytes = trimmed(Array(bytes))
        guard bytes.count <= 8 else { return .bigInt(bytes) }
        let sign: UInt64 = isNegative(bytes) ? .max : 0
        return .int(Int(bitPattern: UInt(bytes.reversed().reduce(sign) { $0 << 8 | UInt64($1) })))
    }

    private static func isNegative(_ bytes: [UInt8]) -> Bool { (bytes.last ?? 0) >= 0x80 }

    /// Without bytes at the end that only repeat the sign.
    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        while let last = bytes.last {
            let before = bytes.dropLast().last ?? 0
            guard last == (before >= 0x80 ? 0xFF : 0x00) else { break }
            bytes.removeLast()
        }
        return bytes
    }

    /// The most digits that are turned into bytes or back: as many as Python's own limit, since the work grows with
    /// their square.
    static let mostDigits = 4_300

    /// The decimal digits; `nil` for more than ``mostDigits``.
    static func text(_ bytes: [UInt8]) -> String? {
        // 4300 digits have no more bytes than this, with one for the sign.
        guard bytes.count <= 1_787 else { return nil }
        var rest = isNegative(bytes) ? negated(bytes) : bytes
        var groups: [String] = []
        while rest.contains(where: { $0 != 0 }) {
            var remainder = 0
            for place in rest.indices.reversed() {
                let number = remainder << 8 | Int(rest[place])
                rest[place] = UInt8(number / 1_000_000_000)
                remainder = number % 1_000_000_000
            }
            while rest.last == 0 { rest.removeLast() }
            let digits = String(remainder)
            groups.append(rest.isEmpty ? digits : String(repeating: "0", count: 9 - digits.count) + digits)
        }
        let digits = groups.isEmpty ? "0" : groups.reversed().joined()
        return (isNegative(bytes) ? "-" : "") + digits
    }

    /// The bytes of decimal digits with or without a `-`; `nil` for anything else, or more than ``mostDigits``.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.count <= mostDigits, digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        var bytes: [UInt8] = []
        for digit in digits {
            var carry = Int(digit) - 0x30
            for place in bytes.indices {
                let number = Int(bytes[place]) * 10 + carry
                bytes[place] = UInt8(number & 0xFF)
                carry = number >> 8
            }
            if carry > 0 { bytes.append(UInt8(carry)) }
        }
        bytes.append(0)
        return trimmed(digits.count == text.utf8.count ? bytes : negated(bytes))
    }

    private static func negated(_ bytes: [UInt8]) -> [UInt8] {
        // One more byte: the least number of a length has no opposite of that length.
        var result = (bytes + [isNegative(bytes) ? 0xFF : 0]).map { ~$0 }
        for place in result.indices {
            let (sum, overflow) = result[place].addingReportingOverflow(1)
            result[place] = sum
            if !overflow { break }
        }
        return result
    }
}
