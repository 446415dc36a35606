/// Exact decimals: PostgreSQL's binary form of `numeric` as text, without a detour over floating point.
///
/// Source: `numeric_send` in PostgreSQL's `src/backend/utils/adt/numeric.c`: the number of digits of base 10,000, the
/// weight of the first, the sign, the digits behind the point, and the digits, each in 16 bits.
enum NumericText {
    /// The number in PostgreSQL's own text form; `nil` when the bytes are no number.
    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard bytes.count >= 8 else { return nil }
        func word(_ index: Int) -> Int { Int(bytes[index * 2]) << 8 | Int(bytes[index * 2 + 1]) }
        let count = word(0)
        let weight = Int(Int16(truncatingIfNeeded: word(1)))
        let scale = word(3)
        switch word(2) {
        case 0xC000: return "NaN"
        case 0xD000: return "Infinity"
        case 0xF000: return "-Infinity"
        default: break
        }
        guard bytes.count == 8 + count * 2 else { return nil }
        func group(_ position: Int) -> Int { position >= 0 && position < count ? word(4 + position) : 0 }
        var text = word(2) == 0x4000 ? "-" : ""
        text += "\(weight < 0 ? 0 : group(0))"
        for position in 1..<max(weight + 1, 1) { text += padded(group(position)) }
        guard scale > 0 else { return text }
        var fraction = ""
        for position in (weight + 1)..<(weight + 1 + (scale + 3) / 4) { fraction += padded(group(position)) }
        return text + "." + fraction.prefix(scale)
    }

    private static func padded(_ group: Int) -> String {
        let digits = "\(group)"
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
