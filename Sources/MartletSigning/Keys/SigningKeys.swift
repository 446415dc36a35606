public import MartletLogging

/// The secret that signs, and those of earlier days that are still believed.
///
/// ```swift
/// let keys = SigningKeys("new secret", fallbacks: ["old secret"])
/// ```
///
/// A site binds its `SECRET_KEY` and `SECRET_KEY_FALLBACKS` to every task, so that views need not hand keys about.
public struct SigningKeys: Sendable, Hashable {
    let key: Secret<[UInt8]>
    let fallbacks: [Secret<[UInt8]>]

    /// Whether cookies are believed that were signed as Django did before 5.2.15, where the name `ab` with the salt `c`
    /// and the name `a` with the salt `bc` have one signature (CVE-2026-6873): Django's
    /// `SIGNED_COOKIE_LEGACY_SALT_FALLBACK`. Off unless told.
    public var acceptsLegacyCookies = false

    /// The keys of the current task's site; `nil` outside of one.
    @TaskLocal public static var current: SigningKeys?

    /// Makes keys of text.
    ///
    /// - Parameters:
    ///   - key: What signs: 50 random characters or more.
    ///   - fallbacks: Earlier keys, whose signatures are believed until they are taken out here.
    public init(_ key: String, fallbacks: [String] = []) {
        self.init(Secret(key), fallbacks: fallbacks.map { Secret($0) })
    }

    /// Makes keys of text that is kept out of logs; see ``init(_:fallbacks:)``.
    public init(_ key: Secret<String>, fallbacks: [Secret<String>] = []) {
        self.init(
            bytes: Secret(Array(key.revealed.utf8)), fallbacks: fallbacks.map { Secret(Array($0.revealed.utf8)) })
    }

    /// Makes keys of bytes; see ``init(_:fallbacks:)``.
    public init(bytes key: Secret<[UInt8]>, fallbacks: [Secret<[UInt8]>] = []) {
        self.key = key
        self.fallbacks = fallbacks
    }

    /// The key that signs and then the others.
    var all: [Secret<[UInt8]>] { [key] + fallbacks }

    /// The keys that cookies are signed with.
    ///
    /// Source: Django's `django.core.signing._cookie_signer_key`.
    package var forCookies: SigningKeys {
        func key(_ key: Secret<[UInt8]>) -> Secret<[UInt8]> { Secret(Array("django.http.cookies".utf8) + key.revealed) }
        var keys = SigningKeys(bytes: key(self.key), fallbacks: fallbacks.map(key))
        keys.acceptsLegacyCookies = acceptsLegacyCookies
        return keys
    }

    /// The keys that were given, or else those of the task.
    ///
    /// - Throws: ``SigningError/Code/noKeys``.
    package static func given(_ keys: SigningKeys?) throws(SigningError) -> SigningKeys {
        guard let keys = keys ?? current else {
            throw SigningError(
                .noKeys,
                "No keys are bound to this task. Sign inside a site, or give keys: SigningKeys(\"…\"); "
                    + "SigningKeys.$current.withValue(keys) { … } binds them.")
        }
        return keys
    }
}
