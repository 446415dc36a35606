/// How Python's `http.cookies`, and with it Django, writes values that a cookie may not have as they are.
///
/// A value with other characters stands in quotes, where `"` and `\` have a `\` before them and the rest is `\ooo`: the
/// number of the character, in octal. Characters beyond U+00FF stay.
enum CookieQuoting {
    static func quote(_ value: String) -> String {
        guard value.isEmpty || !value.utf8.allSatisfy(\.isPlainCookieByte) else { return value }
        var quoted = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                quoted += "\\"
                quoted.unicodeScalars.append(scalar)
            case _ where scalar.value > 0xFF || isLegalInQuotes(scalar):
                quoted.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 8)
                quoted += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            }
        }
        return quoted + "\""
    }

    static func unquote(_ value: Substring) -> String {
        // Scalars and bytes, never characters: a combining mark behind the quote would be taken off with it.
        let (quote, escape) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        guard value.utf8.count >= 2, value.utf8.first == quote, value.utf8.last == quote else { return String(value) }
        let inner = value.unicodeScalars.dropFirst().dropLast()
        guard value.utf8.contains(escape) else { return String(inner) }
        var result = String.UnicodeScalarView()
        var rest = inner
        while let scalar = rest.popFirst() {
            if scalar != "\\" {
                result.append(scalar)
            } else if let byte = octal(rest.prefix(3)) {
                result.append(byte)
                rest = rest.dropFirst(3)
            } else if let escaped = rest.popFirst() {
                result.append(escaped)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Three octal digits up to `377`.
    private static func octal(_ digits: Substring.UnicodeScalarView) -> Unicode.Scalar? {
        guard digits.count == 3, digits.allSatisfy({ ("0"..."7").contains($0) }),
            let value = UInt8(String(digits), radix: 8)
        else { return nil }
        return Unicode.Scalar(value)
    }

    private static func isLegalInQuotes(_ scalar: Unicode.Scalar) -> Bool {
        guard let byte = UInt8(exactly: scalar.value), scalar.isASCII else { return false }
        return byte.isPlainCookieByte || Array(" ()/<=>?@[]{}".utf8).contains(byte)
    }
}

extension UInt8 {
    /// Whether the byte may stand in a cookie's value without quotes: a token byte or `:`.
    fileprivate var isPlainCookieByte: Bool { isTokenByte || self == UInt8(ascii: ":") }
}
