import Synchronization

/// The lines of a table that key paths lead to which were looked up before, by the addresses of the key paths.
///
/// Each address has one place, and the first that came there keeps it. A program has a bounded number of key paths in its
/// text; those that are made while it runs may fill places in vain, but no more than there are.
final class KnownKeyPaths: Sendable {
    /// An address and, below it, a line. One word, so that it is read without a lock and without counting references.
    private let places = InlineArray<128, Atomic<UInt64>> { _ in Atomic(0) }

    // Never read: as long as it lives, its address is not given to another.
    private struct Kept: @unchecked Sendable {
        let keyPath: AnyKeyPath
    }

    private let kept = Mutex<[Kept]>([])

    private static let bitsOfLine: UInt64 = 14

    /// The line that a key path leads to, when it is known.
    func line(of keyPath: AnyKeyPath) -> Int? {
        guard let key = Self.key(of: keyPath) else { return nil }
        // What the line stands for was there before the word, and does not change.
        let word = places[Self.place(of: key)].load(ordering: .relaxed)
        guard word >> Self.bitsOfLine == key else { return nil }
        return Int(word & (1 << Self.bitsOfLine - 1))
    }

    /// Remembers the line that a key path leads to, if there is room.
    func add(_ keyPath: AnyKeyPath, line: Int) {
        guard let key = Self.key(of: keyPath), line < 1 << Self.bitsOfLine else { return }
        let word = key << Self.bitsOfLine | UInt64(line)
        let place = Self.place(of: key)
        // It is kept before it can be found, and a word in vain costs less than one whose address is another's.
        guard places[place].load(ordering: .relaxed) == 0 else { return }
        kept.withLock { $0.append(Kept(keyPath: keyPath)) }
        _ = places[place].compareExchange(expected: 0, desired: word, ordering: .relaxed)
    }

    /// The address without the bits that are zero in each; `nil` where addresses are too long.
    private static func key(of keyPath: AnyKeyPath) -> UInt64? {
        let address = UInt64(UInt(bitPattern: ObjectIdentifier(keyPath)))
        return address >> 53 == 0 && address & 7 == 0 ? address >> 3 : nil
    }

    private static func place(of key: UInt64) -> Int {
        // The multiplier is 2^64 over the golden ratio, as in Fibonacci hashing; the upper seven bits are the best mixed.
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 57)
    }
}
