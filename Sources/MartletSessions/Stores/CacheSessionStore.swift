public import MartletCache

/// Keeps sessions in the cache alone: fast, and gone when the cache is emptied or needs the room.
///
/// The value is the pickled `dict` that Django keeps under the same key. It is replaced by compare-and-swap, so requests
/// of one session do not lose each other's changes. While the cache is down, sessions are an error (503): a client must
/// not be taken for one that was never here.
///
/// Source: Django's `django.contrib.sessions.backends.cache`.
public struct CacheSessionStore: SwappingSessionStore {
    private let lifetime: SessionLifetime
    private let cache: @Sendable () -> Cache

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - lifetime: How long sessions live.
    ///   - cache: The cache of the task that asks.
    public init(lifetime: SessionLifetime = SessionLifetime(), cache: @escaping @Sendable () -> Cache) {
        self.lifetime = lifetime
        self.cache = cache
    }

    /// The session of a key.
    public func load(_ key: String) async throws -> StoredSession? {
        let entry = try await SessionError.telling { () async throws(CacheError) in try await cache().entry(name(key)) }
        guard let entry else { return nil }
        let session = try readable(entry)
        if case .date(let end) = lifetime.expiry(of: session.values), end <= lifetime.now() { return nil }
        return session
    }

    private func readable(_ entry: CacheEntry) throws -> StoredSession {
        do {
            return try SessionPickle.session(entry)
        } catch {
            // Taken for empty it would be overwritten, and what Django has put there would be lost.
            throw SessionError.unavailable(reason: "\(error)")
        }
    }

    /// Adds a session.
    public func create(_ key: String, _ session: StoredSession) async throws -> (key: String, StoredSession)? {
        let entry = try SessionPickle.entry(session)
        let age = lifetime.age(of: session.values)
        var session = session
        session.version = entry.bytes
        // No cache keeps what is over already.
        guard age > 0 else { return (key, session) }
        let isNew = try await SessionError.telling { () async throws(CacheError) in
            try await cache().addEntry(name(key), entry, for: .seconds(age))
        }
        return isNew ? (key, session) : nil
    }

    /// Replaces the entry where it is still as it was read.
    func swap(_ key: String, _ old: StoredSession, _ new: StoredSession) async throws -> SessionSwap {
        let known = CacheEntry(bytes: old.version, flags: .pickle)
        let entry = try SessionPickle.entry(new)
        let age = CacheLifetime.seconds(lifetime.age(of: new.values))
        let outcome = try await SessionError.telling { () async throws(CacheError) in
            try await cache().replaceEntry(name(key), known, with: entry, for: age)
        }
        switch outcome {
        case .stored: return .stored(version: entry.bytes)
        case .changed: return .changed
        case .missing: return .missing
        }
    }

    /// Removes the entry.
    public func delete(_ key: String) async throws {
        try await SessionError.telling { () async throws(CacheError) in try await cache().deleteEntry(name(key)) }
    }

    /// Replaces the entry where it is still as it was read, by one that is over at once: no cache has a conditional
    /// delete.
    public func delete(_ key: String, ifStill session: StoredSession) async throws -> Bool {
        let known = CacheEntry(bytes: session.version, flags: .pickle)
        let outcome = try await SessionError.telling { () async throws(CacheError) in
            try await cache().replaceEntry(name(key), known, with: known, for: .seconds(0))
        }
        return outcome == .stored
    }

    private func name(_ key: String) -> CacheKey { CacheKey("django.contrib.sessions.cache\(key)") }
}

extension SessionError {
    /// Does what needs the cache, and says so when it is not there.
    static func telling<Result>(_ work: () async throws(CacheError) -> Result) async throws(SessionError) -> Result {
        do {
            return try await work()
        } catch {
            throw .unavailable(reason: error.description)
        }
    }
}
