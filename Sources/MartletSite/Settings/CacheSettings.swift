import MartletCache

/// How the site's cache is used: the settings whose names begin with `KVDB_`. What another back end than that of
/// `KVDB_LOCATION` would need counts for nothing.
public struct CacheSettings: Sendable {
    /// `KVDB_TIMEOUT`: how long to wait for a connection to Memcached, and how long for an answer.
    public var timeout = Duration.milliseconds(500)
    /// `KVDB_CONNECTIONS`: how many commands may be under way at once with each Memcached.
    public var connections = 4
    /// `KVDB_COMPRESS_ABOVE`: from how many bytes on values are compressed in Memcached; `nil` for never.
    public var compressAbove: Int?
    /// `KVDB_CAPACITY`: how many bytes entries may take in memory or in files; `nil` for what the back end has.
    public var capacity: Int?
    /// `KVDB_MAX_ENTRIES`: how many entries there may be in the database.
    public var maxEntries = 10_000

    /// What back ends have unless told.
    init() {}

    /// Reads the settings.
    init(_ reader: inout SettingsReader) {
        timeout = reader.duration(
            "KVDB_TIMEOUT", default: timeout,
            about: "How long to wait for a connection to Memcached, and how long for an answer; then it is a miss.")
        connections = reader.int(
            "KVDB_CONNECTIONS", default: connections, in: 1...1_000,
            about: "How many commands may be under way at once with each Memcached.")
        reader.read(
            "KVDB_COMPRESS_ABOVE", expected: "a size such as 4KB", into: &compressAbove,
            about:
                "From which size on values are compressed in Memcached, such as 4KB; never without it, since a Django "
                + "reads them with pymemcache's CompressedSerde only."
        ) { Quantity.size($0).map { .some($0) } }
        reader.read(
            "KVDB_CAPACITY", expected: "a size from 64KB to 1024GB, such as 64MB", into: &capacity,
            about: "How much memory: and file:/folder may take; without it, 64MB and 256MB."
        ) { text in
            Quantity.size(text).flatMap { (64 << 10...1 << 40).contains($0) ? .some(.some($0)) : nil }
        }
        maxEntries = reader.int(
            "KVDB_MAX_ENTRIES", default: maxEntries, in: 1...1_000_000_000,
            about: "How many entries database:table may have; a third of them goes when there are more.")
    }
}
