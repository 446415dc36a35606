public import FoundationEssentials
import Synchronization

extension UUID {
    /// Makes a UUID that sorts by the time it was made, so that rows are inserted at the end of an index.
    ///
    /// Those that one process makes sort in the order in which they were made, also within a millisecond.
    ///
    /// Source: [RFC 9562 §5.7](https://www.rfc-editor.org/rfc/rfc9562#section-5.7), and §6.2, method 3: the twelve bits
    /// behind the milliseconds hold a fraction of one.
    public static func v7() -> UUID { version7(Version7Moment.next()) }

    /// Makes a UUID that sorts by a moment.
    ///
    /// - Parameter date: The moment that the first 48 bits hold, to the millisecond; what follows is random.
    public static func v7(at date: Date) -> UUID {
        let milliseconds = UInt64(min(max(0, date.timeIntervalSince1970 * 1000), 0xFFFF_FFFF_FFFF))
        return version7(milliseconds << 12 | UInt64.random(in: 0..<4096))
    }

    /// - Parameter moment: The milliseconds, and in the last twelve bits what follows them.
    private static func version7(_ moment: UInt64) -> UUID {
        let low = UInt64.random(in: .min ... .max)
        func byte(_ value: UInt64, _ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: value >> shift) }
        return UUID(
            uuid: (
                byte(moment, 52), byte(moment, 44), byte(moment, 36), byte(moment, 28), byte(moment, 20),
                byte(moment, 12),
                0x70 | byte(moment, 8) & 0x0F, byte(moment, 0),
                0x80 | byte(low, 56) & 0x3F, byte(low, 48), byte(low, 40), byte(low, 32),
                byte(low, 24), byte(low, 16), byte(low, 8), byte(low, 0)
            ))
    }
}

/// The moments of the UUIDs that this process makes, in 4,096ths of a millisecond since 1970.
private enum Version7Moment {
    // One for the process, or two databases of it would get rows out of order; nothing else depends on it.
    private static let last = Atomic<UInt64>(0)

    /// Now, or the next one after the last where that was now, too, or the clock was set back.
    static func next() -> UInt64 {
        let now = now()
        var known = last.load(ordering: .relaxed)
        while true {
            let moment = max(now, known &+ 1)
            let (isMine, current) = last.weakCompareExchange(expected: known, desired: moment, ordering: .relaxed)
            if isMine { return moment }
            known = current
        }
    }

    private static func now() -> UInt64 { UInt64(max(0, Date.now.timeIntervalSince1970 * 4_096_000)) }
}
