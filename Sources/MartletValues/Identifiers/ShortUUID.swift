public import FoundationEssentials

/// A short identifier of letters and digits that nobody confuses: 12 of them for a row, 22 for a whole UUID.
///
/// ```swift
/// var id = ShortUUID.random()          // "8bRkTzQ4nFyW"
/// ShortUUID(uuid).description          // "CJjKSiAEjDuLkDyxKUZ4Vy", as Python's `shortuuid` writes it
/// ShortUUID("CJjKSiAEjDuLkDyxKUZ4Vy")?.uuid
/// ```
///
/// A number is written to base 57, most significant digit first, padded with `2` (the alphabet's zero). The alphabet has
/// none of `0`, `1`, `I`, `O` and `l`. Twelve characters hold 70 bits: among a billion rows the chance that a new one
/// meets one of them is one in a trillion, and the primary key refuses it then.
///
/// Two are equal when their texts are: the number 3 of 12 characters is not the UUID that ends in 3.
///
/// Source: [shortuuid](https://github.com/skorokithakis/shortuuid).
public struct ShortUUID: Sendable, Hashable, LosslessStringConvertible {
    /// The value of the text as a number to base 57.
    private let number: UInt128

    /// 12 or 22.
    private let isLong: Bool

    /// The characters, in the order of their values.
    package static let alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

    /// How many characters the identifier of a row has.
    package static let shortLength = 12

    /// How many characters a whole UUID needs.
    package static let longLength = 22

    private static let digits = Array(alphabet.utf8)
    /// The value of each byte as a digit; 57 for a byte that is none.
    private static let values: [UInt8] = (0...255).map { byte in
        UInt8(digits.firstIndex(of: UInt8(byte)) ?? digits.count)
    }

    /// How many numbers 12 characters can tell apart: 57 to the power of 12.
    private static let shortCount: UInt128 = 1_176_246_293_903_439_668_001

    /// Makes an identifier of 12 characters from the system's secure random numbers.
    public static func random() -> ShortUUID {
        ShortUUID(number: .random(in: 0..<shortCount), isLong: false)
    }

    /// Writes a whole UUID, with 22 characters.
    public init(_ uuid: UUID) {
        self.init(number: uuid.number, isLong: true)
    }

    private init(number: UInt128, isLong: Bool) {
        self.number = number
        self.isLong = isLong
    }

    /// Reads 12 or 22 characters.
    ///
    /// - Returns: `nil` for any other length, for a character outside the alphabet, and for a number that does not fit
    ///   128 bits (57²² is larger than 2¹²⁸, so not every text of 22 characters is a UUID).
    public init?(_ text: String) {
        self.init(text[...])
    }

    /// Reads 12 or 22 characters; see ``init(_:)-(String)``.
    package init?(_ text: Substring) {
        let count = text.utf8.count
        guard count == Self.shortLength || count == Self.longLength else { return nil }
        var number: UInt128 = 0
        for byte in text.utf8 {
            let value = Self.values[Int(byte)]
            guard value < 57 else { return nil }
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: 57)
            let (sum, overflows) = product.addingReportingOverflow(UInt128(value))
            guard !isTooLarge, !overflows else { return nil }
            number = sum
        }
        self.init(number: number, isLong: count == Self.longLength)
    }

    /// The number as a UUID; that of 12 characters begins with zeros, as `shortuuid.decode` reads it.
    public var uuid: UUID { UUID(number) }

    /// The 12 or 22 characters.
    public var description: String {
        guard isLong else {
            return String(unsafeUninitializedCapacity: Self.shortLength) { buffer in
                let (high, low) = number.quotientAndRemainder(dividingBy: Self.power)
                Self.write(UInt64(low), to: buffer, 2..<12)
                Self.write(UInt64(high), to: buffer, 0..<2)
                return Self.shortLength
            }
        }
        let (rest, low) = number.quotientAndRemainder(dividingBy: Self.power)
        let (high, middle) = rest.quotientAndRemainder(dividingBy: Self.power)
        return String(unsafeUninitializedCapacity: Self.longLength) { buffer in
            Self.write(UInt64(low), to: buffer, 12..<22)
            Self.write(UInt64(middle), to: buffer, 2..<12)
            Self.write(UInt64(high), to: buffer, 0..<2)
            return Self.longLength
        }
    }

    /// 57¹⁰, the largest power that leaves 64-bit divisions; three of them cover 22 digits.
    private static let power: UInt128 = 362_033_331_456_891_249

    private static func write(_ number: UInt64, to buffer: UnsafeMutableBufferPointer<UInt8>, _ places: Range<Int>) {
        var number = number
        for place in places.reversed() {
            buffer[place] = digits[Int(number % 57)]
            number /= 57
        }
    }
}

extension ShortUUID: Comparable {
    /// The order of the texts, byte by byte, as a database with the C collation has it.
    public static func < (left: ShortUUID, right: ShortUUID) -> Bool {
        left.isLong == right.isLong ? left.number < right.number : left.description < right.description
    }
}

extension ShortUUID: Codable {
    /// Reads the characters.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let identifier = ShortUUID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text.prefix(60))' is no short UUID"))
        }
        self = identifier
    }

    /// Writes the characters.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
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
