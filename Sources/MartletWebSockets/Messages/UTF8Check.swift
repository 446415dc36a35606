/// Checks text that comes in pieces for being UTF-8, and fails at the first byte that cannot be.
///
/// Source: [RFC 3629 §4](https://www.rfc-editor.org/rfc/rfc3629#section-4): no overlong forms, no surrogates, nothing
/// above U+10FFFF.
struct UTF8Check: Sendable {
    /// How many bytes of the current character are to come.
    private var missing = 0
    /// What the next of them may be.
    private var range: ClosedRange<UInt8> = continuation

    private static let continuation: ClosedRange<UInt8> = 0x80...0xBF

    /// Whether the text so far ends with a whole character.
    var isComplete: Bool { missing == 0 }

    /// Takes the next piece.
    ///
    /// - Returns: Whether the text can still become UTF-8.
    mutating func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset < bytes.count {
            if missing == 0 { offset = Self.skipASCII(bytes, from: offset) }
            guard offset < bytes.count else { break }
            guard accept(bytes[offset]) else { return false }
            offset += 1
        }
        return true
    }

    private mutating func accept(_ byte: UInt8) -> Bool {
        guard missing == 0 else {
            guard range.contains(byte) else { return false }
            missing -= 1
            range = Self.continuation
            return true
        }
        range = Self.continuation
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, range) = (2, 0xA0...0xBF)
        case 0xED: (missing, range) = (2, 0x80...0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, range) = (3, 0x90...0xBF)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, range) = (3, 0x80...0x8F)
        default: return false
        }
        return true
    }

    /// The first offset that is not the beginning of eight bytes of ASCII.
    private static func skipASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var offset = start
        while offset + 8 <= bytes.count {
            let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard value & 0x8080_8080_8080_8080 == 0 else { break }
            offset += 8
        }
        return offset
    }
}
