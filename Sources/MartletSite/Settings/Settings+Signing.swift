import MartletLogging
public import MartletSigning

extension Settings {
    /// The keys that the site signs with: `SECRET_KEY`, `SECRET_KEY_FALLBACKS`, `SIGNED_COOKIE_LEGACY_SALT_FALLBACK`.
    ///
    /// In a process of a role that starts without `SECRET_KEY` they are keys that nobody knows, so that nothing which
    /// was signed elsewhere is believed.
    public var signingKeys: SigningKeys {
        guard hasSecretKey else { return SigningKeys(bytes: standInKey) }
        var keys = SigningKeys(secretKey, fallbacks: secretKeyFallbacks)
        keys.acceptsLegacyCookies = acceptsLegacyCookies
        return keys
    }

    /// Whether there is a key to sign with; without one, signing is an error that says so.
    package var hasSecretKey: Bool { !secretKey.revealed.isEmpty }

    /// A key for a process that has none, from the system's own source of randomness.
    static func makeStandInKey() -> Secret<[UInt8]> {
        var source = SystemRandomNumberGenerator()
        return Secret((0..<64).map { _ in UInt8.random(in: .min ... .max, using: &source) })
    }
}
