extension TemplateLibrary {
    /// Filters that make HTML, or make text fit to stand in it.
    mutating func addHTMLFilters() {
        for name in ["escape", "force_escape"] {
            filter(name, argument: .none) { value, _ in
                if name == "escape", value.isSafe { return value }
                return .safe(escapeHTML(value.text))
            }
        }
        filter("safe", argument: .none) { value, _ in .safe(try value.html(autoescape: false)) }
        filter("safeseq", argument: .none) { value, _ in .list(try (value.elements() ?? []).map { .safe($0.text) }) }
        filter("escapeseq", argument: .none) { value, call in
            .list(try (value.elements() ?? []).map { .safe(try $0.html(autoescape: true)) })
        }
        filter("escapejs", argument: .none) { value, _ in .safe(escapeJavaScript(value.text)) }
        filter("json_script") { value, call in .safe(try jsonScript(value, id: call.argument?.html(autoescape: true))) }
        filter("linebreaks", argument: .none) { value, call in
            let escapes = call.autoescape && !value.isSafe
            let paragraphs = splitParagraphs(normalizedLines(value.text)).map { paragraph in
                "<p>" + (escapes ? escapeHTML(paragraph) : paragraph).replacingText("\n", with: "<br>") + "</p>"
            }
            return .safe(paragraphs.joined(separator: "\n\n"))
        }
        filter("linebreaksbr", argument: .none) { value, call in
            let text = normalizedLines(value.text)
            return .safe((call.autoescape && !value.isSafe ? escapeHTML(text) : text).replacingText("\n", with: "<br>"))
        }
        filter("linenumbers", argument: .none) { value, call in
            // Not of characters, of which a carriage return and a line feed make one.
            let lines = value.text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            let width = String(lines.count).utf8.count
            let numbered = lines.enumerated().map { index, line in
                padded(index + 1, width) + ". "
                    + (call.autoescape && !value.isSafe ? escapeHTML(String(line)) : String(line))
            }
            return .safe(numbered.joined(separator: "\n"))
        }
        textFilter("striptags") { text, _ in stripTags(text) }
        textFilter("urlencode", argument: .optional, keepsSafe: false) { text, call in
            percentEncoded(text, keeping: call.argument?.text ?? "/")
        }
        textFilter("iriencode") { text, _ in percentEncoded(text, keeping: "/#%[]=:;$&()+,!?*@'~") }
        filter("urlize", argument: .none) { value, call in
            .safe(linked(value.text, limit: nil, escapes: call.autoescape && !value.isSafe))
        }
        filter("urlizetrunc", argument: .required) { value, call in
            .safe(linked(value.text, limit: call.whole, escapes: call.autoescape && !value.isSafe))
        }
    }
}

extension TemplateValue {
    /// The value as HTML: safe text as it is, other text escaped if `autoescape` says so.
    func html(autoescape: Bool) throws -> String {
        switch self {
        case .safe(let text): return text
        case .object(let object):
            if let html = try object.templateHTML { return html }
        default: break
        }
        return autoescape ? escapeHTML(text) : text
    }
}

private func normalizedLines(_ text: String) -> String {
    text.unicodeScalars.contains("\r") ? text.replacingText("\r\n", with: "\n").replacingText("\r", with: "\n") : text
}

/// Cuts at every run of two or more line ends.
private func splitParagraphs(_ text: String) -> [String] {
    var paragraphs: [String] = []
    var current = ""
    var ends = 0
    for scalar in text.unicodeScalars {
        if scalar == "\n" {
            ends += 1
            continue
        }
        if ends >= 2 {
            paragraphs.append(current)
            current = ""
        } else if ends == 1 {
            current += "\n"
        }
        ends = 0
        current.unicodeScalars.append(scalar)
    }
    paragraphs.append(ends == 1 ? current + "\n" : current)
    if ends >= 2 { paragraphs.append("") }
    return paragraphs
}

/// `text` for a string in JavaScript: what could end the string or the script is written as `\uXXXX`.
private func escapeJavaScript(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\\", "'", "\"", ">", "<", "&", "=", "-", ";", "`", "\u{2028}", "\u{2029}", "\u{0}"..."\u{1F}":
            // All of these fit in sixteen bits.
            result += unicodeEscape(UInt16(scalar.value), uppercase: true)
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// `\u003C`, as JavaScript and JSON write a unit of UTF-16.
func unicodeEscape(_ unit: UInt16, uppercase: Bool) -> String {
    let digits = String(unit, radix: 16, uppercase: uppercase)
    return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
}

/// The text with every byte but letters, digits and `_.-~` as `%XX`, except those in `kept`.
func percentEncoded(_ text: String, keeping kept: String) -> String {
    let kept = Set(kept.utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "~"):
            result.append(byte)
        case _ where kept.contains(byte): result.append(byte)
        default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: result, as: UTF8.self)
}
