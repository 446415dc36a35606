extension String {
    /// The parts between spaces, as Python's `split` makes them.
    var words: [String] {
        var words: [String] = []
        eachWord { word in
            words.append(String(decoding: word, as: UTF8.self))
            return true
        }
        return words
    }

    /// The first words with single spaces between them, and an ellipsis if there are more. What follows is not looked at.
    func truncated(words limit: Int) -> String {
        guard limit > 0 else { return "" }
        var bytes: [UInt8] = []
        var count = 0
        eachWord { word in
            guard count < limit else {
                bytes.append(contentsOf: " …".utf8)
                return false
            }
            if count > 0 { bytes.append(32) }
            bytes.append(contentsOf: word)
            count += 1
            return true
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Hands the bytes of one word after the other to `body`, until it returns false.
    private func eachWord(_ body: (Slice<UnsafeBufferPointer<UInt8>>) -> Bool) {
        var text = self
        text.withUTF8 { bytes in
            var start: Int?
            var index = 0
            while index < bytes.count {
                let space = lengthOfSpace(bytes, at: index)
                if space == 0 {
                    start = start ?? index
                } else if let first = start {
                    guard body(bytes[first..<index]) else { return }
                    start = nil
                }
                index += max(space, 1)
            }
            if let start { _ = body(bytes[start...]) }
        }
    }
}

/// How many bytes the space that begins at `index` has; 0 if none does.
///
/// The bytes are compared here because asking Unicode's tables for each letter is fifty times as slow.
private func lengthOfSpace(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let first = bytes[index]
    if first < 0x80 { return first == 32 || (9...13).contains(first) || (28...31).contains(first) ? 1 : 0 }
    guard index + 1 < bytes.count else { return 0 }
    if first == 0xC2 { return bytes[index + 1] == 0x85 || bytes[index + 1] == 0xA0 ? 2 : 0 }
    guard (0xE1...0xE3).contains(first), index + 2 < bytes.count else { return 0 }
    return switch (first, bytes[index + 1], bytes[index + 2]) {
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
        (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
        3
    default: 0
    }
}
