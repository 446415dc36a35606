/// Frames as a client sends them, written without the code under test.
enum ClientFrame {
    static let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    /// A frame with each field as it is told, right or wrong.
    static func make(
        _ first: UInt8, _ payload: [UInt8], lengthSize: Int? = nil, isMasked: Bool = true
    ) -> [UInt8] {
        let size = lengthSize ?? (payload.count < 126 ? 0 : payload.count < 65_536 ? 2 : 8)
        let maskBit: UInt8 = isMasked ? 0x80 : 0
        var frame = [first, maskBit | (size == 0 ? UInt8(payload.count) : size == 2 ? 126 : 127)]
        for place in (0..<size).reversed() { frame.append(UInt8(truncatingIfNeeded: payload.count >> (8 * place))) }
        guard isMasked else { return frame + payload }
        return frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    static func text(_ text: String) -> [UInt8] { make(0x81, Array(text.utf8)) }

    static func close(_ code: UInt16, _ reason: String = "") -> [UInt8] {
        make(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason.utf8)
    }
}
