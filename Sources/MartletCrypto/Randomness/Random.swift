internal import COpenSSL

/// Randomness that an attacker cannot guess, from libcrypto's generator.
///
/// ```swift
/// let sessionKey = try Random.string(length: 32, from: .lowercaseAlphanumerics)
/// ```
public enum Random {
    /// Random bytes.
    ///
    /// - Parameter count: How many.
    /// - Throws: ``CryptoError/libraryFailed(operation:reason:)`` when the system has no randomness to give: no
    ///   weaker source takes its place. ``CryptoError/invalidLength(_:)`` for a negative or absurd count.
    public static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
        guard count >= 0, let length = Int32(exactly: count) else { throw .invalidLength(count) }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            failed = count > 0 && RAND_bytes(buffer.baseAddress, length) != 1
            filled = failed ? 0 : count
        }
        if failed { throw .last("RAND_bytes") }
        return bytes
    }

    /// Random text, each character of the alphabet as likely as any other.
    ///
    /// - Parameters:
    ///   - length: How many characters. 22 of 62 hold 128 bits, the least a secret should have.
    ///   - alphabet: What to choose from.
    /// - Throws: As ``bytes(_:)``.
    ///
    /// Source: Django's `django.utils.crypto.get_random_string`.
    public static func string(
        length: Int, from alphabet: RandomAlphabet = .alphanumerics
    ) throws(CryptoError) -> String {
        guard length >= 0, length <= Int32.max else { throw .invalidLength(length) }
        let characters = alphabet.characters
        // The remainder of a byte favours the first characters unless 256 is a multiple of their number,
        // so bytes past the last multiple are thrown away.
        let limit = 256 - 256 % characters.count
        var text: [UInt8] = []
        text.reserveCapacity(length)
        while text.count < length {
            for byte in try bytes(length - text.count) where Int(byte) < limit {
                text.append(characters[Int(byte) % characters.count])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
