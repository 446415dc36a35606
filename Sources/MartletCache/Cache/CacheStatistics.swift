internal import Synchronization

/// What a cache has done since it was made.
public struct CacheStatistics: Sendable, Hashable {
    /// How many values were asked for and found.
    public var hits: UInt64 = 0
    /// How many were asked for and not found, or could not be read.
    public var misses: UInt64 = 0
    /// How many values were to be stored.
    public var writes: UInt64 = 0
    /// How many calls had no answer: the cache was down, slow, or the value too large.
    public var failures: UInt64 = 0
    /// How many of the hits were past their lifetime, and handed out while a new value was made.
    public var stale: UInt64 = 0

    /// What a cache has done that was not used yet.
    public init() {}
}

/// Counts what a cache does; shared by all copies of the cache.
final class CacheCounters: Sendable {
    private let hits = Atomic<UInt64>(0)
    private let misses = Atomic<UInt64>(0)
    private let writes = Atomic<UInt64>(0)
    private let failures = Atomic<UInt64>(0)
    private let stale = Atomic<UInt64>(0)

    func hit() { hits.wrappingAdd(1, ordering: .relaxed) }
    func missed() { misses.wrappingAdd(1, ordering: .relaxed) }
    func wrote() { writes.wrappingAdd(1, ordering: .relaxed) }
    func failed() { failures.wrappingAdd(1, ordering: .relaxed) }
    func wasStale() { stale.wrappingAdd(1, ordering: .relaxed) }

    var statistics: CacheStatistics {
        var statistics = CacheStatistics()
        statistics.hits = hits.load(ordering: .relaxed)
        statistics.misses = misses.load(ordering: .relaxed)
        statistics.writes = writes.load(ordering: .relaxed)
        statistics.failures = failures.load(ordering: .relaxed)
        statistics.stale = stale.load(ordering: .relaxed)
        return statistics
    }
}
