import MartletIO

/// Bytes that are to be written to a connection.
struct OutputBuffer {
    /// The bytes; those before `start` have been written.
    var bytes: [UInt8] = []
    private var start = 0

    private static let keptCapacity = 8_192

    var isEmpty: Bool { start == bytes.count }

    /// Takes memory that others have used, where it has none.
    mutating func borrow(from memory: inout SharedMemory) {
        if bytes.capacity == 0 { bytes = memory.takeOutput() }
    }

    /// Gives its memory to others, when nothing is in it.
    mutating func lend(to memory: inout SharedMemory) {
        guard isEmpty else { return }
        var given: [UInt8] = []
        swap(&given, &bytes)
        memory.give(output: given)
    }

    var count: Int { bytes.count - start }

    /// Hands the bytes to `write` and drops those that it has taken.
    mutating func write(by write: (UnsafeRawBufferPointer) -> Socket.Transfer) -> Socket.Transfer {
        let transfer = bytes.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        if case .bytes(let count) = transfer { consume(count) }
        return transfer
    }

    /// Writes what the socket takes now and keeps back what does not fill a segment: more follows at once.
    mutating func writeBeforeMore(to descriptor: Int32) -> Socket.Transfer {
        write { Socket.writeBeforeMore(descriptor, $0) }
    }

    /// Writes what the socket takes now.
    mutating func write(to descriptor: Int32) -> Socket.Transfer {
        write { Socket.write(descriptor, $0) }
    }

    /// Copies bytes of `more`, from `offset`, behind these, until there are `size`.
    mutating func fill(to size: Int, from more: [UInt8], at offset: inout Int) {
        let end = min(more.count, offset + max(0, size - count))
        bytes += more[offset..<end]
        offset = end
    }

    /// Writes what the socket takes now of these bytes and of `more`, from `offset`, in one call.
    ///
    /// - Returns: How far `more` has been written.
    mutating func write(to descriptor: Int32, _ more: [UInt8], from offset: inout Int) -> Socket.Transfer {
        let transfer = bytes.withUnsafeBytes { own in
            more.withUnsafeBytes { more in
                Socket.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: own[start...]),
                    UnsafeRawBufferPointer(rebasing: more[offset...]))
            }
        }
        if case .bytes(let written) = transfer {
            let ownWritten = min(written, count)
            consume(ownWritten)
            offset += written - ownWritten
        }
        return transfer
    }

    private mutating func consume(_ count: Int) {
        start += count
        guard start == bytes.count else { return }
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
        start = 0
    }
}
