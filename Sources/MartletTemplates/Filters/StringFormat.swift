import Glibc

/// `value` as Python's `%` writes it: `03d`, `.2f`, `>10s` without the leading percent sign; empty for what cannot be.
///
/// Source: [stringformat](https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#stringformat).
func percentFormatted(_ value: TemplateValue, _ text: String) -> String {
    guard let format = PercentFormat(text) else { return "" }
    switch format.letter {
    case "s":
        let text = value.text
        return format.padded(format.precision.map { String(text.unicodeScalars.prefix($0)) } ?? text) + format.tail
    case "d", "i", "u":
        return value.number == nil ? "" : wholeNumber(value).map { format.whole($0) + format.tail } ?? ""
    case "x", "X", "o":
        guard case .whole(let number)? = value.number else { return "" }
        return format.whole(number) + format.tail
    default: return value.number.map { format.real($0.double) + format.tail } ?? ""
    }
}

/// What stands after the percent sign.
private struct PercentFormat {
    var flags = ""
    var width = 0
    var precision: Int?
    let letter: Character
    /// What follows the letter; `%%` in it is a percent sign.
    let tail: String

    /// More would let a value from outside fill the memory.
    private static let maximumWidth = 1000

    init?(_ text: String) {
        var rest = text[...]
        guard let place = rest.firstIndex(where: \.isLetter), "sdiuxXofFeEgG".contains(rest[place]) else { return nil }
        letter = rest[place]
        let behind = String(rest[rest.index(after: place)...])
        guard !behind.replacingText("%%", with: "").contains("%") else { return nil }
        tail = behind.replacingText("%%", with: "%")
        rest = rest[..<place]
        while let flag = rest.first, "-+ 0#".contains(flag) { flags.append(rest.removeFirst()) }
        let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        if !parts[0].isEmpty {
            guard let width = Int(parts[0]), (0...Self.maximumWidth).contains(width) else { return nil }
            self.width = width
        }
        if parts.count > 1 {
            guard let precision = parts[1].isEmpty ? 0 : Int(parts[1]), (0...Self.maximumWidth).contains(precision)
            else { return nil }
            self.precision = precision
        }
    }

    func padded(_ text: String) -> String {
        let space = String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
        return flags.contains("-") ? text + space : space + text
    }

    /// Hexadecimal and octal numbers keep their sign, as in Python and unlike in C.
    func whole(_ number: Int) -> String {
        var digits: String
        var prefix = ""
        switch letter {
        case "x", "X":
            digits = String(number.magnitude, radix: 16, uppercase: letter == "X")
            prefix = flags.contains("#") ? "0\(letter)" : ""
        case "o":
            digits = String(number.magnitude, radix: 8)
            prefix = flags.contains("#") ? "0o" : ""
        default: digits = String(number.magnitude)
        }
        if let precision { digits = String(repeating: "0", count: max(0, precision - digits.utf8.count)) + digits }
        let sign = number < 0 ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : ""
        let head = sign + prefix
        if flags.contains("0"), !flags.contains("-") {
            digits = String(repeating: "0", count: max(0, width - head.utf8.count - digits.utf8.count)) + digits
        }
        return padded(head + digits)
    }

    /// As C writes it, which Python follows.
    func real(_ number: Double) -> String {
        let format = "%\(flags)\(width == 0 ? "" : String(width))\(precision.map { ".\($0)" } ?? "")\(letter)"
        // A number has at most 309 digits before its point.
        var buffer = [CChar](repeating: 0, count: 320 + width + (precision ?? 6))
        let length = withVaList([number]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
