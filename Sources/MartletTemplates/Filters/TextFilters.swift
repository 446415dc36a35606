extension TemplateLibrary {
    /// Filters that change letters.
    mutating func addTextFilters() {
        textFilter("lower") { text, _ in text.lowercased() }
        // Upper case would turn &amp; into &AMP;, so the result is escaped again.
        textFilter("upper", keepsSafe: false) { text, _ in text.uppercased() }
        textFilter("title") { text, _ in titleCase(text) }
        textFilter("capfirst") { text, _ in text.prefix(1).uppercased() + text.dropFirst() }
        filter("cut", argument: .required) { value, call in
            let result = value.text.replacingText(call.text, with: "")
            // Cutting a semicolon would break character references.
            return value.isSafe && call.text != ";" ? .safe(result) : .string(result)
        }
        textFilter("addslashes") { text, _ in
            text.replacingText("\\", with: "\\\\").replacingText("\"", with: "\\\"").replacingText("'", with: "\\'")
        }
        filter("stringformat", argument: .required, keepsSafe: true) { value, call in
            .string(percentFormatted(value, call.text))
        }
        textFilter("slugify") { text, _ in slug(of: text) }
        textFilter("truncatechars", argument: .required) { text, call in
            guard let limit = call.whole else { return text }
            return truncated(text, characters: limit)
        }
        textFilter("truncatewords", argument: .required) { text, call in
            guard let limit = call.whole else { return text }
            return text.truncated(words: limit)
        }
        filter("wordcount", argument: .none) { value, _ in .int(value.text.words.count) }
        filter("make_list", argument: .none) { value, _ in try .list(TemplateValue.string(value.text).elements() ?? [])
        }
        filter("get_digit", argument: .required) { value, call in digit(of: value, call) }
        filter("phone2numeric", argument: .none, keepsSafe: true) { value, _ in .string(keypadDigits(value.text)) }
    }

    /// Filters that fit text into a width.
    mutating func addWrappingFilters() {
        textFilter("center", argument: .required) { text, call in
            let space = call.width - text.unicodeScalars.count
            // Python puts the odd space to the left if the width is odd, and to the right if not.
            guard space > 0 else { return text }
            let left = space / 2 + (space & call.width & 1)
            return spaces(left) + text + spaces(space - left)
        }
        textFilter("ljust", argument: .required) { text, call in
            text + spaces(call.width - text.unicodeScalars.count)
        }
        textFilter("rjust", argument: .required) { text, call in
            spaces(call.width - text.unicodeScalars.count) + text
        }
        textFilter("wordwrap", argument: .required) { text, call in
            guard let width = call.whole, width > 0 else {
                throw TemplateProblem("'wordwrap' needs a width above zero.", remedy: "Write |wordwrap:72.")
            }
            return wrapped(text, width: width)
        }
    }
}

private func spaces(_ count: Int) -> String {
    String(repeating: " ", count: max(count, 0))
}

extension FilterCall {
    /// The argument as a width, at most a hundred thousand: one that came with a request must not fill the memory.
    fileprivate var width: Int { min(max(whole ?? 0, 0), 100_000) }
}

/// Each word with one capital, but none after a digit, nor after an apostrophe behind a small letter, as Django's `title`.
private func titleCase(_ text: String) -> String {
    var result = ""
    var before: Unicode.Scalar?
    var isAfterSmall = false
    for scalar in text.unicodeScalars {
        let follows = before.map { $0.properties.isCased || ("0"..."9").contains($0) } ?? false
        let isPossessive = before == "'" && isAfterSmall
        if scalar == "'" {
            isAfterSmall = result.unicodeScalars.last.map { ("a"..."z").contains($0) } ?? false
        }
        if follows || isPossessive {
            result += scalar.properties.lowercaseMapping
        } else {
            result += scalar.properties.titlecaseMapping
        }
        before = scalar
    }
    return result
}

/// Cuts so that, with the ellipsis, as many characters are left. Marks above or below a letter are not counted.
private func truncated(_ text: String, characters limit: Int) -> String {
    guard limit > 0 else { return "" }
    let scalars = text.unicodeScalars
    var count = 0
    var end = scalars.startIndex
    var index = scalars.startIndex
    while index < scalars.endIndex {
        if scalars[index].properties.canonicalCombiningClass == .notReordered {
            count += 1
            if count == limit { end = index }
            if count > limit { return String(scalars[..<end]) + "…" }
        }
        index = scalars.index(after: index)
    }
    return text
}

/// The digit at a place counted from the right; the value itself if it has no such digit.
private func digit(of value: TemplateValue, _ call: FilterCall) -> TemplateValue {
    guard let number = wholeNumber(value), let place = call.whole else { return value }
    guard place >= 1 else { return .int(number) }
    let digits = Array(String(number).utf8)
    guard place <= digits.count else { return .int(0) }
    let digit = Int(digits[digits.count - place]) - 48
    return (0...9).contains(digit) ? .int(digit) : value
}

private func keypadDigits(_ text: String) -> String {
    let keys = Array("22233344455566677778889999")
    return String(
        text.lowercased().unicodeScalars.map { letter -> Character in
            ("a"..."z").contains(letter) ? keys[Int(letter.value) - 97] : Character(letter)
        })
}
