/// Integers in base 62 (`0-9 A-Z a-z`), as in the time stamps that Django signs.
///
/// Source: Django's `django.core.signing.b62_encode`.
public enum Base62 {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// The digits of a number, most significant first; a negative one begins with `-`.
    public static func encode(_ number: Int) -> String {
        var rest = number.magnitude
        var digits: [UInt8] = []
        repeat {
            digits.append(alphabet[Int(rest % 62)])
            rest /= 62
        } while rest > 0
        if number < 0 { digits.append(0x2D) }
        return String(decoding: digits.reversed(), as: UTF8.self)
    }

    /// The number that digits stand for.
    ///
    /// - Throws: ``CryptoError/malformed(encoding:reason:)`` for no digits, another character, or a number that `Int`
    ///   cannot hold.
    public static func decode(_ text: some StringProtocol) throws(CryptoError) -> Int {
        var digits = Substring(text).utf8
        let isNegative = digits.first == 0x2D
        if isNegative { digits = digits.dropFirst() }
        guard !digits.isEmpty else { throw malformed("it has no digits") }
        var number = 0
        for digit in digits {
            guard let value = value(of: digit) else { throw malformed("a character is not one of 0-9 A-Z a-z") }
            let (product, tooBig) = number.multipliedReportingOverflow(by: 62)
            let (sum, tooBigNow) = product.addingReportingOverflow(isNegative ? -value : value)
            guard !tooBig, !tooBigNow else { throw malformed("the number is too big") }
            number = sum
        }
        return number
    }

    private static func value(of digit: UInt8) -> Int? {
        switch digit {
        case 0x30...0x39: Int(digit) - 0x30
        case 0x41...0x5A: Int(digit) - 0x41 + 10
        case 0x61...0x7A: Int(digit) - 0x61 + 36
        default: nil
        }
    }

    private static func malformed(_ reason: String) -> CryptoError { .malformed(encoding: "base 62", reason: reason) }
}
