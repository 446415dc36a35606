/// What stands before the payload of a frame.
///
/// Source: [RFC 6455 §5.2](https://www.rfc-editor.org/rfc/rfc6455#section-5.2).
package struct WebSocketFrameHeader: Sendable, Hashable {
    /// Whether the frame is the last one of its message.
    package let isFinal: Bool

    /// What the frame is.
    package let opcode: WebSocketOpcode

    /// How many bytes of payload follow.
    package let length: Int

    /// What the payload is masked with, first byte lowest.
    package let mask: UInt32

    /// Two bytes, the longest length, the mask.
    static let maximumSize = 14

    /// Reads the header of a frame that a client has sent.
    ///
    /// What is wrong is told with the first byte that shows it.
    ///
    /// - Parameters:
    ///   - bytes: The beginning of the frame; more may follow.
    ///   - limit: The largest payload to be taken, in bytes.
    /// - Returns: The header and its size; `nil` when not all of it is there.
    static func parse(
        _ bytes: UnsafeRawBufferPointer, limit: Int
    ) throws(WebSocketViolation) -> (header: WebSocketFrameHeader, size: Int)? {
        guard let first = bytes.first else { return nil }
        // No extension is ever agreed on, so the bits that are left to them are 0.
        guard first & 0x70 == 0 else { throw .protocolError("A reserved bit of a frame is set.") }
        guard let opcode = WebSocketOpcode(rawValue: first & 0x0F) else {
            throw .protocolError("A frame has the reserved opcode \(first & 0x0F).")
        }
        let isFinal = first & 0x80 != 0
        guard isFinal || !opcode.isControl else { throw .protocolError("A control frame is fragmented.") }
        guard bytes.count >= 2 else { return nil }
        // §5.1: what a client sends is masked, so that a page cannot choose the bytes that a proxy sees.
        guard bytes[1] & 0x80 != 0 else { throw .protocolError("A frame is not masked.") }
        let short = Int(bytes[1] & 0x7F)
        guard short <= 125 || !opcode.isControl else {
            throw .protocolError("A control frame has more than 125 bytes.")
        }
        let extra = short < 126 ? 0 : short == 126 ? 2 : 8
        guard bytes.count >= 2 + extra else { return nil }
        let length = extra == 0 ? short : try longLength(UnsafeRawBufferPointer(rebasing: bytes[2..<(2 + extra)]))
        guard length <= limit || opcode.isControl else {
            throw WebSocketViolation(.messageTooBig, "A frame has more than \(limit) bytes.")
        }
        let size = 2 + extra + 4
        guard bytes.count >= size else { return nil }
        let mask = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 + extra, as: UInt32.self))
        return (WebSocketFrameHeader(isFinal: isFinal, opcode: opcode, length: length, mask: mask), size)
    }

    /// §5.2: the shortest form that can hold a length is the only one, and the highest bit is 0.
    private static func longLength(_ bytes: UnsafeRawBufferPointer) throws(WebSocketViolation) -> Int {
        let value = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let least: UInt64 = bytes.count == 2 ? 126 : 65_536
        guard value >= least else { throw .protocolError("The length of a frame is not in its shortest form.") }
        guard let length = Int(exactly: value) else { throw .protocolError("The length of a frame overflows.") }
        return length
    }

    /// The header of a frame that the server sends: final, not masked.
    static func encode(_ opcode: WebSocketOpcode, length: Int) -> [UInt8] {
        let first = 0x80 | opcode.rawValue
        if length < 126 { return [first, UInt8(length)] }
        if length < 65_536 { return [first, 126, UInt8(length >> 8), UInt8(length & 0xFF)] }
        return [first, 127] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
    }
}
