/// Many keys in one call, which a server answers as fast as one.
extension Cache {
    /// The values of several keys; those without a value are left out.
    ///
    /// ```swift
    /// let counts = try await cache.getMany(posts.map { CacheKey("blog", "post", $0.id, "comments") }, as: Int.self)
    /// ```
    ///
    /// - Throws: ``CacheError/invalidKey(key:reason:)``.
    public func getMany<T: Decodable>(
        _ keys: [CacheKey], as type: T.Type = T.self
    ) async throws(CacheError) -> [CacheKey: T] {
        if keys.isEmpty { return [:] }
        let full = try fullKeys(keys)
        let entries = try await orElse([:], "get_many", full, hits: { $0.count }) { () async throws(CacheError) in
            try await backend.getMany(full)
        }
        var values: [CacheKey: T] = [:]
        for (key, name) in zip(keys, full) where values[key] == nil {
            values[key] = value(of: entries[name], name, as: type)
        }
        return values
    }

    /// Stores several values.
    ///
    /// - Returns: The keys whose values were not stored: all of them where the cache is down.
    /// - Throws: ``CacheError/invalidKey(key:reason:)``, ``CacheError/notEncodable(key:reason:)``; then none is stored.
    @discardableResult
    public func setMany(
        _ values: [CacheKey: some Encodable], for lifetime: CacheLifetime
    ) async throws(CacheError) -> [CacheKey] {
        if values.isEmpty { return [] }
        var entries: [String: CacheEntry] = [:]
        var names: [String: CacheKey] = [:]
        for (key, value) in values {
            let name = try full(key)
            entries[name] = try CacheCoding.entry(for: value, key: name)
            names[name] = key
            counters.wrote()
        }
        for name in entries.keys { flights.forget(name) }
        let all = Array(entries.keys)
        let failed = try await orElse(all, "set_many", all) { [entries] () async throws(CacheError) in
            try await backend.setMany(entries, for: lifetime)
        }
        return failed.compactMap { names[$0] }
    }

    /// Removes several values.
    ///
    /// - Throws: ``CacheError/invalidKey(key:reason:)``.
    public func deleteMany(_ keys: [CacheKey]) async throws(CacheError) {
        if keys.isEmpty { return }
        let full = try fullKeys(keys)
        for name in full { flights.forget(name) }
        try await orElse((), "delete_many", full) { () async throws(CacheError) in
            try await backend.deleteMany(full)
        }
    }

    /// Removes everything, also what other sites and other versions have in the same server.
    ///
    /// Source: Django, `cache.clear()`, which does the same.
    public func clear() async throws(CacheError) {
        flights.forgetAll()
        try await orElse((), "clear") { () async throws(CacheError) in try await backend.clear() }
    }

    private func fullKeys(_ keys: [CacheKey]) throws(CacheError) -> [String] {
        var full: [String] = []
        full.reserveCapacity(keys.count)
        for key in keys { full.append(try self.full(key)) }
        return full
    }
}
