internal import MartletJSON

/// Text on a line for people: as it is where that is safe.
enum ConsoleText {
    /// What a text needs.
    private enum Need {
        /// Nothing: it is one word.
        case nothing
        /// Quotes.
        case quotes
        /// Quotes and escapes beyond those of JSON.
        case escapes
    }

    /// Appends one word, in quotes where it would not be one.
    static func appendWord(_ text: String, to bytes: inout [UInt8]) {
        let need = need(of: text)
        if need == .nothing {
            bytes.append(contentsOf: text.utf8)
            return
        }
        bytes.append(0x22)
        appendEscaped(text, need, to: &bytes)
        bytes.append(0x22)
    }

    /// Appends text in which blanks are welcome, and escapes what a line or a terminal could be led astray with.
    static func appendProse(_ text: String, to bytes: inout [UInt8]) {
        let need = need(of: text)
        if need == .escapes {
            appendEscaped(text, need, to: &bytes)
        } else {
            bytes.append(contentsOf: text.utf8)
        }
    }

    /// Appends text in which everything is welcome but what a line or a terminal could be led astray with.
    static func appendVisible(_ text: String, to bytes: inout [UInt8]) {
        guard need(of: text) == .escapes else { return bytes.append(contentsOf: text.utf8) }
        for scalar in text.unicodeScalars {
            if isDangerous(scalar) {
                JSONText.append(String(scalar), to: &bytes, asciiOnly: true)
            } else {
                bytes.append(contentsOf: String(scalar).utf8)
            }
        }
    }

    private static func need(of text: String) -> Need {
        var copy = text
        // Native text lends its bytes; every text of every event passes here.
        let (need, isASCII) = copy.withUTF8 { bytes in
            var need = bytes.isEmpty ? Need.quotes : .nothing
            var isASCII = true
            for byte in bytes where !isPlain(byte) {
                if byte >= 0x80 {
                    isASCII = false
                } else if byte < 0x20 || byte == 0x7F {
                    return (Need.escapes, true)
                } else {
                    need = .quotes
                }
            }
            return (need, isASCII)
        }
        return isASCII || !text.unicodeScalars.contains(where: isDangerous) ? need : .escapes
    }

    /// Printing characters of ASCII but for the blank, `"`, `'`, `=` and `\`, each as one bit.
    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte < 0x40 ? low >> UInt64(byte) & 1 == 1 : byte < 0x80 && high >> UInt64(byte & 0x3F) & 1 == 1
    }

    private static let low: UInt64 = {
        var bits: UInt64 = 0
        for byte in 0x21..<0x40 where byte != 0x22 && byte != 0x27 && byte != 0x3D { bits |= 1 << UInt64(byte) }
        return bits
    }()

    private static let high: UInt64 = {
        var bits: UInt64 = 0
        for byte in 0x40..<0x7F where byte != 0x5C { bits |= 1 << UInt64(byte & 0x3F) }
        return bits
    }()

    /// Control characters of both ranges, line and paragraph separators, and the marks that turn text around.
    ///
    /// So are the other format characters that nobody sees: with them texts look the same that are not, and tags (U+E0020 to
    /// U+E007F) spell a whole text in secret. Those that one script alone is written with stay, such as signs of numbers.
    static func isDangerous(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F: true
        case 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0xE0000...0xE007F: true
        default: false
        }
    }

    private static func appendEscaped(_ text: String, _ need: Need, to bytes: inout [UInt8]) {
        guard need == .escapes else { return JSONText.append(text, to: &bytes) }
        for scalar in text.unicodeScalars {
            JSONText.append(String(scalar), to: &bytes, asciiOnly: isDangerous(scalar))
        }
    }
}
