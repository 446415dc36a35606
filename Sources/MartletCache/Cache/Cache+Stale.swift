internal import MartletORM

/// What is out of date and still good enough while a new value is made.
extension Cache {
    /// How long one task of one process has to make the new value before another tries.
    private static let refreshing = CacheLifetime.seconds(30)

    /// The value of a key, or else what `work` makes. For the time `stale` after its lifetime the old value is handed out
    /// at once, while one task makes the new one.
    ///
    /// ```swift
    /// let tags = try await cache.getOrSet("tag-cloud", for: .minutes(10), stale: .hours(1)) { try await tagCloud() }
    /// ```
    ///
    /// Beside the value stands an entry `KEY:fresh`, which ends with the lifetime; of all processes that miss it one
    /// makes the new value. While `work` fails, there is an event `cache_refresh_failed`, the old value stays to its end,
    /// and the next attempt is half a minute later.
    ///
    /// - Parameters:
    ///   - lifetime: How long a new value counts as new.
    ///   - stale: How much longer it is handed out.
    ///   - work: Makes the value; for a value that is out of date it runs in a task of its own, outside of the caller's
    ///     transaction.
    /// - Throws: What `work` throws while there is no value; ``CacheError/invalidKey(key:reason:)``,
    ///   ``CacheError/notEncodable(key:reason:)``.
    public func getOrSet<T: Codable & Sendable>(
        _ key: CacheKey, for lifetime: CacheLifetime, stale: CacheLifetime,
        _ work: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let marker = CacheKey(key.description + ":fresh", fault: key.fault)
        let (name, fresh) = (try full(key), try full(marker))
        let entries: [String: CacheEntry]? = try await orElse(nil, "get_many", [name, fresh], hits: { $0?.count }) {
            () async throws(CacheError) in
            try await backend.getMany([name, fresh])
        }
        if let old = value(of: entries?[name], name, as: T.self) {
            let mark = entries?[fresh]?.bytes
            // 1 says that the value is new, 0 that somebody makes a new one.
            if mark != Array("1".utf8) { counters.wasStale() }
            if mark == nil, try await add(marker, 0, for: Self.refreshing) {
                refresh(key, marker, lifetime, stale, work)
            }
            return old
        }
        return try await getOrSet(key, for: lifetime + stale) {
            let value = try await work()
            // Before the value is stored: one without its marker is out of date, and would be made once more.
            try await set(marker, 1, for: lifetime)
            return value
        }
    }

    private func refresh<T: Codable & Sendable>(
        _ key: CacheKey, _ marker: CacheKey, _ lifetime: CacheLifetime, _ stale: CacheLifetime,
        _ work: @escaping @Sendable () async throws -> T
    ) {
        // Who asked is answered already, and need not live as long as this takes. What it has not committed is none of
        // the others' business.
        flights.apart {
            Database.outsideOfTransactions {
                _ = Task<Void, Never> { await makeAnew(key, marker, lifetime, stale, work) }
            }
        }
    }

    private func makeAnew<T: Codable & Sendable>(
        _ key: CacheKey, _ marker: CacheKey, _ lifetime: CacheLifetime, _ stale: CacheLifetime,
        _ work: @escaping @Sendable () async throws -> T
    ) async {
        do {
            let name = try full(key)
            // A flight, so that a value that is deleted meanwhile is not stored after that.
            guard case .leader(let flight) = await flights.join(name) else { return }
            _ = try await lead(flight, name, lifetime + stale, isolation: nil, work)
            try await set(marker, 1, for: lifetime)
        } catch {
            outages.notRefreshed(key.description, "\(error)")
        }
    }
}
