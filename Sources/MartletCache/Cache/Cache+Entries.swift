/// Entries as they are stored, for what has a format of its own, such as sessions. Unlike values, an entry that cannot be
/// had because the cache is down is an error: a session must not be taken for one that does not exist.
extension Cache {
    /// The entry of a key; `nil` where there is none.
    ///
    /// - Throws: ``CacheError``.
    package nonisolated(nonsending) func entry(_ key: CacheKey) async throws(CacheError) -> CacheEntry? {
        try await entry(at: full(key))
    }

    private nonisolated(nonsending) func entry(at key: String) async throws(CacheError) -> CacheEntry? {
        // As a page of the cache asks twice: a closure in between costs as much as an answer from memory.
        guard observer != nil else { return try await backend.get(key) }
        return try await telling("get", [key], hits: Self.found) { () async throws(CacheError) in
            try await backend.get(key)
        }
    }

    /// Stores an entry where there is none.
    ///
    /// - Returns: Whether it was stored.
    /// - Throws: ``CacheError``.
    package func addEntry(
        _ key: CacheKey, _ entry: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> Bool {
        let key = try full(key)
        return try await telling("add", [key]) { () async throws(CacheError) in
            try await backend.add(key, entry, for: lifetime)
        }
    }

    /// Stores an entry in the place of one that is still the one known.
    ///
    /// - Throws: ``CacheError``.
    package func replaceEntry(
        _ key: CacheKey, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> CacheReplacement {
        let key = try full(key)
        return try await telling("cas", [key]) { () async throws(CacheError) in
            try await backend.replace(key, old, with: new, for: lifetime)
        }
    }

    /// Removes an entry.
    ///
    /// - Throws: ``CacheError``.
    package func deleteEntry(_ key: CacheKey) async throws(CacheError) {
        let key = try full(key)
        _ = try await telling("delete", [key]) { () async throws(CacheError) in try await backend.delete(key) }
    }
}

/// The same for what is only a copy: a cache that is down is a miss and an event, as it is for values.
extension Cache {
    /// The entry of a key; `nil` where there is none, and where the cache is down.
    package nonisolated(nonsending) func availableEntry(_ key: CacheKey) async throws(CacheError) -> CacheEntry? {
        try await availableEntry(storedKey(key))
    }

    /// The entry of a key of this cache; `nil` where there is none, and where the cache is down.
    package nonisolated(nonsending) func availableEntry(_ key: StoredKey) async throws(CacheError) -> CacheEntry? {
        do throws(CacheError) {
            return try await entry(at: key.text)
        } catch {
            try noteOutage("get", error)
            return nil
        }
    }

    /// Stores an entry where there is none.
    ///
    /// - Returns: Whether it was stored; also `false` where the cache is down.
    package func addAvailableEntry(
        _ key: CacheKey, _ entry: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> Bool {
        try await orMissing(false, "add") { () async throws(CacheError) in
            try await addEntry(key, entry, for: lifetime)
        }
    }

    /// Stores an entry in the place of one that is still the one known; nothing where the cache is down.
    package func replaceAvailableEntry(
        _ key: CacheKey, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> CacheReplacement {
        try await orMissing(.changed, "cas") { () async throws(CacheError) in
            try await replaceEntry(key, old, with: new, for: lifetime)
        }
    }

    /// Removes an entry.
    package func deleteAvailableEntry(_ key: CacheKey) async throws(CacheError) {
        try await orMissing((), "delete") { () async throws(CacheError) in try await deleteEntry(key) }
    }

    /// Stores several entries, each in the place of another.
    package func storeAvailableEntries(
        _ entries: [(key: StoredKey, entry: CacheEntry)], for lifetime: CacheLifetime
    ) async throws(CacheError) {
        for (key, entry) in entries { try await store(key.text, entry, for: lifetime) }
    }

    /// Counts a page that was asked for.
    package func countPage(wasKept: Bool) {
        if wasKept { counters.hit() } else { counters.missed() }
    }
}
