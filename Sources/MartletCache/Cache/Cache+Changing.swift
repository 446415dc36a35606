/// What changes a value that is there.
extension Cache {
    /// Gives a value a new lifetime from now on, without reading it.
    ///
    /// - Returns: Whether there was one; also `false` where the cache is down.
    /// - Throws: ``CacheError/invalidKey(key:reason:)``.
    @discardableResult
    public func touch(_ key: CacheKey, for lifetime: CacheLifetime) async throws(CacheError) -> Bool {
        let key = try full(key)
        return try await orElse(false, "touch", [key], hits: { $0 ? 1 : 0 }) { () async throws(CacheError) in
            try await backend.touch(key, for: lifetime)
        }
    }

    /// Counts a whole number down in one step that no other can come between; it stops at 0, as Memcached does.
    ///
    /// - Returns: The new number; `nil` where there is none, and where the cache is down.
    /// - Throws: ``CacheError/invalidKey(key:reason:)``, ``CacheError/notANumber(key:)``.
    @discardableResult
    public func decr(_ key: CacheKey, by amount: Int = 1) async throws(CacheError) -> Int? {
        // The lowest number has no negative; one less than that is far below zero all the same.
        try await incr(key, by: amount == .min ? .max : -amount)
    }

    /// Whether there is a value; `false` where the cache is down.
    ///
    /// - Throws: ``CacheError/invalidKey(key:reason:)``.
    public func contains(_ key: CacheKey) async throws(CacheError) -> Bool {
        let key = try full(key)
        return try await orElse(false, "get", [key], hits: { $0 ? 1 : 0 }) { () async throws(CacheError) in
            try await backend.get(key) != nil
        }
    }

    /// Moves a value to the next version, where code of that version finds it.
    ///
    /// - Parameters:
    ///   - delta: How many versions on; a negative number goes back.
    ///   - lifetime: How long it stays there at most.
    /// - Returns: Whether there was one; also `false` where the cache is down.
    /// - Throws: ``CacheError/invalidKey(key:reason:)``.
    ///
    /// Source: Django, `cache.incr_version()`.
    @discardableResult
    public func incrVersion(
        _ key: CacheKey, by delta: Int = 1, for lifetime: CacheLifetime
    ) async throws(CacheError) -> Bool {
        let old = try full(key)
        let new = try full(key, versionsOn: delta)
        flights.forget(old)
        flights.forget(new)
        return try await orElse(false, "incr_version", [old, new], hits: { $0 ? 1 : 0 }) {
            () async throws(CacheError) in
            guard let entry = try await backend.get(old) else { return false }
            guard old != new else { return true }
            try await backend.set(new, entry, for: lifetime)
            _ = try await backend.delete(old)
            return true
        }
    }

    /// Moves a value to the version before.
    @discardableResult
    public func decrVersion(
        _ key: CacheKey, by delta: Int = 1, for lifetime: CacheLifetime
    ) async throws(CacheError) -> Bool {
        try await incrVersion(key, by: delta == .min ? .max : -delta, for: lifetime)
    }
}
