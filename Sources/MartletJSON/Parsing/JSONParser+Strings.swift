internal import Glibc

extension JSONParser {
    /// Reads a string from its opening quote past its closing one.
    mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        skipPlain()
        guard index < input.count else { throw unexpected("'\"' at the end of a string") }
        if input[index] == 0x22 {
            let string = try text(input[start..<index], from: start)
            index += 1
            return string
        }
        return try stringWithEscapes(from: start)
    }

    /// Goes on to the next quote, backslash or control character, eight bytes together where it can.
    private mutating func skipPlain() {
        let raw = UnsafeRawBufferPointer(input)
        let ones: UInt64 = 0x0101_0101_0101_0101
        while index + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let quotes = word ^ (ones &* 0x22)
            let slashes = word ^ (ones &* 0x5C)
            let controls = (word &- (ones &* 0x20)) & ~word
            let marks = controls | ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)
            if marks & 0x8080_8080_8080_8080 != 0 { break }
            index += 8
        }
        while index < input.count, input[index] != 0x22, input[index] != 0x5C, input[index] >= 0x20 { index += 1 }
    }

    private mutating func stringWithEscapes(from start: Int) throws(JSONError) -> String {
        var bytes = Array(input[start..<index])
        while index < input.count {
            switch input[index] {
            case 0x22:
                let string = try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
                    try text(bytes[...], from: start)
                }
                index += 1
                return string
            case 0x5C: try escape(into: &bytes)
            case 0..<0x20:
                throw error(.syntax, "a control character must be written as \\u escape in a string", at: index)
            default:
                let plain = index
                skipPlain()
                bytes.append(contentsOf: input[plain..<index])
            }
        }
        throw unexpected("'\"' at the end of a string")
    }

    private func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, from start: Int) throws(JSONError) -> String {
        let bytes = UnsafeBufferPointer(rebasing: bytes)
        var text = String(decoding: bytes, as: UTF8.self)
        // What is not UTF-8 was repaired and differs now. This costs half of the validating initializer.
        let isUnchanged = text.withUTF8 { text in
            guard text.count == bytes.count else { return false }
            guard let left = text.baseAddress, let right = bytes.baseAddress else { return true }
            return memcmp(left, right, text.count) == 0
        }
        guard isUnchanged else {
            throw error(.invalidText, "the string that begins here is not UTF-8", at: start - 1)
        }
        return text
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
        index += 1
        guard index < input.count else { throw unexpected("a letter after '\\'") }
        switch input[index] {
        case 0x22, 0x5C, 0x2F: bytes.append(input[index])
        case 0x62: bytes.append(0x08)
        case 0x66: bytes.append(0x0C)
        case 0x6E: bytes.append(0x0A)
        case 0x72: bytes.append(0x0D)
        case 0x74: bytes.append(0x09)
        case 0x75:
            let scalar = try unicodeEscape()
            bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            return
        default: throw unexpected("one of \" \\ / b f n r t u after '\\'")
        }
        index += 1
    }

    /// Reads `uXXXX`, and the second half of a pair. A half alone is no character: RFC 8259 §8.2.
    private mutating func unicodeEscape() throws(JSONError) -> UnicodeScalar {
        let start = index - 1
        index += 1
        let unit = try fourDigits()
        if let scalar = UnicodeScalar(unit) { return scalar }
        guard unit < 0xDC00, take(0x5C), take(0x75) else {
            throw error(.invalidText, "half of a surrogate pair stands alone", at: start)
        }
        let second = try fourDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = UnicodeScalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
        else { throw error(.invalidText, "half of a surrogate pair stands alone", at: start) }
        return scalar
    }

    private mutating func fourDigits() throws(JSONError) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard index < input.count, let digit = JSONText.hexadecimalValue(input[index]) else {
                throw unexpected("a hexadecimal digit")
            }
            number = number << 4 | UInt32(digit)
            index += 1
        }
        return number
    }
}
