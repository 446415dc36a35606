/// Percent-encoding of bytes, and back.
///
/// Source: [RFC 3986 §2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1).
package enum PercentCoding {
    /// Encodes the bytes that `isKept` refuses as `%XX`.
    package static func encode(_ bytes: some Sequence<UInt8>, keeping isKept: (UInt8) -> Bool) -> String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.underestimatedCount)
        for byte in bytes {
            if isKept(byte) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(digit(byte >> 4))
                encoded.append(digit(byte & 15))
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    /// Decodes `%XX`, and `+` as a space where the text comes from a form; bytes that are no UTF-8 become U+FFFD.
    package static func decode(_ text: Substring.UTF8View, plusIsSpace: Bool = false) -> String {
        let mustDecode = text.contains { $0 == UInt8(ascii: "%") || (plusIsSpace && $0 == UInt8(ascii: "+")) }
        guard mustDecode else { return String(Substring(text)) }
        return String(decoding: decodeBytes(text, plusIsSpace: plusIsSpace), as: UTF8.self)
    }

    /// Decodes `%XX`, and `+` as a space where the bytes come from a form.
    ///
    /// A `%` that no two hexadecimal digits follow stays as it is, as in Django (and in browsers).
    package static func decodeBytes<Bytes: Collection<UInt8>>(_ bytes: Bytes, plusIsSpace: Bool = false) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            bytes.formIndex(after: &index)
            if byte == UInt8(ascii: "%"), let value = hexByte(bytes[index...].prefix(2)) {
                decoded.append(value)
                bytes.formIndex(&index, offsetBy: 2)
            } else {
                decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return decoded
    }

    private static func hexByte(_ digits: some Collection<UInt8>) -> UInt8? {
        guard digits.count == 2, let high = digits.first?.hexDigitValue,
            let low = digits.dropFirst().first?.hexDigitValue
        else { return nil }
        return high << 4 | low
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit; `nil` for another byte.
    package var hexDigitValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
