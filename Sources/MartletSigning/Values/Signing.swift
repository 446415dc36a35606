public import FoundationEssentials
public import MartletJSON

/// Signed values in one call, with the keys of the task's site: Django's `django.core.signing`.
///
/// ```swift
/// let token = try Signing.dumps(Invitation(team: 7), salt: "invitation")
/// let invitation = try Signing.loads(Invitation.self, from: token, salt: "invitation", maxAge: .seconds(86_400))
/// ```
///
/// Make a ``TimestampSigner`` once for what is signed often.
public enum Signing {
    /// A value as JSON, safe for URLs, with time and signature.
    ///
    /// - Parameters:
    ///   - value: The value; a `JSONValue` for JSON of any shape. Everybody can read it.
    ///   - salt: What it is for; the value is refused with any other.
    ///   - compress: Whether to compress where that saves something.
    ///   - keys: The keys; those of the task's site unless told.
    ///   - now: The time to sign.
    /// - Throws: `JSONError` when the value cannot become JSON; ``SigningError`` without keys; `CryptoError`.
    public static func dumps(
        _ value: some Encodable, salt: String = "django.core.signing", compress: Bool = false,
        keys: SigningKeys? = nil, at now: Date = .now
    ) throws -> String {
        try TimestampSigner(salt: salt, keys: keys).dumps(value, compress: compress, at: now)
    }

    /// The value of ``dumps(_:salt:compress:keys:at:)`` or of Django's `signing.dumps`.
    ///
    /// - Parameters:
    ///   - type: The type; `JSONValue` for JSON of any shape.
    ///   - text: What was signed, with time and signature.
    ///   - salt: What it is for.
    ///   - maxAge: How old it may be; any age unless told.
    ///   - limits: How much is read, after it has been expanded.
    ///   - keys: The keys; those of the task's site unless told.
    ///   - now: The time that the age is counted to.
    /// - Throws: ``BadSignature`` when it was changed, is too old or is of another type; ``SigningError`` without keys;
    ///   `CryptoError`.
    public static func loads<T: Decodable>(
        _ type: T.Type, from text: String, salt: String = "django.core.signing", maxAge: Duration? = nil,
        limits: JSONLimits = .signed, keys: SigningKeys? = nil, at now: Date = .now
    ) throws -> T {
        try TimestampSigner(salt: salt, keys: keys).loads(type, from: text, maxAge: maxAge, limits: limits, at: now)
    }
}
