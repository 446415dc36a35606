import MartletCache

extension Cache {
    /// The cache that the settings name by `KVDB_LOCATION`, used as those say whose names begin with `KVDB_`; in
    /// memory without.
    ///
    /// - Throws: ``MartletCache/CacheError/invalidLocation(location:reason:)``.
    init(_ settings: Settings) throws(CacheError) {
        let backend = try Self.backend(at: settings.cacheLocation ?? "memory:", settings.cacheUse)
        self.init(backend, prefix: settings.cachePrefix)
    }

    /// | location | back end |
    /// | --- | --- |
    /// | `memory:` | ``MartletCache/MemoryBackend`` |
    /// | `dummy:` | ``MartletCache/DummyBackend`` |
    /// | `file:/var/cache/blog` | ``MartletCache/FileBackend`` |
    /// | `database:cache_table` | ``MartletCache/DatabaseCacheBackend`` |
    /// | `host:port,host:port`, `unix:/path` | ``MartletCache/MemcachedBackend`` |
    static func backend(at location: String, _ use: CacheSettings) throws(CacheError) -> any CacheBackend {
        if location == "memory:" { return use.capacity.map { MemoryBackend(capacity: $0) } ?? MemoryBackend() }
        if location == "dummy:" { return DummyBackend() }
        if location.hasPrefix("file:") {
            let folder = String(location.dropFirst("file:".count))
            guard let capacity = use.capacity else { return try FileBackend(folder: folder) }
            return try FileBackend(folder: folder, capacity: capacity)
        }
        if let table = location.cacheTable {
            return try DatabaseCacheBackend(table: table, maxEntries: use.maxEntries)
        }
        return try MemcachedBackend(
            at: location, connections: use.connections, timeout: use.timeout, compressAbove: use.compressAbove)
    }
}

extension String {
    private static let databaseScheme = "database:"

    /// The table of a `database:` location; `nil` for any other.
    package var cacheTable: String? {
        hasPrefix(Self.databaseScheme) ? String(dropFirst(Self.databaseScheme.count)) : nil
    }
}
