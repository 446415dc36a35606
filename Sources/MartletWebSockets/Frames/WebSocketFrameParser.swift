/// Takes the bytes that a client sends apart into frames, wherever the bytes are cut.
///
/// A value without I/O. It keeps at most a header; payloads are unmasked where they stand and handed on in pieces.
///
/// Source: [RFC 6455 §5](https://www.rfc-editor.org/rfc/rfc6455#section-5).
package struct WebSocketFrameParser: Sendable {
    /// What comes next in the bytes.
    package enum Step: Sendable, Hashable {
        /// All bytes are used up.
        case needMore
        /// A piece of a frame's payload, unmasked, at these offsets. A frame without payload has one empty piece.
        case piece(WebSocketFrameHeader, Range<Int>, isFirst: Bool, isLast: Bool)
    }

    private let maximumFrameSize: Int

    /// The beginning of a header whose rest has not come.
    private var head: [UInt8] = []
    private var current: WebSocketFrameHeader?
    /// How much of the current payload has come.
    private var taken = 0

    /// Makes a parser.
    ///
    /// - Parameter maximumFrameSize: The largest payload of a data frame, in bytes.
    package init(maximumFrameSize: Int) {
        self.maximumFrameSize = maximumFrameSize
    }

    /// Reads on.
    ///
    /// - Parameters:
    ///   - bytes: What has come; payloads in it are unmasked.
    ///   - offset: Where to read on; moved behind what was used.
    /// - Throws: ``WebSocketViolation``, after which the connection is to be closed.
    package mutating func next(
        _ bytes: UnsafeMutableRawBufferPointer, from offset: inout Int
    ) throws(WebSocketViolation) -> Step {
        if current == nil { current = try header(UnsafeRawBufferPointer(bytes), from: &offset) }
        guard let header = current else { return .needMore }
        let isFirst = taken == 0
        let count = min(header.length - taken, bytes.count - offset)
        guard count > 0 || header.length == 0 else { return .needMore }
        let piece = offset..<(offset + count)
        FrameMask.apply(header.mask, to: UnsafeMutableRawBufferPointer(rebasing: bytes[piece]), from: taken)
        offset += count
        taken += count
        let isLast = taken == header.length
        if isLast {
            current = nil
            taken = 0
        }
        return .piece(header, piece, isFirst: isFirst, isLast: isLast)
    }

    private mutating func header(
        _ bytes: UnsafeRawBufferPointer, from offset: inout Int
    ) throws(WebSocketViolation) -> WebSocketFrameHeader? {
        if head.isEmpty {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            if let (header, size) = try WebSocketFrameHeader.parse(rest, limit: maximumFrameSize) {
                offset += size
                return header
            }
        }
        // The header is cut: it is put together byte by byte, so that nothing behind it is taken.
        while offset < bytes.count {
            head.append(bytes[offset])
            offset += 1
            let parsed = try head.span.withUnsafeBytes { (head) throws(WebSocketViolation) in
                try WebSocketFrameHeader.parse(head, limit: maximumFrameSize)
            }
            if let parsed {
                head.removeAll(keepingCapacity: true)
                return parsed.header
            }
        }
        return nil
    }
}
