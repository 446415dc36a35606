/// How far the clocks of a place are ahead of UTC, at any time: the content of one file of the time zone database.
///
/// Source: [RFC 9636](https://www.rfc-editor.org/rfc/rfc9636), the format TZif.
package struct ZoneRules: Sendable {
    /// When the offset changes, in seconds since 1970, in order.
    private let transitions: [Int]
    /// The offset from each transition on.
    private let offsets: [Int]
    /// The offset before the first transition.
    private let initial: Int
    /// The rule for the time after the last transition.
    private let footer: ZoneFooter?

    /// A place that never changes its clocks.
    ///
    /// - Parameter seconds: How far it is ahead of UTC.
    package init(fixed seconds: Int) {
        transitions = []
        offsets = []
        initial = seconds
        footer = nil
    }

    /// Reads a file's content.
    ///
    /// - Returns: `nil` where the bytes are no rules of version 2 or later.
    package init?(_ bytes: [UInt8]) {
        var reader = ZoneReader(bytes)
        // The first block has times of 32 bits, for programs that know no others; the second is the one that counts.
        guard let old = reader.header(), reader.skip(old.size(timeWidth: 4)), let header = reader.header(),
            let content = reader.content(header)
        else { return nil }
        transitions = content.transitions
        offsets = content.offsets
        initial = content.initial
        footer = ZoneFooter(reader.footer())
    }

    /// Seconds ahead of UTC.
    ///
    /// - Parameter instant: Seconds since 1970 in UTC.
    package func offset(at instant: Int) -> Int {
        guard let last = transitions.last else { return footer?.offset(at: instant) ?? initial }
        if instant >= last, let footer { return footer.offset(at: instant) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? initial : offsets[low - 1]
    }

    /// The instant at which clocks show a time. What they skip is read as if they had not yet been changed, what they
    /// show twice as the second: PostgreSQL's choice.
    ///
    /// - Parameter local: What clocks show, in seconds as if it were UTC.
    package func instant(ofLocal local: Int) -> Int {
        // No place has changed its clocks twice within two days.
        let before = offset(at: local - 86_400)
        let after = offset(at: local + 86_400)
        guard before != after else { return local - before }
        if offset(at: local - after) == after { return local - after }
        return local - before
    }
}

/// Reads the fields of a file in order.
private struct ZoneReader {
    struct Header {
        let indicators: Int
        let leaps: Int
        let transitions: Int
        let types: Int
        let names: Int

        func size(timeWidth: Int) -> Int {
            transitions * (timeWidth + 1) + types * 6 + names + leaps * (timeWidth + 4) + indicators
        }
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// `TZif`, the version, 15 bytes without meaning, six counts.
    mutating func header() -> Header? {
        guard bytes.count >= position + 44, bytes[position..<(position + 4)].elementsEqual("TZif".utf8),
            bytes[position + 4] >= 0x32
        else { return nil }
        position += 20
        // Above this a file is no file of a zone; the sums below cannot overflow.
        let counts = (0..<6).map { _ in number(width: 4) }
        guard counts.allSatisfy({ (0...100_000).contains($0) }), counts[4] > 0 else { return nil }
        return Header(
            indicators: counts[0] + counts[1], leaps: counts[2], transitions: counts[3], types: counts[4],
            names: counts[5])
    }

    mutating func skip(_ count: Int) -> Bool {
        position += count
        return position <= bytes.count
    }

    mutating func content(_ header: Header) -> (transitions: [Int], offsets: [Int], initial: Int)? {
        let size = header.size(timeWidth: 8)
        guard position + size <= bytes.count else { return nil }
        let end = position + size
        let transitions = (0..<header.transitions).map { _ in number(width: 8) }
        let types = (0..<header.transitions).map { _ in number(width: 1) & 0xFF }
        let offsets = (0..<header.types).map { _ in
            let offset = number(width: 4)
            position += 2
            return offset
        }
        position = end
        guard types.allSatisfy(offsets.indices.contains), zip(transitions, transitions.dropFirst()).allSatisfy(<)
        else { return nil }
        return (transitions, types.map { offsets[$0] }, offsets[0])
    }

    /// The line at the end: a rule as the environment variable `TZ` has it.
    func footer() -> ArraySlice<UInt8> {
        guard position < bytes.count, bytes[position] == 0x0A else { return [] }
        return bytes[(position + 1)...].prefix { $0 != 0x0A }
    }

    /// A signed number, the most significant byte first; the caller has checked that it is there.
    private mutating func number(width: Int) -> Int {
        var value = Int(Int8(bitPattern: bytes[position]))
        for byte in bytes[(position + 1)..<(position + width)] { value = value << 8 | Int(byte) }
        position += width
        return value
    }
}
