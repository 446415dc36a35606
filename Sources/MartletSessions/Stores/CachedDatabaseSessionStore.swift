import FoundationEssentials
public import MartletCache
public import MartletSigning

/// Keeps sessions in the database, and a copy in the cache that is read first.
///
/// What is in the database counts. A request that has written there replaces the copy only where that is still the one
/// it has read, and removes it otherwise; so a copy that has missed another's change does not stay. While the cache is
/// down, sessions are read from the database and new ones are made. What would leave an old copy behind, a change or a
/// logout, is an error (503): the copy would be believed again as soon as the cache is back.
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
        var session = try database.session(row)
        session.version = []
        let entry = try SessionPickle.entry(session)
        let age = row.expireDate.timeIntervalSince(lifetime.now()).rounded(.down)
        guard try await cache().addAvailableEntry(name(row.id), entry, for: .seconds(Int(age))) else { return session }
        // Whoever has written meanwhile has not found the copy, and could not know that it comes.
        guard try await database.row(row.id)?.sessionData == row.sessionData else {
            try await deleteCopy(row.id)
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
    ///
    /// - Throws: ``SessionError/unavailable(reason:)`` when an old copy may stay.
    public func update(
        _ key: String, _ session: StoredSession, with changes: SessionChanges
    ) async throws -> (key: String, StoredSession)? {
        // The cache may have been down when the session was read. If it still is, nothing is written: the copy that it
        // may have would outlive the change.
        if session.version.isEmpty { try await deleteCopy(key) }
        guard let current = try await database.load(key),
            var updated = try await database.update(key, current, with: changes)?.1
        else {
            try await deleteCopy(key)
            return nil
        }
        updated.version = try await replaceCopy(key, session.version, by: updated)
        return (key, updated)
    }

    /// Replaces the copy that is known, or removes the one that is there.
    ///
    /// - Returns: The bytes of the copy; none where there is no copy now.
    private func replaceCopy(_ key: String, _ known: [UInt8], by session: StoredSession) async throws -> [UInt8] {
        let entry = try SessionPickle.entry(session)
        // A copy that looks as before would be taken for the one that another has read before a change in between.
        if !known.isEmpty, known != entry.bytes {
            let known = CacheEntry(bytes: known, flags: .pickle)
            let age = CacheLifetime.seconds(lifetime.age(of: session.values))
            let outcome = try await cache().replaceAvailableEntry(name(key), known, with: entry, for: age)
            if outcome == .stored { return entry.bytes }
        }
        try await deleteCopy(key)
        return []
    }

    /// Deletes the row and the copy.
    ///
    /// The copy goes first: while the cache is down nothing is done, and the user can try again. It goes once more when
    /// the row has gone, for somebody may have copied that meanwhile.
    ///
    /// - Throws: ``SessionError/unavailable(reason:)`` when a copy may stay.
    public func delete(_ key: String) async throws {
        try await deleteCopy(key)
        try await database.delete(key)
        try await deleteCopy(key)
    }

    /// Deletes the row where its values are still those that were read, and the copy in any case: it may be what was
    /// read, and older than the row.
    ///
    /// - Throws: ``SessionError/unavailable(reason:)`` when a copy may stay.
    public func delete(_ key: String, ifStill session: StoredSession) async throws -> Bool {
        try await deleteCopy(key)
        guard let current = try await database.load(key), current.values == session.values,
            try await database.delete(key, ifStill: current)
        else { return false }
        try await deleteCopy(key)
        return true
    }

    private func deleteCopy(_ key: String) async throws {
        try await SessionError.telling { () async throws(CacheError) in try await cache().deleteEntry(name(key)) }
    }

    /// Deletes the rows whose end is past; copies go by themselves.
    public func clearExpired() async throws -> Int? { try await database.clearExpired() }

    private func name(_ key: String) -> CacheKey { CacheKey("django.contrib.sessions.cached_db\(key)") }
}
