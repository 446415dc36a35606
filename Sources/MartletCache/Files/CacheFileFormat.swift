internal import FoundationEssentials

/// What stands in a file: a mark, the end in microseconds since 1970, flags, the key with its length, and the bytes. Numbers
/// have their lowest byte first.
enum CacheFileFormat {
    private static let mark = Array("MCF1".utf8)
    private static let forever = UInt64.max

    static func bytes(of key: String, _ entry: CacheEntry, _ end: Date?) -> [UInt8] {
        let end = end.map { UInt64(max($0.timeIntervalSince1970, 0) * 1_000_000) } ?? forever
        var bytes = mark
        bytes.reserveCapacity(entry.bytes.count + key.utf8.count + 20)
        append(end, to: &bytes)
        append(entry.flags.rawValue, to: &bytes)
        append(UInt16(truncatingIfNeeded: key.utf8.count), to: &bytes)
        bytes += key.utf8
        bytes += entry.bytes
        return bytes
    }

    /// - Returns: `nil` for what no cache has written.
    static func read(_ bytes: [UInt8]) -> (key: String, CacheEntry, end: Date?)? {
        var rest = bytes[...]
        guard rest.starts(with: mark) else { return nil }
        rest = rest.dropFirst(mark.count)
        guard let end = number(UInt64.self, from: &rest), let flags = number(UInt32.self, from: &rest),
            let length = number(UInt16.self, from: &rest), rest.count >= Int(length),
            let key = String(validating: rest.prefix(Int(length)), as: UTF8.self)
        else { return nil }
        let entry = CacheEntry(bytes: Array(rest.dropFirst(Int(length))), flags: CacheFlags(rawValue: flags))
        return (key, entry, end == forever ? nil : Date(timeIntervalSince1970: Double(end) / 1_000_000))
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }

    private static func number<N: FixedWidthInteger & UnsignedInteger>(
        _ type: N.Type, from bytes: inout ArraySlice<UInt8>
    ) -> N? {
        let size = MemoryLayout<N>.size
        guard bytes.count >= size else { return nil }
        defer { bytes = bytes.dropFirst(size) }
        return bytes.prefix(size).reversed().reduce(0) { $0 << 8 | N($1) }
    }
}
