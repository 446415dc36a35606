import FoundationEssentials
public import MartletCache
public import MartletSigning

/// Keeps sessions in the database, and a copy in the cache that is read first.
///
/// What is in the database counts. A request that has written there replaces the copy only where that is still the one
/// it has read, and removes it otherwise; so a copy that has missed another's change does not stay. A cache that is down
/// costs a query, and nothing else.
///
/// Source: Django's `django.contrib.sessions.backends.cached_db`.
public struct CachedDatabaseSessionStore: SessionStore {
    private let database: DatabaseSessionStore
    private let lifetime: SessionLifetime
    private let cache: @Sendable () -> Cache

    /// Makes a store on the database of the task that uses it.
    ///
    /// - Parameters:
    ///   - keys: Sign the values in the database, as Django's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
    ///   - lifetime: How long sessions live.
    ///   - cache: The cache of the task that asks.
    /// - Throws: `SigningError` for an empty key.
    public init(
        keys: SigningKeys, lifetime: SessionLifetime = SessionLifetime(), cache: @escaping @Sendable () -> Cache
    ) throws {
        database = try DatabaseSessionStore(keys: keys, lifetime: lifetime)
        self.lifetime = lifetime
        self.cache = cache
    }

    /// The copy, or else the session in the database, which is copied.
    public func load(_ key: String) async throws -> StoredSession? {
        // A copy that cannot be read is as good as none: all of it is in the database.
        if let entry = try await cache().availableEntry(name(key)), let session = try? SessionPickle.session(entry) {
            if case .date(let end) = lifetime.expiry(of: session.values), end <= lifetime.now() { return nil }
            return session
        }
        guard let row = try await database.row(key) else { return nil }
        return try await copied(row)
    }

    /// A session of the database, after it was copied. Without a version where the copy is another's.
    private func copied(_ row: Session) async throws -> StoredSession {
        var session = database.session(row)
        session.version = []
        let entry = try SessionPickle.entry(session)
        let age = row.expireDate.timeIntervalSince(lifetime.now()).rounded(.down)
        guard try await cache().addAvailableEntry(name(row.id), entry, for: .seconds(Int(age))) else { return session }
        // Whoever has written meanwhile has not found the copy, and could not know that it comes.
        guard try await database.row(row.id)?.sessionData == row.sessionData else {
            try await cache().deleteAvailableEntry(name(row.id))
            return session
        }
        session.version = entry.bytes
        return session
    }

    /// Inserts a session, and copies it.
    public func create(_ key: String, _ session: StoredSession) async throws -> (key: String, StoredSession)? {
        guard var created = try await database.create(key, session)?.1 else { return nil }
        let entry = try SessionPickle.entry(created)
        let age = CacheLifetime.seconds(lifetime.age(of: created.values))
        created.version = try await cache().addAvailableEntry(name(key), entry, for: age) ? entry.bytes : []
        return (key, created)
    }

    /// Updates the row, and the copy where it is still the one that was read.
    public func update(
        _ key: String, _ session: StoredSession, with changes: SessionChanges
    ) async throws -> (key: String, StoredSession)? {
        guard let current = try await database.load(key),
            var updated = try await database.update(key, current, with: changes)?.1
        else {
            try await cache().deleteAvailableEntry(name(key))
            return nil
        }
        let entry = try SessionPickle.entry(updated)
        updated.version = []
        if !session.version.isEmpty {
            let known = CacheEntry(bytes: session.version, flags: .pickle)
            let age = CacheLifetime.seconds(lifetime.age(of: updated.values))
            let outcome = try await cache().replaceAvailableEntry(name(key), known, with: entry, for: age)
            if outcome == .stored {
                updated.version = entry.bytes
                return (key, updated)
            }
        }
        try await cache().deleteAvailableEntry(name(key))
        return (key, updated)
    }

    /// Deletes the row and the copy.
    public func delete(_ key: String) async throws {
        try await database.delete(key)
        try await cache().deleteAvailableEntry(name(key))
    }

    /// Deletes the rows whose end is past; copies go by themselves.
    public func clearExpired() async throws -> Int? { try await database.clearExpired() }

    private func name(_ key: String) -> CacheKey { CacheKey("django.contrib.sessions.cached_db\(key)") }
}
