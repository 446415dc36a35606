internal import Glibc

/// Keeps entries in one or several Memcached servers, shared by all processes, and by a Django site beside this one.
///
/// ```swift
/// let cache = Cache(try MemcachedBackend(at: "kvdb1:11211,kvdb2:11211"), prefix: "blog")
/// ```
///
/// Each key has one server, the same as for Django's `PyMemcacheCache`. A server that has failed twice in a row is left
/// alone for a second, and the others have its keys meanwhile; then one command tries it again.
///
/// libmemcached blocks, so a few connections to each server run on threads of their own; a caller's task is suspended
/// meanwhile. A command that has waited for a connection longer than the time limit fails without being sent: when the
/// server hangs, requests must not pile up behind it. Reads that wait are sent together.
public final class MemcachedBackend: CacheBackend {
    private let pools: [MemcachedPool]
    private let hash: RendezvousHash

    /// Makes a back end. No server is asked for anything yet: they may come up later.
    ///
    /// - Parameters:
    ///   - locations: Where the servers listen: `host:port` or `unix:/path`, with commas or semicolons between them; see
    ///     ``MemcachedLocation``.
    ///   - connections: How many commands may be under way at once with each server; 4 unless told.
    ///   - timeout: How long to wait for a connection, and how long for an answer; half a second unless told. An answer that
    ///     comes in drops is cut off at most half of that later.
    ///   - compressAbove: From how many bytes on values are compressed, as `pymemcache`'s `CompressedSerde` does; never
    ///     unless told, since a Django without that serde could not read them.
    /// - Throws: ``CacheError/invalidLocation(location:reason:)``; ``CacheError/unavailable(reason:)`` without memory.
    public init(
        at locations: String, connections: Int = 4, timeout: Duration = .milliseconds(500), compressAbove: Int? = nil
    ) throws(CacheError) {
        let options = MemcachedOptions(timeout: timeout, compressAbove: compressAbove)
        let locations = try MemcachedLocation.list(locations)
        var pools: [MemcachedPool] = []
        for location in locations {
            pools.append(try MemcachedPool(location, connections: connections, options: options))
        }
        self.pools = pools
        hash = RendezvousHash(locations.map(\.node))
    }

    /// The entry of a key.
    public func get(_ key: String) async throws(CacheError) -> CacheEntry? {
        try await pool(of: key).get(key)
    }

    /// Stores an entry.
    public func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {
        let expiration = Self.expiration(lifetime)
        try await pool(of: key).run { connection throws(CacheError) in
            do throws(CacheError) {
                try connection.set(key, entry, expiration: expiration)
            } catch {
                // libmemcached may refuse before the server has dropped the old value, which would live on.
                if case .tooLarge = error { _ = try connection.delete(key) }
                throw error
            }
        }
    }

    /// Stores an entry where there is none.
    public func add(
        _ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> Bool {
        let expiration = Self.expiration(lifetime)
        let stored = try await pool(of: key).run { connection throws(CacheError) in
            try connection.add(key, entry, expiration: expiration)
        }
        return stored && !lifetime.isOver
    }

    /// Stores an entry in the place of one that is still the one known.
    public func replace(
        _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> CacheReplacement {
        let expiration = Self.expiration(lifetime)
        return try await pool(of: key).run { connection throws(CacheError) in
            try connection.replace(key, old, with: new, expiration: expiration)
        }
    }

    /// Removes an entry.
    public func delete(_ key: String) async throws(CacheError) -> Bool {
        try await pool(of: key).run { connection throws(CacheError) in try connection.delete(key) }
    }

    /// Counts a number.
    public func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64? {
        try await pool(of: key).run { connection throws(CacheError) in try connection.increment(key, by: amount) }
    }

    /// Gives an entry a new lifetime.
    public func touch(_ key: String, for lifetime: CacheLifetime) async throws(CacheError) -> Bool {
        if lifetime.isOver { return try await delete(key) }
        let expiration = Self.expiration(lifetime)
        return try await pool(of: key).run { connection throws(CacheError) in
            try connection.touch(key, expiration: expiration)
        }
    }

    /// Removes every entry of all servers.
    ///
    /// - Throws: ``CacheError/unavailable(reason:)`` where one has not answered; the others are empty then.
    public func clear() async throws(CacheError) {
        var failure: CacheError?
        for pool in pools {
            do throws(CacheError) {
                try await pool.run { connection throws(CacheError) in try connection.clear() }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// Closes the connections that are free.
    public func close() async {
        for pool in pools { await pool.close() }
    }

    /// The lifetime as the protocol has it: 0 is for ever, less than 0 is over, and more than 30 days is a date.
    ///
    /// Source: protocol.txt, "Expiration times"; Django's `BaseMemcachedCache.get_backend_timeout`.
    static func expiration(_ lifetime: CacheLifetime) -> Int {
        guard let duration = lifetime.duration else { return 0 }
        if duration <= .zero { return -1 }
        let (seconds, attoseconds) = duration.components
        // Rounded up: half a second must not become 0, which is for ever.
        let whole = Int(min(seconds, 1 << 31)) + (attoseconds > 0 ? 1 : 0)
        if whole <= 30 * 86_400 { return whole }
        // Servers up to 1.6 read 32 bits and refuse the command where there are more.
        let now = Glibc.time(nil)
        return now < Int32.max ? min(now + whole, Int(Int32.max)) : now + whole
    }

    // MARK: Servers

    /// The servers of keys, each with its own keys, and the first error where all of them have none.
    func pool(of key: String) throws(CacheError) -> MemcachedPool {
        guard let place = place(of: key) else { throw .unavailable(reason: "all servers have failed") }
        return pools[place]
    }

    /// Where the key's pool stands; `nil` while all servers are left alone.
    private func place(of key: String) -> Int? {
        if pools.count == 1 { return 0 }
        let now = ContinuousClock.now
        return hash.place(of: key) { pools[$0].isUsable(now) }
    }

    /// Splits keys by their servers.
    ///
    /// - Throws: ``CacheError/unavailable(reason:)`` while all servers are left alone.
    func grouped(_ keys: [String]) throws(CacheError) -> [(pool: MemcachedPool, keys: [String])] {
        var groups: [Int: [String]] = [:]
        for key in keys {
            guard let place = place(of: key) else { throw .unavailable(reason: "all servers have failed") }
            groups[place, default: []].append(key)
        }
        return groups.map { (pools[$0.key], $0.value) }
    }
}
