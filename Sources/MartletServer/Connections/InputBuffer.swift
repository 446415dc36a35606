/// Bytes that have been read from a connection and not yet used: part of a head, of a body, or pipelined requests.
///
/// Mostly empty: what is read is used in place, and only what is left over is copied here.
struct InputBuffer {
    private var bytes: [UInt8] = []
    private var start = 0

    /// A buffer that has grown beyond this is given back when it becomes empty.
    private static let keptCapacity = 8_192

    var isEmpty: Bool { start == bytes.count }

    var count: Int { bytes.count - start }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        guard !more.isEmpty else { return }
        if start > 0, start >= bytes.count / 2 {
            bytes.removeSubrange(..<start)
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// Hands out the bytes, to be looked at and not kept.
    func withBytes<Result, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let span = bytes.span
        return try span.withUnsafeBytes { (all) throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: all[start...]))
        }
    }

    /// Drops bytes from the front.
    mutating func consume(_ count: Int) {
        start += count
        guard start == bytes.count else { return }
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
        start = 0
    }
}
