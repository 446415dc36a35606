/// A bit for each of `& < > " '`, which all lie below 64.
private let specialBytes: UInt64 = 1 << 38 | 1 << 60 | 1 << 62 | 1 << 34 | 1 << 39

@inline(__always)
private func isSpecial(_ byte: UInt8) -> Bool {
    byte < 64 && (specialBytes >> UInt64(byte)) & 1 == 1
}

/// `text` with `& < > " '` as character references, spelt as Django spells them.
public func escapeHTML(_ text: String) -> String {
    guard text.utf8.contains(where: isSpecial) else { return text }
    var bytes: [UInt8] = []
    bytes.appendEscaped(text)
    return String(decoding: bytes, as: UTF8.self)
}

extension [UInt8] {
    /// Appends `text` as it is.
    mutating func append(raw text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }

    /// Appends `text` with `& < > " '` escaped. Runs without any of them, mostly the whole text, are copied as blocks.
    mutating func appendEscaped(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            for index in 0..<bytes.count where isSpecial(bytes[index]) {
                append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
                append(reference: bytes[index])
                start = index + 1
            }
            append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
        }
    }

    private mutating func append(reference byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): append(contentsOf: "&amp;".utf8)
        case UInt8(ascii: "<"): append(contentsOf: "&lt;".utf8)
        case UInt8(ascii: ">"): append(contentsOf: "&gt;".utf8)
        case UInt8(ascii: "\""): append(contentsOf: "&quot;".utf8)
        default: append(contentsOf: "&#x27;".utf8)
        }
    }
}
