/// `text` with `&amp;`, `&#39;` and the like as the characters they stand for.
///
/// Known are numbers and the names that escaping makes; others, as `&eacute;`, stay as they are.
func unescapeHTML(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
        if bytes[index] == UInt8(ascii: "&"), let (scalar, end) = characterReference(bytes, at: index) {
            result += String(scalar).utf8
            index = end
        } else {
            result.append(bytes[index])
            index += 1
        }
    }
    return String(decoding: result, as: UTF8.self)
}

/// The names that browsers know without a semicolon, too, and `apos`, which needs one.
private let named: [(name: String, scalar: Unicode.Scalar)] = [
    ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("nbsp", "\u{A0}"), ("apos;", "'"),
]

/// The character that a reference beginning at `start` stands for, and the index behind it; nil if none begins there.
private func characterReference(_ bytes: [UInt8], at start: Int) -> (Unicode.Scalar, Int)? {
    var index = start + 1
    if index < bytes.count, bytes[index] == UInt8(ascii: "#") {
        let isHexadecimal = index + 1 < bytes.count && bytes[index + 1] | 0x20 == UInt8(ascii: "x")
        index += isHexadecimal ? 2 : 1
        let digits = bytes[index...].prefix(8).prefix {
            Character(Unicode.Scalar($0)).isHexDigit && (isHexadecimal || $0 < 58)
        }
        guard let number = UInt32(String(decoding: digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10) else {
            return nil
        }
        index += digits.count
        if index < bytes.count, bytes[index] == UInt8(ascii: ";") { index += 1 }
        return (Unicode.Scalar(number).flatMap { $0 == "\0" ? nil : $0 } ?? "\u{FFFD}", index)
    }
    for (name, scalar) in named where bytes[index...].starts(with: name.utf8) {
        index += name.utf8.count
        if index < bytes.count, bytes[index] == UInt8(ascii: ";") { index += 1 }
        return (scalar, index)
    }
    return nil
}
