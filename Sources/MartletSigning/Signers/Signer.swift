import MartletCrypto

/// Signs text, so that a client can carry it and not change it.
///
/// ```swift
/// let signer = try Signer(salt: "downloads")
/// let signed = try signer.sign("report.pdf")      // report.pdf:MFm…
/// let name = try signer.unsign(signed)
/// ```
///
/// What is signed can be read by everybody. Use a salt of its own for each purpose: a value that was signed with one is
/// refused with another. Values are Django's, to the byte.
///
/// Source: Django, [Cryptographic signing](https://docs.djangoproject.com/en/5.2/topics/signing/).
public struct Signer: Sendable {
    /// The key that signs comes first.
    private let keys: [SaltedKey]
    private let separator: String

    /// Makes a signer.
    ///
    /// - Parameters:
    ///   - salt: What the values are for; Django's default unless told.
    ///   - separator: What stands between value and signature.
    ///   - keys: The keys; those of the task's site unless told.
    /// - Throws: ``SigningError`` without keys, with an empty one, or when `separator` could be part of a signature;
    ///   `CryptoError`.
    public init(
        salt: String = "django.core.signing.Signer", separator: String = ":", keys: SigningKeys? = nil
    ) throws {
        guard !separator.utf8.allSatisfy(\.mayStandInSignature) else {
            throw SigningError(
                .unsafeSeparator,
                "The separator \(separator.debugDescription) could be part of a signature. "
                    + "Use one with a character that is not among A-Z a-z 0-9 - _ =, such as ':'.")
        }
        self.keys = try SigningKeys.given(keys).all.map { key in try SaltedKey(key, salt: salt) }
        self.separator = separator
    }

    /// The value with its signature: `value:signature`.
    ///
    /// - Throws: `CryptoError`.
    public func sign(_ value: String) throws -> String {
        "\(value)\(separator)\(try signature(of: value))"
    }

    /// The signature alone.
    ///
    /// - Throws: `CryptoError`.
    public func signature(of value: String) throws -> String {
        // There is always one: it is the first of `SigningKeys.all`.
        try keys[0].signature(of: value.utf8)
    }

    /// The value of a signed text.
    ///
    /// - Throws: ``BadSignature`` when none of the keys has signed it; `CryptoError`.
    public func unsign(_ signed: String) throws -> String {
        guard let (value, signature) = split(signed) else {
            throw BadSignature(.mismatch, "The value has no signature: there is no '\(separator)' in it.")
        }
        for key in keys where constantTimeEqual(try key.signature(of: value.utf8).utf8, signature.utf8) {
            return String(value)
        }
        throw BadSignature(.mismatch, "The signature does not match.")
    }

    /// What stands before and after the last separator.
    func split(_ text: String) -> (Substring, Substring)? {
        let (bytes, separator) = (text.utf8, separator.utf8)
        guard bytes.count >= separator.count else { return nil }
        var start = bytes.index(bytes.endIndex, offsetBy: -separator.count)
        while !bytes[start...].starts(with: separator) {
            if start == bytes.startIndex { return nil }
            start = bytes.index(before: start)
        }
        // UTF-8 has no character inside another, so both halves are whole text.
        return (text[..<start], text[bytes.index(start, offsetBy: separator.count)...])
    }

    /// Two values with the separator between them.
    func join(_ first: String, _ second: String) -> String { "\(first)\(separator)\(second)" }
}

extension UInt8 {
    /// Django's `[A-z0-9-_=]`; from `Z` to `a` there are five more than letters.
    fileprivate var mayStandInSignature: Bool {
        (0x41...0x7A).contains(self) || (0x30...0x39).contains(self) || self == 0x2D || self == 0x3D
    }
}
