/// The mask of a client's payload: each byte is combined with one of four bytes in turn.
///
/// Source: [RFC 6455 §5.3](https://www.rfc-editor.org/rfc/rfc6455#section-5.3).
enum FrameMask {
    /// Masks or unmasks bytes where they stand, eight at a time.
    ///
    /// - Parameters:
    ///   - mask: The four bytes, the first one lowest.
    ///   - position: Where in the payload the bytes begin.
    static func apply(_ mask: UInt32, to bytes: UnsafeMutableRawBufferPointer, from position: Int) {
        let shift = UInt32(position & 3) * 8
        let turned = shift == 0 ? mask : mask >> shift | mask << (32 - shift)
        let wide = UInt64(turned) | UInt64(turned) << 32
        let native = UInt64(littleEndian: wide)
        var offset = 0
        while offset + 8 <= bytes.count {
            let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            bytes.storeBytes(of: value ^ native, toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        while offset < bytes.count {
            bytes[offset] ^= UInt8(truncatingIfNeeded: wide >> UInt64((offset & 7) * 8))
            offset += 1
        }
    }
}
