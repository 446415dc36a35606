extension Collection<UInt8> {
    /// The bytes in lower-case hexadecimal, two digits each.
    public var hexadecimal: String {
        // Bytes in one piece are read without a call of the collection for each.
        withContiguousStorageIfAvailable(Hexadecimal.text) ?? Array(self).withUnsafeBufferPointer(Hexadecimal.text)
    }
}

private enum Hexadecimal {
    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
            for (place, byte) in bytes.enumerated() {
                text[2 * place] = digit(byte >> 4)
                text[2 * place + 1] = digit(byte & 15)
            }
            return 2 * bytes.count
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}

extension [UInt8] {
    /// Reads hexadecimal digits of either case.
    ///
    /// - Throws: ``CryptoError/malformed(encoding:reason:)`` for an odd number of digits or another character.
    public init(hexadecimal text: String) throws(CryptoError) {
        let digits = text.utf8
        guard digits.count.isMultiple(of: 2) else {
            throw .malformed(encoding: "hexadecimal", reason: "the number of digits is odd")
        }
        self = []
        reserveCapacity(digits.count / 2)
        var high: UInt8?
        for digit in digits {
            guard let value = Self.hexadecimalValue(digit) else {
                throw .malformed(encoding: "hexadecimal", reason: "a character is not one of 0-9 a-f A-F")
            }
            if let first = high {
                append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
    }

    private static func hexadecimalValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
