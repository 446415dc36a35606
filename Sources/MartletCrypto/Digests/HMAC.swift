internal import COpenSSL

/// Message authentication codes: a digest that only the holder of a key can make.
///
/// Source: [RFC 2104](https://www.rfc-editor.org/rfc/rfc2104).
public enum HMAC {
    /// HMAC with SHA-256: 32 bytes.
    ///
    /// Compare the result with ``constantTimeEqual(_:_:)``, never with `==`.
    ///
    /// - Parameters:
    ///   - message: What is authenticated.
    ///   - key: The secret; any length, best 32 random bytes or more.
    /// - Throws: ``CryptoError/libraryFailed(operation:reason:)``, or ``CryptoError/invalidLength(_:)`` for a key
    ///   longer than 2 GiB.
    public static func sha256(
        of message: some Collection<UInt8>, key: some Collection<UInt8>
    ) throws(CryptoError) -> [UInt8] {
        try message.withContiguousBytes { message throws(CryptoError) in
            try key.withContiguousBytes { key throws(CryptoError) in try sha256(of: message, with: key) }
        }
    }

    private static func sha256(
        of message: UnsafeBufferPointer<UInt8>, with key: UnsafeBufferPointer<UInt8>
    ) throws(CryptoError) -> [UInt8] {
        guard let keyLength = Int32(exactly: key.count) else { throw .invalidLength(key.count) }
        // A null key tells libcrypto to go on with the key of an earlier call, so an empty one needs an address.
        var none: UInt8 = 0
        var failed = false
        let code = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            failed = withUnsafePointer(to: &none) { none in
                COpenSSL.HMAC(
                    EVP_sha256(), key.baseAddress ?? none, keyLength, message.baseAddress ?? none, message.count,
                    buffer.baseAddress, &length) == nil
            }
            count = failed ? 0 : Int(length)
        }
        if failed { throw .last("HMAC-SHA256") }
        return code
    }
}
