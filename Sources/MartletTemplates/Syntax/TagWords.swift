/// The words of a tag: separated by spaces, except for spaces inside quotes.
///
/// `url 'blog:detail' post.id title="a b"` has four words.
func tagWords(of text: String) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    func flush() {
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        word.removeAll()
    }
    while index < bytes.count {
        let byte = bytes[index]
        if byte == 32 || (9...13).contains(byte) {
            flush()
            index += 1
        } else if let end = endOfString(bytes, at: index) {
            word += bytes[index..<end]
            index = end
        } else {
            word.append(byte)
            index += 1
        }
    }
    flush()
    return words
}

/// The index after the quoted string that begins at `start`; nil if none begins there or it has no end.
///
/// A backslash keeps the next byte from ending the string.
func endOfString(_ bytes: [UInt8], at start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    let quote = bytes[start]
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
    var index = start + 1
    while index < bytes.count {
        if bytes[index] == UInt8(ascii: "\\") {
            index += 2
        } else if bytes[index] == quote {
            return index + 1
        } else {
            index += 1
        }
    }
    return nil
}

/// `name=value` cut at the equals sign; nil if the word does not begin with a name and an equals sign.
func keyword(in word: String) -> (name: String, value: String)? {
    guard let equals = word.firstIndex(of: "="), equals != word.startIndex else { return nil }
    let name = word[..<equals]
    guard name.utf8.allSatisfy(isNameByte) else { return nil }
    return (String(name), String(word[word.index(after: equals)...]))
}

/// Letters, digits, underscore, and every byte of a character beyond ASCII.
func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), 128...:
        true
    default: false
    }
}

/// The name among `candidates` that `name` was probably meant to be.
func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    let limit = max(1, name.utf8.count / 3)
    // The time is the product of the lengths, and a name may come from outside.
    guard name.utf8.count <= 100 else { return nil }
    return candidates.filter { abs($0.utf8.count - name.utf8.count) <= limit }.map {
        ($0, editDistance(Array(name.utf8), Array($0.utf8)))
    }
    .filter { $0.1 <= limit }
    .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
}

/// How many bytes must be inserted, removed, replaced or swapped with their neighbour to turn one text into the other.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var rows = [Array(0...right.count)]
    for i in left.indices {
        var row = [i + 1]
        for j in right.indices {
            var best = min(rows[i][j] + (left[i] == right[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                best = min(best, rows[i - 1][j - 1] + 1)
            }
            row.append(best)
        }
        rows.append(row)
    }
    return rows[left.count][right.count]
}
