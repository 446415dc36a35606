/// A set of bytes that a path parameter may consist of.
///
/// ```swift
/// let hex: ByteClass = .digits.union(ByteClass("abcdef"))
/// ```
public struct ByteClass: Sendable, Hashable {
    // 256 bits, the lowest byte first: membership is a shift and a mask, without a table in memory.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// Makes a class of the bytes of a text; a character beyond ASCII stands for each byte of its UTF-8 form.
    public init(_ characters: String) {
        for byte in characters.utf8 { insert(byte) }
    }

    /// `0` to `9`.
    public static let digits = ByteClass("0123456789")
    /// `a` to `z` and `A` to `Z`.
    public static let letters = ByteClass("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    /// Letters, digits, `-` and `_`: what a slug is made of.
    public static let slug = letters.union(digits).union(ByteClass("-_"))
    /// Every byte but `/`: what a segment of a path is made of.
    public static let segment = ByteClass("/").inverted
    /// Every byte but a line feed: what the rest of a path is made of (the `.` of Django's `.+`).
    public static let anything = ByteClass("\n").inverted

    /// The bytes of both classes.
    public func union(_ other: ByteClass) -> ByteClass {
        combined(with: other, |)
    }

    /// The bytes that are not in this class.
    public var inverted: ByteClass {
        combined(with: self) { mine, _ in ~mine }
    }

    /// Whether every byte of `other` is in this class.
    func isSuperset(of other: ByteClass) -> Bool {
        combined(with: other, |) == self
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return word & (1 << UInt64(byte & 63)) != 0
    }

    private mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    private func combined(with other: ByteClass, _ combine: (UInt64, UInt64) -> UInt64) -> ByteClass {
        var result = self
        result.words.0 = combine(words.0, other.words.0)
        result.words.1 = combine(words.1, other.words.1)
        result.words.2 = combine(words.2, other.words.2)
        result.words.3 = combine(words.3, other.words.3)
        return result
    }

    /// Two classes are the same when they have the same bytes.
    public static func == (left: ByteClass, right: ByteClass) -> Bool { left.words == right.words }

    /// Hashes the set of bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
