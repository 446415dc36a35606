/// The characters that random text is made of: ASCII, each once.
public struct RandomAlphabet: Sendable, Hashable {
    let characters: [UInt8]

    /// Makes an alphabet.
    ///
    /// - Throws: ``CryptoError/invalidAlphabet(reason:)`` when `characters` is empty, repeats a character (it would
    ///   come twice as often) or has one outside ASCII.
    public init(_ characters: String) throws(CryptoError) {
        guard !characters.isEmpty else { throw .invalidAlphabet(reason: "it is empty") }
        guard characters.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw .invalidAlphabet(reason: "it has a character outside ASCII")
        }
        guard Set(characters.utf8).count == characters.utf8.count else {
            throw .invalidAlphabet(reason: "it repeats a character")
        }
        self.characters = Array(characters.utf8)
    }

    /// For literals of this file, whose properties are seen at a glance.
    private init(unchecked characters: String) { self.characters = Array(characters.utf8) }

    /// `a-z A-Z 0-9`, as Django's `RANDOM_STRING_CHARS`: CSRF secrets, salts.
    public static let alphanumerics = RandomAlphabet(
        unchecked: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

    /// `a-z 0-9`, as Django's session keys.
    public static let lowercaseAlphanumerics = RandomAlphabet(unchecked: "abcdefghijklmnopqrstuvwxyz0123456789")
}
