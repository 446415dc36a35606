import MartletJSON
public import MartletSigning

/// Keeps sessions in the cookie itself, signed: nothing is stored here.
///
/// The client can read all of it, and can bring back an older state until that has aged. Two requests at the same time
/// each send their own state, and the last answer counts: nothing here knows both. A logout makes the browser forget the
/// cookie; whoever has copied it still has the session.
///
/// Source: Django's `django.contrib.sessions.backends.signed_cookies`.
public struct SignedCookieSessionStore: SessionStore {
    /// The most that browsers keep of a cookie's value with its name, in bytes.
    static let limit = 4_096

    private let coding: SessionCoding
    private let lifetime: SessionLifetime
    private let cookieName: String

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - keys: Sign the values, as Django's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
    ///   - lifetime: How long sessions live.
    ///   - cookieName: The name of the cookie, which takes its part of the room.
    /// - Throws: `SigningError` for an empty key.
    public init(
        keys: SigningKeys, lifetime: SessionLifetime = SessionLifetime(), cookieName: String = "sessionid"
    ) throws {
        coding = try SessionCoding(salt: SessionCoding.cookieSalt, keys: keys, lifetime: lifetime)
        self.lifetime = lifetime
        self.cookieName = cookieName
    }

    /// Whatever fits into a cookie; the signature tells the rest.
    public func accepts(_ key: String) -> Bool { key.utf8.count <= Self.limit }

    /// The session that the text holds; `nil` where the text was changed, or is too old.
    ///
    /// - Throws: ``SessionError/unavailable(reason:)`` for what is signed and cannot be read.
    public func load(_ key: String) async throws -> StoredSession? {
        guard let values = try believed(key) else { return nil }
        let age: Duration
        switch lifetime.expiry(of: values) {
        case .seconds(let seconds): age = .seconds(seconds)
        case .date(let date): guard date > lifetime.now() else { return nil }; age = lifetime.age
        case .atBrowserClose, .standard: age = lifetime.age
        }
        return try believed(key, maxAge: age).map { StoredSession(values: $0) }
    }

    private func believed(_ text: String, maxAge: Duration? = nil) throws -> JSONObject? {
        do {
            return try coding.values(text, maxAge: maxAge)
        } catch is BadSignature {
            return nil
        }
    }

    /// Writes the session; its key is the text.
    ///
    /// - Throws: ``SessionError/tooLarge(bytes:limit:)``.
    public func create(_ key: String, _ session: StoredSession) async throws -> (key: String, StoredSession)? {
        let text = try coding.text(session.values)
        // With the '=' between them.
        let bytes = cookieName.utf8.count + 1 + text.utf8.count
        guard bytes <= Self.limit else { throw SessionError.tooLarge(bytes: bytes, limit: Self.limit) }
        return (text, session)
    }

    /// Writes the session anew, under a new key.
    ///
    /// - Throws: ``SessionError/tooLarge(bytes:limit:)``.
    public func update(
        _ key: String, _ session: StoredSession, with changes: SessionChanges
    ) async throws -> (key: String, StoredSession)? {
        try await create(key, try session.changed(by: changes))
    }

    /// There is nothing to remove.
    public func delete(_ key: String) async throws {}
}
