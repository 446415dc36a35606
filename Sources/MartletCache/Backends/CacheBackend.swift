/// Where a cache keeps its entries.
///
/// Keys come checked and complete. A back end never keeps its caller's thread: what blocks runs elsewhere. Every method
/// throws ``CacheError/unavailable(reason:)`` when there is no answer in time; ``Cache`` makes a miss of it.
public protocol CacheBackend: Sendable {
    /// The entry of a key; `nil` where there is none.
    nonisolated(nonsending) func get(_ key: String) async throws(CacheError) -> CacheEntry?

    /// Stores an entry, in the place of another.
    ///
    /// - Throws: Also ``CacheError/tooLarge(key:bytes:)``.
    func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError)

    /// Stores an entry where there is none.
    ///
    /// - Returns: Whether it was stored.
    /// - Throws: Also ``CacheError/tooLarge(key:bytes:)``.
    func add(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) -> Bool

    /// Stores an entry in the place of one that is still the one known, in one step that no other can come between.
    ///
    /// - Throws: Also ``CacheError/tooLarge(key:bytes:)``.
    func replace(
        _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> CacheReplacement

    /// Removes an entry.
    ///
    /// - Returns: Whether there was one.
    func delete(_ key: String) async throws(CacheError) -> Bool

    /// Counts a number up, or down where `amount` is negative, in one step that no other can come between. The lifetime
    /// stays. Below zero it stays at zero, and past 2^64 it begins again, as Memcached counts.
    ///
    /// - Returns: The new number; `nil` where there is no entry.
    /// - Throws: Also ``CacheError/notANumber(key:)``.
    func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64?

    /// The entries of several keys; those without an entry are left out.
    func getMany(_ keys: [String]) async throws(CacheError) -> [String: CacheEntry]

    /// Stores several entries.
    ///
    /// - Returns: The keys whose entries were not stored, such as those that are too large.
    func setMany(_ entries: [String: CacheEntry], for lifetime: CacheLifetime) async throws(CacheError) -> [String]

    /// Removes several entries.
    func deleteMany(_ keys: [String]) async throws(CacheError)

    /// Gives an entry a new lifetime from now on.
    ///
    /// - Returns: Whether there was one.
    func touch(_ key: String, for lifetime: CacheLifetime) async throws(CacheError) -> Bool

    /// Removes every entry, also those of other sites that share the server.
    func clear() async throws(CacheError)

    /// Lets go of connections and files; the back end opens them again when it is used.
    func close() async
}

/// What a back end can do with the other methods, one key after the other.
extension CacheBackend {
    /// Gets one after the other.
    public func getMany(_ keys: [String]) async throws(CacheError) -> [String: CacheEntry] {
        var found: [String: CacheEntry] = [:]
        for key in keys { found[key] = try await get(key) }
        return found
    }

    /// Sets one after the other.
    public func setMany(
        _ entries: [String: CacheEntry], for lifetime: CacheLifetime
    ) async throws(CacheError) -> [String] {
        var failed: [String] = []
        for (key, entry) in entries {
            do throws(CacheError) {
                try await set(key, entry, for: lifetime)
            } catch {
                guard case .tooLarge = error else { throw error }
                failed.append(key)
            }
        }
        return failed
    }

    /// Deletes one after the other.
    public func deleteMany(_ keys: [String]) async throws(CacheError) {
        for key in keys { _ = try await delete(key) }
    }

    /// Stores the entry once more, unless it changes meanwhile.
    public func touch(_ key: String, for lifetime: CacheLifetime) async throws(CacheError) -> Bool {
        guard let entry = try await get(key) else { return false }
        if lifetime.isOver { return try await delete(key) }
        return try await replace(key, entry, with: entry, for: lifetime) != .missing
    }

    /// Holds nothing.
    public func close() async {}
}
