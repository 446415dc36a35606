import Synchronization

/// Makes identifiers of traces and spans without asking the system for randomness each time. They are no secrets.
final class TraceNumbers: Sendable {
    private let high = UInt64.random(in: 0...UInt64.max)
    private let start = UInt64.random(in: 0...UInt64.max)
    /// Counts the identifiers of the process, across all workers.
    private let count = Atomic<UInt64>(0)

    func traceID() -> String { Self.hexadecimal(Self.mixed(high ^ next())) + Self.hexadecimal(Self.mixed(next())) }

    func spanID() -> String { Self.hexadecimal(Self.mixed(next())) }

    private func next() -> UInt64 {
        start &+ count.wrappingAdd(1, ordering: .relaxed).newValue &* 0x9E37_79B9_7F4A_7C15
    }

    /// Spreads a number over all bits (SplitMix64); 0, which no identifier may be, becomes 1.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return mixed == 0 ? 1 : mixed
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for place in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: number >> UInt64(60 - place * 4)) & 15
                buffer[place] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
            }
            return 16
        }
    }
}
