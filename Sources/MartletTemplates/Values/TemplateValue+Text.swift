import FoundationEssentials
import MartletValues

extension TemplateValue {
    /// The value as text, as Python's `str` gives it: `True`, `None`, `1.0`, `['a', 'b']`.
    ///
    /// Dates are written in UTC here; `{{ date }}` prints them in words and in the time zone of the rendering.
    public var text: String {
        switch self {
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .int(let value): String(value)
        case .double(let value): value.description
        case .decimal(let value): value.description
        case .string(let value), .safe(let value): value
        case .date(let value): CalendarMoment(value, in: .utc).isoText(separator: " ")
        case .day(let value): value.description
        case .time(let value): value.description
        case .duration(let value): value.pythonText
        case .uuid(let value): value.uuidString.lowercased()
        case .list(let values): "[" + values.map(\.quotedText).joined(separator: ", ") + "]"
        case .dictionary(let values): "{" + values.pairs.map(pairText).joined(separator: ", ") + "}"
        case .object(let object): object.templateText
        }
    }

    /// Text in quotes, for an element of a printed list, as Python's `repr` gives it.
    private var quotedText: String {
        switch self {
        case .string(let value), .safe(let value):
            let quote = value.contains("'") && !value.contains("\"") ? "\"" : "'"
            let escaped = value.unicodeScalars.map { character -> String in
                switch character {
                case "\\": "\\\\"
                case "'": quote == "'" ? "\\'" : "'"
                case "\n": "\\n"
                case "\r": "\\r"
                case "\t": "\\t"
                default: isPrintable(character) ? String(Character(character)) : pythonEscape(character)
                }
            }
            return quote + escaped.joined() + quote
        default: return text
        }
    }

    /// Whether the value is HTML already.
    public var isSafe: Bool {
        if case .safe = self { return true }
        return false
    }
}

private func pairText(_ pair: (key: String, value: TemplateValue)) -> String {
    TemplateValue.list([.string(pair.key)]).text.dropFirst().dropLast() + ": "
        + TemplateValue.list([pair.value]).text.dropFirst().dropLast()
}

/// What Python prints as it is; it knows no other space than the plain one.
private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (32...126).contains(scalar.value) }
    return switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
        false
    default: true
    }
}

/// `\x7f`, `\u200d`, `\U000e0001`
private func pythonEscape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    let (mark, width) = scalar.value < 256 ? ("\\x", 2) : scalar.value < 65_536 ? ("\\u", 4) : ("\\U", 8)
    return mark + String(repeating: "0", count: width - digits.utf8.count) + digits
}
