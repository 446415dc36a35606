/// The escapes of a string.
///
/// Source: [RFC 8259 §7](https://www.rfc-editor.org/rfc/rfc8259#section-7). U+2028 and U+2029 are escaped too, since
/// they end a line in old JavaScript; Django REST framework does so.
package enum JSONText {
    /// Appends the characters of `text` without quotes.
    package static func append(_ text: String, to bytes: inout [UInt8], asciiOnly: Bool = false) {
        var text = text
        text.withUTF8 { append($0, to: &bytes, asciiOnly: asciiOnly) }
    }

    /// Appends valid UTF-8; stretches that need no escape are copied whole.
    private static func append(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8], asciiOnly: Bool) {
        var copied = 0
        var index = 0
        while true {
            index = skipPlain(text, from: index, asciiOnly: asciiOnly)
            guard index < text.count else { break }
            let length = escapedLength(text, at: index, asciiOnly: asciiOnly)
            if length > 0 {
                bytes.append(contentsOf: text[copied..<index])
                appendEscape(text[index..<index + length], to: &bytes)
                copied = index + length
            }
            index += max(length, 1)
        }
        bytes.append(contentsOf: text[copied..<index])
    }

    /// The index of the next byte that may need an escape. Eight bytes are looked at together.
    private static func skipPlain(_ text: UnsafeBufferPointer<UInt8>, from start: Int, asciiOnly: Bool) -> Int {
        var index = start
        let raw = UnsafeRawBufferPointer(text)
        while index + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if mayNeedEscape(word, asciiOnly: asciiOnly) { break }
            index += 8
        }
        while index < text.count, !mayNeedEscape(text[index], asciiOnly: asciiOnly) { index += 1 }
        return index
    }

    private static func mayNeedEscape(_ byte: UInt8, asciiOnly: Bool) -> Bool {
        byte < 0x20 || byte == 0x22 || byte == 0x5C || (asciiOnly ? byte >= 0x7F : byte == 0xE2)
    }

    /// The high bit of each byte of `marks` tells a suspect. A carry can mark one byte too many, which costs a second
    /// look and no more.
    private static func mayNeedEscape(_ word: UInt64, asciiOnly: Bool) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        let quotes = word ^ (ones &* 0x22)
        let slashes = word ^ (ones &* 0x5C)
        let controls = (word &- (ones &* 0x20)) & ~word
        var marks = controls | ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)
        if asciiOnly {
            let deletes = word ^ (ones &* 0x7F)
            marks |= word | ((deletes &- ones) & ~deletes)
        } else {
            let separators = word ^ (ones &* 0xE2)
            marks |= (separators &- ones) & ~separators
        }
        return marks & high != 0
    }

    /// How many bytes make up the character at `index`; 0 when it stands for itself.
    private static func escapedLength(
        _ text: UnsafeBufferPointer<UInt8>, at index: Int, asciiOnly: Bool
    ) -> Int {
        let byte = text[index]
        if byte < 0x80 { return 1 }
        guard asciiOnly else {
            // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
            let isSeparator = index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8
            return isSeparator ? 3 : 0
        }
        return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    }

    /// Appends the escape of one character, given as its UTF-8.
    private static func appendEscape(_ character: Slice<UnsafeBufferPointer<UInt8>>, to bytes: inout [UInt8]) {
        guard let first = character.first else { return }
        if character.count == 1, let letter = shortEscape(first) {
            bytes.append(0x5C)
            bytes.append(letter)
            return
        }
        var scalar = UInt32(first)
        if character.count > 1 {
            scalar &= 0x7F >> UInt32(character.count)
            for byte in character.dropFirst() { scalar = scalar << 6 | UInt32(byte & 0x3F) }
        }
        if scalar < 0x10000 {
            appendUnit(scalar, to: &bytes)
        } else {
            appendUnit(0xD7C0 + scalar >> 10, to: &bytes)
            appendUnit(0xDC00 + scalar & 0x3FF, to: &bytes)
        }
    }

    private static func shortEscape(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x22, 0x5C: byte
        case 0x08: 0x62
        case 0x09: 0x74
        case 0x0A: 0x6E
        case 0x0C: 0x66
        case 0x0D: 0x72
        default: nil
        }
    }

    private static func appendUnit(_ unit: UInt32, to bytes: inout [UInt8]) {
        bytes.append(0x5C)
        bytes.append(0x75)
        bytes.append(hexadecimalDigit(UInt8(truncatingIfNeeded: unit >> 12 & 15)))
        bytes.append(hexadecimalDigit(UInt8(truncatingIfNeeded: unit >> 8 & 15)))
        bytes.append(hexadecimalDigit(UInt8(truncatingIfNeeded: unit >> 4 & 15)))
        bytes.append(hexadecimalDigit(UInt8(truncatingIfNeeded: unit & 15)))
    }

    /// The lower-case digit of a number below 16.
    static func hexadecimalDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    /// The value of a digit of either case.
    static func hexadecimalValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
