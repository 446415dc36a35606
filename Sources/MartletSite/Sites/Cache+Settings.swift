import MartletCache

extension Cache {
    /// The cache that the settings name by `KVDB_LOCATION`; in memory without.
    ///
    /// - Throws: ``MartletCache/CacheError/invalidLocation(location:reason:)``.
    init(_ settings: Settings) throws(CacheError) {
        let backend: any CacheBackend
        if let location = settings.cacheLocation {
            backend = try Self.backend(at: location)
        } else {
            backend = MemoryBackend()
        }
        self.init(backend, prefix: settings.cachePrefix)
    }

    /// | location | back end |
    /// | --- | --- |
    /// | `memory:` | ``MartletCache/MemoryBackend`` |
    /// | `dummy:` | ``MartletCache/DummyBackend`` |
    /// | `file:/var/cache/blog` | ``MartletCache/FileBackend`` |
    /// | `database:cache_table` | ``MartletCache/DatabaseCacheBackend`` |
    /// | `host:port,host:port`, `unix:/path` | ``MartletCache/MemcachedBackend`` |
    static func backend(at location: String) throws(CacheError) -> any CacheBackend {
        if location == "memory:" { return MemoryBackend() }
        if location == "dummy:" { return DummyBackend() }
        if location.hasPrefix("file:") { return try FileBackend(folder: String(location.dropFirst("file:".count))) }
        if let table = location.cacheTable { return try DatabaseCacheBackend(table: table) }
        return try MemcachedBackend(at: location)
    }
}

extension String {
    private static let databaseScheme = "database:"

    /// The table of a `database:` location; `nil` for any other.
    package var cacheTable: String? {
        hasPrefix(Self.databaseScheme) ? String(dropFirst(Self.databaseScheme.count)) : nil
    }
}
