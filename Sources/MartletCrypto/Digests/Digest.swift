internal import COpenSSL

/// Digests of bytes, as libcrypto makes them.
///
/// ```swift
/// let name = try Digest.md5(of: "blog_post".utf8).hexadecimal
/// ```
///
/// Passwords and signatures are not made with these: a password needs a slow hash, a signature ``HMAC``.
public enum Digest {
    /// The MD5 digest: 16 bytes.
    ///
    /// Good for names that must equal Django's; broken for anything an attacker may choose.
    ///
    /// - Throws: ``CryptoError/libraryFailed(operation:reason:)``, such as where OpenSSL forbids MD5 (FIPS mode).
    ///
    /// Source: [RFC 1321](https://www.rfc-editor.org/rfc/rfc1321).
    public static func md5(of bytes: some Collection<UInt8>) throws(CryptoError) -> [UInt8] {
        try digest(of: bytes, with: EVP_md5(), name: "MD5")
    }

    /// The SHA-1 digest: 20 bytes.
    ///
    /// Good for old formats (`pbkdf2_sha1`, `Sec-WebSocket-Accept`); broken for anything an attacker may choose.
    ///
    /// - Throws: ``CryptoError/libraryFailed(operation:reason:)``.
    ///
    /// Source: [RFC 3174](https://www.rfc-editor.org/rfc/rfc3174).
    public static func sha1(of bytes: some Collection<UInt8>) throws(CryptoError) -> [UInt8] {
        try digest(of: bytes, with: EVP_sha1(), name: "SHA-1")
    }

    /// The SHA-256 digest: 32 bytes.
    ///
    /// - Throws: ``CryptoError/libraryFailed(operation:reason:)``.
    ///
    /// Source: [RFC 6234](https://www.rfc-editor.org/rfc/rfc6234).
    public static func sha256(of bytes: some Collection<UInt8>) throws(CryptoError) -> [UInt8] {
        try digest(of: bytes, with: EVP_sha256(), name: "SHA-256")
    }

    /// The SHA-224 digest: 28 bytes.
    ///
    /// - Throws: ``CryptoError/libraryFailed(operation:reason:)``.
    ///
    /// Source: [RFC 6234](https://www.rfc-editor.org/rfc/rfc6234).
    public static func sha224(of bytes: some Collection<UInt8>) throws(CryptoError) -> [UInt8] {
        try digest(of: bytes, with: EVP_sha224(), name: "SHA-224")
    }

    /// The SHA-384 digest: 48 bytes.
    ///
    /// - Throws: ``CryptoError/libraryFailed(operation:reason:)``.
    ///
    /// Source: [RFC 6234](https://www.rfc-editor.org/rfc/rfc6234).
    public static func sha384(of bytes: some Collection<UInt8>) throws(CryptoError) -> [UInt8] {
        try digest(of: bytes, with: EVP_sha384(), name: "SHA-384")
    }

    /// The SHA-512 digest: 64 bytes.
    ///
    /// - Throws: ``CryptoError/libraryFailed(operation:reason:)``.
    ///
    /// Source: [RFC 6234](https://www.rfc-editor.org/rfc/rfc6234).
    public static func sha512(of bytes: some Collection<UInt8>) throws(CryptoError) -> [UInt8] {
        try digest(of: bytes, with: EVP_sha512(), name: "SHA-512")
    }

    private static func digest(
        of bytes: some Collection<UInt8>, with algorithm: OpaquePointer?, name: String
    ) throws(CryptoError) -> [UInt8] {
        try bytes.withContiguousBytes { bytes throws(CryptoError) in
            var failed = false
            let digest = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
                var length: UInt32 = 0
                failed = EVP_Digest(bytes.baseAddress, bytes.count, buffer.baseAddress, &length, algorithm, nil) != 1
                count = failed ? 0 : Int(length)
            }
            if failed { throw CryptoError.last(name) }
            return digest
        }
    }
}
