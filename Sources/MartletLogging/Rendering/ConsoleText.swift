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
        var need = text.isEmpty ? Need.quotes : .nothing
        var isASCII = true
        for byte in text.utf8 {
            switch byte {
            case 0x20, 0x22, 0x27, 0x3D, 0x5C: need = .quotes
            case 0x21..<0x7F: break
            case 0x80...: isASCII = false
            default: return .escapes
            }
        }
        return isASCII || !text.unicodeScalars.contains(where: isDangerous) ? need : .escapes
    }

    /// Control characters of both ranges, line and paragraph separators, and the marks that turn text around.
    static func isDangerous(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0000...0xE007F: true
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
