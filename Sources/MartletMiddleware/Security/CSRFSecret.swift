import MartletCrypto

/// The secret of a client and the tokens made of it, to the byte as Django has them, so that both can share a cookie.
///
/// A token is 64 characters: a random mask, and the secret shifted by the mask, character by character. It differs on
/// every page, so that compression cannot leak it (BREACH).
struct CSRFSecret: Sendable, Hashable {
    static let length = 32
    static let tokenLength = 2 * length
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)

    /// Why a text is neither secret nor token.
    enum Flaw: Error {
        case length
        case characters

        var description: String {
            switch self {
            case .length: "has the wrong length"
            case .characters: "has a character that no token has"
            }
        }
    }

    /// 32 letters and digits.
    let text: String

    /// Makes a new secret.
    static func random() throws(CryptoError) -> CSRFSecret {
        CSRFSecret(text: try Random.string(length: length, from: .alphanumerics))
    }

    /// Reads a secret, or a token and takes its mask off: the cookie of Django before 4.0, or a form field.
    init(reading text: String) throws(Flaw) {
        let count = text.utf8.count
        guard count == Self.length || count == Self.tokenLength else { throw .length }
        guard text.utf8.allSatisfy({ Self.value($0) != nil }) else { throw .characters }
        if count == Self.length {
            self.text = text
            return
        }
        let values = text.utf8.compactMap(Self.value)
        let secret = zip(values[Self.length...], values[..<Self.length]).map { cipher, mask in
            Self.alphabet[(cipher - mask + Self.alphabet.count) % Self.alphabet.count]
        }
        self.text = String(decoding: secret, as: UTF8.self)
    }

    private init(text: String) {
        self.text = text
    }

    /// A token under a new mask.
    func token() throws(CryptoError) -> String {
        token(mask: try CSRFSecret.random().text)
    }

    /// A token under a mask of 32 letters and digits.
    func token(mask: String) -> String {
        let cipher = zip(text.utf8, mask.utf8).map { secret, mask in
            Self.alphabet[((Self.value(secret) ?? 0) + (Self.value(mask) ?? 0)) % Self.alphabet.count]
        }
        return mask + String(decoding: cipher, as: UTF8.self)
    }

    /// Whether two secrets are the same, found out in the same time whatever they are.
    func matches(_ other: CSRFSecret) -> Bool {
        constantTimeEqual(Array(text.utf8), Array(other.text.utf8))
    }

    /// The place of a byte in the alphabet.
    private static func value(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x61...0x7A: Int(byte) - 0x61
        case 0x41...0x5A: Int(byte) - 0x41 + 26
        case 0x30...0x39: Int(byte) - 0x30 + 52
        default: nil
        }
    }
}
