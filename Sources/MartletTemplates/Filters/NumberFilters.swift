extension TemplateLibrary {
    /// Filters that write numbers.
    mutating func addNumberFilters() {
        filter("floatformat") { value, call in .safe(fixedPoint(value, call)) }
        filter("filesizeformat", argument: .none, keepsSafe: true) { value, _ in .string(fileSize(value)) }
        filter("intcomma", keepsSafe: true) { value, _ in .string(grouped(value.text)) }
    }
}

/// A floating point number without exponent, as Django prints it.
func plainText(of number: Double) -> String {
    let text = number.description
    guard text.utf8.contains(UInt8(ascii: "e")), let decimal = DecimalText(text), decimal.size <= 200 else {
        return text
    }
    return decimal.text
}

/// Digits grouped by thousands: `1,234,567.25`.
func grouped(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let digits = text.dropFirst(sign.count).prefix { $0.isASCII && $0.isNumber }
    // Counted once: a string's count walks through it.
    let count = digits.count
    let rest = text.dropFirst(sign.count + count)
    var result = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (count - index) % 3 == 0 { result += "," }
        result.append(digit)
    }
    return sign + result + rest
}

/// A decimal number as its digits, for rounding without binary fractions.
struct DecimalText {
    private var isNegative: Bool
    private var whole: [UInt8]
    private var fraction: [UInt8]

    /// How many digits it has.
    var size: Int { whole.count + fraction.count }

    var isWhole: Bool { fraction.allSatisfy { $0 == 0 } }

    /// Reads `-12.5e3`; nil for anything else, and for more digits than a number has.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        whole = []
        fraction = []
        while let byte = rest.first, (48...57).contains(byte) { whole.append(rest.removeFirst() - 48) }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            while let byte = rest.first, (48...57).contains(byte) { fraction.append(rest.removeFirst() - 48) }
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        if let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") {
            guard let exponent = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), (-400...400).contains(exponent)
            else {
                return nil
            }
            rest = []
            shift(by: exponent)
        }
        guard rest.isEmpty else { return nil }
        if let first = whole.firstIndex(where: { $0 != 0 }) { whole.removeSubrange(..<first) } else { whole = [] }
    }

    private mutating func shift(by exponent: Int) {
        if exponent >= 0 {
            while fraction.count < exponent { fraction.append(0) }
            whole += fraction.prefix(exponent)
            fraction.removeFirst(exponent)
        } else {
            while whole.count < -exponent { whole.insert(0, at: 0) }
            fraction = whole.suffix(-exponent) + fraction
            whole.removeLast(-exponent)
        }
    }

    /// Rounded to so many places, halves away from zero.
    mutating func round(places: Int) {
        let roundsUp = places < fraction.count && fraction[places] >= 5
        if fraction.count > places { fraction.removeSubrange(places...) }
        while fraction.count < places { fraction.append(0) }
        guard roundsUp else { return }
        var digits = whole + fraction
        var index = digits.count - 1
        while index >= 0, digits[index] == 9 {
            digits[index] = 0
            index -= 1
        }
        if index >= 0 { digits[index] += 1 } else { digits.insert(1, at: 0) }
        fraction = Array(digits.suffix(places))
        whole = Array(digits.dropLast(places))
    }

    var text: String {
        let isZero = whole.allSatisfy { $0 == 0 } && fraction.allSatisfy { $0 == 0 }
        let digits = whole.isEmpty ? "0" : whole.map { String($0) }.joined()
        let places = fraction.isEmpty ? "" : "." + fraction.map { String($0) }.joined()
        return (isNegative && !isZero ? "-" : "") + digits + places
    }
}

/// So many places; with a negative number only if there is a fraction. `g` groups by thousands.
private func fixedPoint(_ value: TemplateValue, _ call: FilterCall) -> String {
    let input = value.text
    var argument = call.argument?.text ?? "-1"
    let marks = argument.suffix(2).filter { $0 == "g" || $0 == "u" }
    argument.removeLast(marks.count)
    if argument.isEmpty { argument = "-1" }
    let number = DecimalText(input) ?? floatingPoint(value).flatMap { DecimalText($0.description) }
    guard var number else { return escapeHTML(floatingPoint(value) == nil ? "" : input) }
    guard let places = Int(argument), (-200...200).contains(places), number.size <= 200 else {
        return escapeHTML(input)
    }
    number.round(places: places <= 0 && number.isWhole ? 0 : abs(places))
    // 'u' asks for a number as in no language, which has no groups.
    return marks.contains("g") && !marks.contains("u") ? grouped(number.text) : number.text
}

/// `13 KB`, with a space that does not break.
private func fileSize(_ value: TemplateValue) -> String {
    guard let bytes = wholeNumber(value) else {
        return "0\u{A0}bytes"
    }
    let size = bytes.magnitude
    let sign = bytes < 0 ? "-" : ""
    if size < 1024 { return "\(sign)\(size)\u{A0}\(size == 1 ? "byte" : "bytes")" }
    let units = ["KB", "MB", "GB", "TB", "PB"]
    var place = 0
    while place < units.count - 1, size >= 1 << UInt(10 * (place + 2)) { place += 1 }
    let amount = Double(size) / Double(1 << UInt(10 * (place + 1)))
    let text = ((amount * 10).rounded(.toNearestOrEven) / 10).description
    return "\(sign)\(plainText(of: Double(text) ?? amount))\u{A0}\(units[place])"
}
