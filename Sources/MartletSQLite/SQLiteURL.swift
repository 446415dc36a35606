/// The path in the URL of an SQLite file, where what a URL gives a meaning to is percent-encoded.
///
/// Source: [RFC 3986, section 2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1).
package enum SQLiteURL {
    /// What it begins with; a path from the root adds a slash of its own.
    static let prefix = "sqlite:///"

    /// Why a path cannot be read, with the character that is wrong; `nil` when it can.
    ///
    /// - Parameter url: The whole URL: the characters are counted from its beginning.
    package static func problem(in url: String) -> String? {
        let characters = Array(url.unicodeScalars)
        for (index, character) in characters.enumerated() {
            let place = "character \(index + 1)"
            switch character {
            case "?": return "the '?' at \(place) must be written %3F"
            case "#": return "the '#' at \(place) must be written %23"
            case " ": return "the space at \(place) must be written %20"
            case "\r": return "there is a carriage return (\\r) at \(place)"
            case let mark where mark.value < 0x20 || mark.value == 0x7F || mark.properties.isWhitespace:
                return "there is a control character or blank (U+\(hexadecimal(mark.value))) at \(place)"
            case "%":
                let digits = characters[(index + 1)...].prefix(2)
                guard digits.count == 2, digits.allSatisfy(\.properties.isASCIIHexDigit) else {
                    return "the '%' at \(place) is not followed by two hexadecimal digits; a '%' itself is written %25"
                }
                if digits.allSatisfy({ $0 == "0" }) { return "%00 at \(place) stands for nothing" }
            default: break
            }
        }
        return path(in: url) == nil ? "what its '%' stand for is no text in UTF-8" : nil
    }

    /// The path; `nil` when it is not of this form.
    package static func path(in url: String) -> String? {
        guard url.hasPrefix(prefix), url.utf8.count > prefix.utf8.count else { return nil }
        return decoded(Array(url.utf8.dropFirst(prefix.utf8.count)))
    }

    /// A `%` without two digits behind it stays; ``problem(in:)`` tells of it.
    private static func decoded(_ bytes: [UInt8]) -> String? {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                result.append(UInt8(digits[0] << 4 | digits[1]))
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
