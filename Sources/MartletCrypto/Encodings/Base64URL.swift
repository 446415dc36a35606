/// Base64 with `-` and `_` and without padding, as Django signs.
///
/// Source: [RFC 4648 §5](https://www.rfc-editor.org/rfc/rfc4648#section-5), Django's `django.core.signing.b64_encode`.
public enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The text for some bytes.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(buffer >> bits & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << (6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that a text stands for.
    ///
    /// Stricter than Python, so that a signature has one spelling only: padding, white space, the letters `+` and
    /// `/`, and bits left over that are not zero are refused.
    ///
    /// - Throws: ``CryptoError/malformed(encoding:reason:)``.
    public static func decode(_ text: some StringProtocol) throws(CryptoError) -> [UInt8] {
        let digits = text.utf8
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for digit in digits {
            guard let value = value(of: digit) else { throw malformed("a character is not one of A-Z a-z 0-9 - _") }
            buffer = buffer << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
        }
        guard bits < 6 else { throw malformed("its length is not possible") }
        guard buffer & (1 << bits - 1) == 0 else { throw malformed("the last character has bits that mean nothing") }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case 0x41...0x5A: UInt32(digit) - 0x41
        case 0x61...0x7A: UInt32(digit) - 0x61 + 26
        case 0x30...0x39: UInt32(digit) - 0x30 + 52
        case 0x2D: 62
        case 0x5F: 63
        default: nil
        }
    }

    private static func malformed(_ reason: String) -> CryptoError {
        .malformed(encoding: "base64url without padding", reason: reason)
    }
}
