package import FoundationEssentials

/// UUIDs as 32 hexadecimal digits without hyphens: how Django stores them in SQLite.
package enum UUIDText {
    /// Writes the digits in lower case.
    package static func hexadecimal(_ uuid: UUID) -> String {
        withUnsafeBytes(of: uuid.uuid) { bytes in
            String(unsafeUninitializedCapacity: 32) { buffer in
                for (index, byte) in bytes.enumerated() {
                    buffer[index * 2] = digit(byte >> 4)
                    buffer[index * 2 + 1] = digit(byte & 0x0F)
                }
                return 32
            }
        }
    }

    /// Reads 32 digits; hyphens between them are passed over.
    package static func uuid(from text: UnsafeBufferPointer<UInt8>) -> UUID? {
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let count = withUnsafeMutableBytes(of: &bytes) { bytes -> Int? in
            var count = 0
            for character in text where character != 0x2D {
                guard count < 32, let value = value(character) else { return nil }
                bytes[count / 2] = bytes[count / 2] << 4 | value
                count += 1
            }
            return count
        }
        return count == 32 ? UUID(uuid: bytes) : nil
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
