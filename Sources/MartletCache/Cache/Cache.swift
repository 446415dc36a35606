internal import MartletJSON

/// Keeps values that were worked out, for a time.
///
/// ```swift
/// let tags = try await cache.getOrSet("tag-cloud", for: .minutes(10)) { try await tagCloud() }
/// try await cache.set(CacheKey("blog", "post", post.id, "comments"), 12, for: .hours(1))
/// let count = try await cache.get(CacheKey("blog", "post", post.id, "comments"), as: Int.self)
/// ```
///
/// A cache that is down is a miss and an event `cache_unavailable`, never an error: a page without its cache is slow, a
/// page with an error is none. What is thrown is what the program can mend: a key or a value that no cache can take.
///
/// Whole numbers, text and bytes are stored as Django's `PyMemcacheCache` does, under `prefix:version:key`; other
/// values as JSON, which Django reads as text.
public struct Cache: Sendable {
    let backend: any CacheBackend
    let prefix: String
    private(set) var version: Int
    let flights = SingleFlight()
    let outages = OutageLog()
    let counters = CacheCounters()
    /// Called after each command, on the task that asked for it; `nil` where nobody listens, which costs nothing.
    package var observer: (@Sendable (CacheEvent) -> Void)?

    /// Makes a cache.
    ///
    /// - Parameters:
    ///   - backend: Where entries are kept.
    ///   - prefix: What every key begins with, so that sites can share a server; Django's `KEY_PREFIX`.
    ///   - version: A number to raise when the form of the values changes; Django's `VERSION`.
    public init(_ backend: any CacheBackend, prefix: String = "", version: Int = 1) {
        self.backend = backend
        self.prefix = prefix
        self.version = version
    }

    /// The value of a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - type: What it holds.
    /// - Returns: `nil` where there is none, where it is of another type, and where the cache is down.
    /// - Throws: ``CacheError/invalidKey(key:reason:)``.
    public func get<T: Decodable>(_ key: CacheKey, as type: T.Type = T.self) async throws(CacheError) -> T? {
        try await get(try full(key), as: type)
    }

    /// Stores a value.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - value: The value.
    ///   - lifetime: How long it stays at most: `.minutes(5)`, or `.forever`.
    /// - Throws: ``CacheError/invalidKey(key:reason:)``, ``CacheError/notEncodable(key:reason:)``.
    public func set(_ key: CacheKey, _ value: some Encodable, for lifetime: CacheLifetime) async throws(CacheError) {
        let key = try full(key)
        let entry = try CacheCoding.entry(for: value, key: key)
        flights.forget(key)
        try await store(key, entry, for: lifetime)
    }

    /// Stores a value where there is none, in one step that no other can come between.
    ///
    /// - Returns: Whether it was stored; also `false` where the cache is down.
    /// - Throws: ``CacheError/invalidKey(key:reason:)``, ``CacheError/notEncodable(key:reason:)``.
    @discardableResult
    public func add(
        _ key: CacheKey, _ value: some Encodable, for lifetime: CacheLifetime
    ) async throws(CacheError) -> Bool {
        let key = try full(key)
        let entry = try CacheCoding.entry(for: value, key: key)
        return try await orElse(false, "add", [key]) { () async throws(CacheError) in
            try await backend.add(key, entry, for: lifetime)
        }
    }

    /// Removes a value. A value that is being worked out by ``getOrSet(_:for:_:)`` meanwhile is not stored any more.
    ///
    /// - Returns: Whether there was one; also `false` where the cache is down.
    /// - Throws: ``CacheError/invalidKey(key:reason:)``.
    @discardableResult
    public func delete(_ key: CacheKey) async throws(CacheError) -> Bool {
        let key = try full(key)
        flights.forget(key)
        return try await orElse(false, "delete", [key]) { () async throws(CacheError) in try await backend.delete(key) }
    }

    /// Counts a whole number up in one step that no other can come between; its lifetime stays.
    ///
    /// - Parameters:
    ///   - key: The key of an `Int` of 0 or more.
    ///   - amount: How much to add; a negative one counts down, and stops at 0.
    /// - Returns: The new number; `nil` where there is none, and where the cache is down.
    /// - Throws: ``CacheError/invalidKey(key:reason:)``, ``CacheError/notANumber(key:)``.
    @discardableResult
    public func incr(_ key: CacheKey, by amount: Int = 1) async throws(CacheError) -> Int? {
        let key = try full(key)
        let number: UInt64? = try await orElse(nil, "incr", [key], hits: Self.found) { () async throws(CacheError) in
            try await backend.increment(key, by: amount)
        }
        guard let number else { return nil }
        guard let number = Int(exactly: number) else { throw .notANumber(key: key) }
        return number
    }

    /// The value of a key, or else what `work` makes, which is stored.
    ///
    /// While one task of this process works a value out, others that want it wait for it and get the same value, or
    /// the same error. If that task is cancelled, one of the others takes its place.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - lifetime: How long a new value stays at most.
    ///   - work: Makes the value.
    /// - Throws: What `work` throws; ``CacheError/invalidKey(key:reason:)``, ``CacheError/notEncodable(key:reason:)``.
    public func getOrSet<T: Codable & Sendable>(
        _ key: CacheKey, for lifetime: CacheLifetime, isolation: isolated (any Actor)? = #isolation,
        _ work: () async throws -> T
    ) async throws -> T {
        let key = try full(key)
        while true {
            let landings = flights.landings
            if let value = try await get(key, as: T.self) { return value }
            switch await flights.join(key) {
            case .leader(let flight):
                if flights.landings != landings, let value = try await stored(flight, key, as: T.self) { return value }
                return try await lead(flight, key, lifetime, isolation: isolation, work)
            case .follower(.some(let outcome)):
                if let value = try outcome.get() as? T { return value }
                return try await makeAndStore(key, lifetime, isolation: isolation, work)
            case .follower(nil): try Task.checkCancellation()
            case .alone: return try await makeAndStore(key, lifetime, isolation: isolation, work)
            }
        }
    }

