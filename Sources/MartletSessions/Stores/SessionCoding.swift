import FoundationEssentials
import MartletJSON
import MartletLogging
import MartletSigning

/// The signed text in which Django keeps sessions in databases, files and cookies: `signing.dumps` of the values.
///
/// Source: `SessionBase.encode` and `decode` of Django's `django.contrib.sessions.backends.base`.
struct SessionCoding: Sendable {
    /// The salt of the stores that keep text; cookies have one of their own.
    static let storeSalt = "django.contrib.sessions.SessionStore"
    static let cookieSalt = "django.contrib.sessions.backends.signed_cookies"

    private static let log = Logger("martlet.sessions")
    /// How deep a session may nest, itself included: as deep as is ever read.
    static let depth = 512
    /// As much as the largest session that a store takes: what is too large is refused where it is written.
    private static let limits = JSONLimits(depth: depth, bytes: 16 << 20, duplicateNames: .lastWins)

    private let signer: TimestampSigner
    private let now: @Sendable () -> Date

    init(salt: String = storeSalt, keys: SigningKeys, lifetime: SessionLifetime) throws {
        signer = try TimestampSigner(salt: salt, keys: keys)
        now = lifetime.now
    }

    func text(_ values: JSONObject) throws -> String {
        try signer.dumps(JSONValue.object(values), compress: true, at: now())
    }

    /// The values of a text that this site or a Django with its key has made.
    ///
    /// - Parameter maxAge: How old the text may be; any age unless told.
    /// - Throws: `BadSignature` when nobody has signed it, or it is too old; ``SessionError/unavailable(reason:)`` when
    ///   it is signed and cannot be read. Taken for empty it would be overwritten, and what Django has put there lost.
    func values(_ text: String, maxAge: Duration? = nil) throws -> JSONObject {
        do {
            return try signed(text, maxAge)
        } catch let error as BadSignature where ![.mismatch, .expired].contains(error.reason) {
            throw SessionError.unavailable(reason: error.description)
        }
    }

    private func signed(_ text: String, _ maxAge: Duration?) throws -> JSONObject {
        let value = try signer.loads(JSONValue.self, from: text, maxAge: maxAge, limits: Self.limits, at: now())
        guard case .object(let values) = value else {
            throw BadSignature(.malformed, "What was signed is \(value.kind), and a session is an object.")
        }
        return values
    }

    /// As ``values(_:maxAge:)``; a text that nobody has signed is an empty session and an event, as in Django: somebody
    /// has changed it, or the key is another one now.
    func valuesOrNone(_ text: String) throws -> JSONObject {
        do {
            return try values(text)
        } catch let error as BadSignature {
            Self.log.warning("session_data_corrupted", error: "\(error)")
            return JSONObject()
        }
    }
}
