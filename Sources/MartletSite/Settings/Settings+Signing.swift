import MartletLogging
public import MartletSigning

extension Settings {
    /// The keys that the site signs with: `SECRET_KEY`, `SECRET_KEY_FALLBACKS`, `SIGNED_COOKIE_LEGACY_SALT_FALLBACK`.
    public var signingKeys: SigningKeys {
        var keys = SigningKeys(secretKey, fallbacks: secretKeyFallbacks)
        keys.acceptsLegacyCookies = acceptsLegacyCookies
        return keys
    }
}
