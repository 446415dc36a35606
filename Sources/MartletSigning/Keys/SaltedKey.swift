import MartletCrypto
import MartletLogging

/// A secret key, mixed with a salt so that what is signed for one purpose is worthless for another.
///
/// Source: Django's `django.utils.crypto.salted_hmac`.
struct SaltedKey: Sendable {
    private let key: Secret<[UInt8]>

    init(_ secret: Secret<[UInt8]>, salt: String) throws {
        guard !secret.revealed.isEmpty else {
            throw SigningError(
                .emptyKey, "A key to sign with is empty. Set SECRET_KEY to 50 random characters or more.")
        }
        key = Secret(try Digest.sha256(of: Array(salt.utf8) + Array("signer".utf8) + secret.revealed))
    }

    func signature(of value: some Collection<UInt8>) throws -> String {
        Base64URL.encode(try HMAC.sha256(of: value, key: key.revealed))
    }
}
