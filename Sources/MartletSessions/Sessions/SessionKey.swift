import MartletCrypto

/// What a cookie holds, and what a session is stored under.
///
/// A key that a client brings is only ever looked up. A new session always gets a new key, so nobody can choose the key
/// of another's session (session fixation).
///
/// Source: `SessionBase` of Django's `django.contrib.sessions.backends.base`.
enum SessionKey {
    static let length = 32

    /// 32 of `a-z0-9`: 165 bits.
    static func random() throws(CryptoError) -> String {
        try Random.string(length: length, from: .lowercaseAlphanumerics)
    }

    /// Whether a text can be a key: 8 to 40 of `a-z0-9`. Whatever else a client sends reaches no store: it could leave
    /// a folder, or hold what a database cannot take.
    static func isValid(_ text: String) -> Bool {
        (8...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    }
}
