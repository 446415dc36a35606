internal import CZlib

/// How much work goes into making bytes fewer.
public struct CompressionLevel: Sendable, Hashable {
    /// zlib's number: 0 to 9, or -1 for its default.
    package let rawValue: Int32

    /// What zlib takes for the best of both: 6 at present. Python's `zlib.compress` uses it too.
    public static let standard = CompressionLevel(rawValue: Z_DEFAULT_COMPRESSION)
    /// Least work.
    public static let fastest = CompressionLevel(rawValue: Z_BEST_SPEED)
    /// Fewest bytes.
    public static let smallest = CompressionLevel(rawValue: Z_BEST_COMPRESSION)

    /// A level of zlib, from 1 (fastest) to 9 (smallest); a number outside is moved to the nearer end.
    public static func level(_ number: Int) -> CompressionLevel {
        CompressionLevel(rawValue: Int32(min(max(number, 1), 9)))
    }
}