    /// The value that another has stored since this task has missed it; ends the flight where there is one.
    private func stored<T: Codable & Sendable>(_ flight: Int, _ key: String, as type: T.Type) async throws -> T? {
        do {
            let value = try await get(key, as: type)
            if let value { flights.end(flight, of: key, with: .success(value)) }
            return value
        } catch {
            flights.end(flight, of: key, with: nil)
            throw error
        }
    }

    /// Makes the value for all who wait for it.
    func lead<T: Codable & Sendable>(
        _ flight: Int, _ key: String, _ lifetime: CacheLifetime, isolation: isolated (any Actor)?,
        _ work: () async throws -> T
    ) async throws -> T {
        do {
            let value = try await flights.lead(isolation: isolation, work)
            let entry = try CacheCoding.entry(for: value, key: key)
            // A value that was deleted or set while this one was worked out counts more than this one.
            if flights.isCurrent(flight, of: key) { try await store(key, entry, for: lifetime) }
            flights.end(flight, of: key, with: .success(value))
            return value
        } catch {
            let isCancelled = error is CancellationError || Task.isCancelled
            flights.end(flight, of: key, with: isCancelled ? nil : .failure(error))
            throw error
        }
    }

    private func makeAndStore<T: Codable & Sendable>(
        _ key: String, _ lifetime: CacheLifetime, isolation: isolated (any Actor)?, _ work: () async throws -> T
    ) async throws -> T {
        let value = try await work()
        try await store(key, try CacheCoding.entry(for: value, key: key), for: lifetime)
        return value
    }

    // MARK: The back end

    /// The same cache at another version: what is stored at one is not seen at another.
    ///
    /// ```swift
    /// try await cache.version(2).set("tags", tags, for: .hours(1))
    /// ```
    ///
    /// Source: Django, [cache versioning](https://docs.djangoproject.com/en/5.2/topics/cache/#cache-versioning).
    public func version(_ version: Int) -> Cache {
        var cache = self
        cache.version = version
        return cache
    }

    /// What the cache has done since it was made, at all its versions.
    public var statistics: CacheStatistics { counters.statistics }

    /// Lets go of connections and files.
    public func close() async { await backend.close() }

    func full(_ key: CacheKey) throws(CacheError) -> String {
        try key.full(prefix: prefix, version: version)
    }

    /// The key of the next versions, or of those before.
    func full(_ key: CacheKey, versionsOn delta: Int) throws(CacheError) -> String {
        let (sum, overflows) = version.addingReportingOverflow(delta)
        if overflows { throw .invalidKey(key: key.description, reason: "there is no such version") }
        return try key.full(prefix: prefix, version: sum)
    }

    private func get<T: Decodable>(_ key: String, as type: T.Type) async throws(CacheError) -> T? {
        let entry: CacheEntry? = try await orElse(nil, "get", [key], hits: Self.found) { () async throws(CacheError) in
            try await backend.get(key)
        }
        return value(of: entry, key, as: type)
    }

    /// The value of an entry, counted as a hit or a miss.
    func value<T: Decodable>(of entry: CacheEntry?, _ key: String, as type: T.Type) -> T? {
        guard let entry else {
            counters.missed()
            return nil
        }
        do {
            let value = try CacheCoding.value(type, of: entry)
            counters.hit()
            return value
        } catch {
            counters.missed()
            outages.unreadable(key, error.description)
            return nil
        }
    }

    func store(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {
        counters.wrote()
        try await orElse((), "set", [key]) { () async throws(CacheError) in
            try await backend.set(key, entry, for: lifetime)
        }
    }

    /// One where there was a value, none where there was not.
    static func found<R>(_ value: R?) -> Int? { value == nil ? 0 : 1 }

    /// Carries out a command, and tells of it; makes a value of a back end that is down, and an event.
    func orElse<R: Sendable>(
        _ missing: R, _ command: String, _ keys: @autoclosure () -> [String] = [], hits: (R) -> Int? = { _ in nil },
        _ work: () async throws(CacheError) -> R
    ) async throws(CacheError) -> R {
        do throws(CacheError) {
            // Looked at here too: every asynchronous call in between costs as much as a small allocation.
            guard observer != nil else { return try await work() }
            return try await telling(command, keys(), hits: hits, work)
        } catch {
            try noteOutage(command, error)
            return missing
        }
    }

    /// Makes a value of a back end that is down, for a command that is told already.
    func orMissing<R: Sendable>(
        _ missing: R, _ command: String, _ work: () async throws(CacheError) -> R
    ) async throws(CacheError) -> R {
        do throws(CacheError) {
            return try await work()
        } catch {
            try noteOutage(command, error)
            return missing
        }
    }

    /// Counts and tells that the back end has failed; throws what the program itself can mend.
    func noteOutage(_ command: String, _ error: CacheError) throws(CacheError) {
        switch error {
        case .unavailable, .tooLarge:
            counters.failed()
            outages.failed(command, error)
        default: throw error
        }
    }
}
