public import FoundationEssentials

/// A UUID written with 22 letters and digits, as Python's `shortuuid` writes it.
///
/// ```swift
/// ShortUUID(id).description            // "CJjKSiAEjDuLkDyxKUZ4Vy"
/// ShortUUID("CJjKSiAEjDuLkDyxKUZ4Vy")  // the same UUID again
/// ```
///
/// The number is written to base 57, most significant digit first, padded with `2` (the alphabet's zero). The alphabet
/// has none of `0`, `1`, `I`, `O` and `l`, which are easily confused.
///
/// Source: [shortuuid](https://github.com/skorokithakis/shortuuid).
public struct ShortUUID: Sendable, Hashable, PathParameter, TotalPathParameter, LosslessStringConvertible {
    /// The UUID.
    public let uuid: UUID

    static let alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    static let length = 22

    private static let digits = Array(alphabet.utf8)
    /// The value of each byte as a digit; 57 for a byte that is none.
    private static let values: [UInt8] = (0...255).map { byte in
        UInt8(digits.firstIndex(of: UInt8(byte)) ?? digits.count)
    }

    /// Writes a UUID.
    public init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Reads 22 characters.
    ///
    /// - Returns: `nil` for any other length, for a character outside the alphabet, and for a number that does not fit
    ///   128 bits (57²² is larger than 2¹²⁸, so not every text of 22 characters is a UUID).
    public init?(_ text: String) {
        self.init(pathSegment: text[...])
    }

    /// Reads 22 characters; see ``init(_:)-(String)``.
    public init?(pathSegment: Substring) {
        guard pathSegment.utf8.count == Self.length else { return nil }
        var number: UInt128 = 0
        for byte in pathSegment.utf8 {
            let value = Self.values[Int(byte)]
            guard value < 57 else { return nil }
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: 57)
            let (sum, overflows) = product.addingReportingOverflow(UInt128(value))
            guard !isTooLarge, !overflows else { return nil }
            number = sum
        }
        uuid = UUID(number)
    }

    /// `shortuuid`.
    public static var converters: [PathConverter] { [.shortuuid] }

    /// The 22 characters.
    public var pathSegment: String { description }

    /// The 22 characters.
    public var description: String {
        // 57¹⁰ is the largest power that leaves 64-bit divisions; three of them cover 22 digits.
        let power: UInt128 = 362_033_331_456_891_249
        let (rest, low) = uuid.number.quotientAndRemainder(dividingBy: power)
        let (high, middle) = rest.quotientAndRemainder(dividingBy: power)
        return String(unsafeUninitializedCapacity: Self.length) { buffer in
            Self.write(UInt64(low), to: buffer, 12..<22)
            Self.write(UInt64(middle), to: buffer, 2..<12)
            Self.write(UInt64(high), to: buffer, 0..<2)
            return Self.length
        }
    }

    private static func write(_ number: UInt64, to buffer: UnsafeMutableBufferPointer<UInt8>, _ places: Range<Int>) {
        var number = number
        for place in places.reversed() {
            buffer[place] = digits[Int(number % 57)]
            number /= 57
        }
    }
}

extension UUID {
    /// The 128 bits as a number, the first byte the most significant.
    fileprivate var number: UInt128 {
        withUnsafeBytes(of: uuid) { bytes in
            bytes.reduce(0) { $0 << 8 | UInt128($1) }
        }
    }

    fileprivate init(_ number: UInt128) {
        var bigEndian = number.bigEndian
        self = withUnsafeBytes(of: &bigEndian) { bytes in
            UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
        }
    }
}
