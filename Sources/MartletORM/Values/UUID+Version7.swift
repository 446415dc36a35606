public import FoundationEssentials

extension UUID {
    /// Makes a UUID that sorts by the time it was made, so that rows are inserted at the end of an index.
    ///
    /// - Parameter date: The moment that the first 48 bits hold, to the millisecond.
    ///
    /// Source: [RFC 9562 §5.7](https://www.rfc-editor.org/rfc/rfc9562#section-5.7).
    public static func v7(at date: Date = .now) -> UUID {
        let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1000))
        var random = SystemRandomNumberGenerator()
        let high: UInt64 = random.next()
        let low: UInt64 = random.next()
        func byte(_ value: UInt64, _ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: value >> shift) }
        return UUID(
            uuid: (
                byte(milliseconds, 40), byte(milliseconds, 32), byte(milliseconds, 24), byte(milliseconds, 16),
                byte(milliseconds, 8), byte(milliseconds, 0),
                0x70 | byte(high, 8) & 0x0F, byte(high, 0),
                0x80 | byte(low, 56) & 0x3F, byte(low, 48), byte(low, 40), byte(low, 32),
                byte(low, 24), byte(low, 16), byte(low, 8), byte(low, 0)
            ))
    }
}
