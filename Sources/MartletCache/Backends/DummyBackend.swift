/// Keeps nothing: for development, where a page shall be new each time.
public struct DummyBackend: CacheBackend {
    /// Makes one.
    public init() {}

    /// Nothing.
    public func get(_ key: String) async throws(CacheError) -> CacheEntry? { nil }

    /// Forgets the entry.
    public func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {}

    /// Forgets the entry, and says as Django's dummy cache that it was stored.
    public func add(
        _ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> Bool { !lifetime.isOver }

    /// There is nothing to replace.
    public func replace(
        _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> CacheReplacement { .missing }

    /// There is nothing to remove.
    public func delete(_ key: String) async throws(CacheError) -> Bool { false }

    /// There is nothing to count.
    public func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64? { nil }

    /// There is nothing to remove.
    public func clear() async throws(CacheError) {}
}
