package import FoundationEssentials

/// Signs the value of a cookie for its name, so that one cookie's value is no other's.
///
/// Source: Django's `HttpResponse.set_signed_cookie`, and `django.core.signing._unsign_cookie` for the two salts.
package struct CookieSigner: Sendable {
    private let signer: TimestampSigner
    private let legacySigner: TimestampSigner?

    /// - Parameters:
    ///   - name: The cookie's name.
    ///   - salt: What else sets it apart.
    ///   - keys: The keys; those of the task's site unless told.
    package init(_ name: String, salt: String, keys: SigningKeys? = nil) throws {
        let keys = try SigningKeys.given(keys).forCookies
        // The length in characters as Python counts them, so that no two pairs of name and salt are one text.
        let length = salt.unicodeScalars.count
        signer = try TimestampSigner(salt: "django.http.cookies.v2:\(length):\(salt)\(name)", keys: keys)
        legacySigner = keys.acceptsLegacyCookies ? try TimestampSigner(salt: name + salt, keys: keys) : nil
    }

    package func sign(_ value: String, at now: Date = .now) throws -> String { try signer.sign(value, at: now) }

    /// - Throws: ``BadSignature``.
    package func unsign(_ signed: String, maxAge: Duration?, at now: Date = .now) throws -> String {
        do {
            return try signer.unsign(signed, maxAge: maxAge, at: now)
        } catch let error as BadSignature where error.reason != .expired {
            guard let legacySigner else { throw error }
            return try legacySigner.unsign(signed, maxAge: maxAge, at: now)
        }
    }
}
