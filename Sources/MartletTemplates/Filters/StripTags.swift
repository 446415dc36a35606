/// `text` without HTML tags and comments, as Django's `striptags`. The result is not safe HTML.
func stripTags(_ text: String) -> String {
    var text = text
    // What remains may form a new tag (`<<b>b>`), so this is repeated, but not endlessly.
    for _ in 0..<50 where text.utf8.contains(UInt8(ascii: "<")) {
        let stripped = stripOnce(Array(text.utf8))
        if stripped.utf8.count == text.utf8.count { break }
        text = stripped
    }
    return text
}

private func stripOnce(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    var index = 0
    // Behind the last '>' nothing can end a tag; looking for one at every '<' would take quadratic time.
    let last = bytes.lastIndex(of: UInt8(ascii: ">")) ?? -1
    while index < bytes.count {
        if index < last, bytes[index] == UInt8(ascii: "<"), let end = endOfMarkup(bytes, at: index) {
            index = end
        } else {
            result.append(bytes[index])
            index += 1
        }
    }
    return String(decoding: result, as: UTF8.self)
}

/// The index after the tag or comment that begins at `start`; nil if none does.
private func endOfMarkup(_ bytes: [UInt8], at start: Int) -> Int? {
    guard start + 1 < bytes.count else { return nil }
    let next = bytes[start + 1]
    let isLetter = (next | 0x20) >= UInt8(ascii: "a") && (next | 0x20) <= UInt8(ascii: "z")
    guard isLetter || next == UInt8(ascii: "/") || next == UInt8(ascii: "!") || next == UInt8(ascii: "?") else {
        return nil
    }
    if bytes[start...].starts(with: "<!--".utf8) {
        var index = start + 4
        while index + 2 < bytes.count {
            if bytes[index] == 45, bytes[index + 1] == 45, bytes[index + 2] == UInt8(ascii: ">") { return index + 3 }
            index += 1
        }
        return bytes.count
    }
    return bytes[start...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
}
