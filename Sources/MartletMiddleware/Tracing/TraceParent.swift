/// The field `traceparent`: which trace a request belongs to, and which span has made it.
///
/// Source: [W3C Trace Context §3.2](https://www.w3.org/TR/trace-context/#traceparent-header).
struct TraceParent: Equatable {
    let traceID: String
    let spanID: String
    let isSampled: Bool

    /// Reads a value.
    ///
    /// Of a version that is not known yet, the parts of version 00 count where they stand as they do there, and more may
    /// follow behind another `-`.
    ///
    /// - Returns: `nil` for what the Recommendation calls invalid; then a new trace begins.
    init?(_ value: String) {
        let bytes = Array(value.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            let version = Self.byte(bytes[0..<2]), version != 0xFF,
            bytes.count == 55 || version > 0 && bytes[55] == dash,
            Self.isIdentifier(bytes[3..<35]), Self.isIdentifier(bytes[36..<52]),
            let flags = Self.byte(bytes[53..<55])
        else { return nil }
        traceID = String(decoding: bytes[3..<35], as: UTF8.self)
        spanID = String(decoding: bytes[36..<52], as: UTF8.self)
        isSampled = flags & 1 == 1
    }

    /// Lower-case hexadecimal digits, not all of them zero.
    private static func isIdentifier(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { digit($0) != nil } && bytes.contains { $0 != UInt8(ascii: "0") }
    }

    private static func byte(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        guard let high = bytes.first.flatMap(digit), let low = bytes.last.flatMap(digit) else { return nil }
        return high << 4 | low
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
