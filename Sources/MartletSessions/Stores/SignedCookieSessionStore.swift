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

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - keys: Sign the values, as Django's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
    ///   - lifetime: How long sessions live.
    /// - Throws: `SigningError` for an empty key.
    public init(keys: SigningKeys, lifetime: SessionLifetime = SessionLifetime()) throws {
        coding = try SessionCoding(salt: SessionCoding.cookieSalt, keys: keys, lifetime: lifetime)
        self.lifetime = lifetime
    }

    /// Whatever fits into a cookie; the signature tells the rest.
    public func accepts(_ key: String) -> Bool { key.utf8.count <= Self.limit }

    /// The session that the text holds; `nil` where the text was changed, or is too old.
    public func load(_ key: String) async throws -> StoredSession? {
        guard let values = try? coding.values(key) else { return nil }
        let age: Duration
        switch lifetime.expiry(of: values) {
        case .seconds(let seconds): age = .seconds(seconds)
        case .date(let date): guard date > lifetime.now() else { return nil }; age = lifetime.age
        case .atBrowserClose, .standard: age = lifetime.age
        }
        return (try? coding.values(key, maxAge: age)).map { StoredSession(values: $0) }
    }

    /// Writes the session; its key is the text.
    ///
    /// - Throws: ``SessionError/tooLarge(bytes:limit:)``.
    public func create(_ key: String, _ session: StoredSession) async throws -> (key: String, StoredSession)? {
        let text = try coding.text(session.values)
        guard text.utf8.count <= Self.limit else {
            throw SessionError.tooLarge(bytes: text.utf8.count, limit: Self.limit)
        }
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
