internal import Synchronization

/// Keeps entries in this process; when they are too many, those go first that were not asked for longest.
public final class MemoryBackend: CacheBackend {
    /// Shared by all tasks; held for one step of the list, never across a suspension.
    private let entries: Mutex<RecentEntries>

    private let now: @Sendable () -> ContinuousClock.Instant

    /// Makes a back end.
    ///
    /// - Parameters:
    ///   - capacity: How many bytes keys and values may take, with a fixed share for each entry; 64 MiB unless told.
    ///   - now: The time; the system's unless told.
    public init(capacity: Int = 64 << 20, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        entries = Mutex(RecentEntries(capacity: capacity))
        self.now = now
    }

    /// How many bytes the entries take.
    public var bytes: Int { entries.withLock { $0.bytes } }

    /// How many entries there are, expired ones that nobody asked for included.
    public var count: Int { entries.withLock { $0.count } }

    /// The entry of a key.
    public nonisolated(nonsending) func get(_ key: String) async throws(CacheError) -> CacheEntry? {
        let now = now()
        return entries.withLock { $0.get(key, now) }
    }

    /// Stores an entry.
    public func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {
        let now = now()
        let fits = entries.withLock { $0.set(key, entry, until: Self.end(lifetime, now), now) }
        if !fits { throw .tooLarge(key: key, bytes: entry.bytes.count) }
    }

    /// Stores an entry where there is none.
    public func add(
        _ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> Bool {
        let now = now()
        let stored: Bool? = entries.withLock { entries in
            if entries.get(key, now) != nil { return false }
            let fits = entries.set(key, entry, until: Self.end(lifetime, now), now)
            return fits ? !lifetime.isOver : nil
        }
        guard let stored else { throw .tooLarge(key: key, bytes: entry.bytes.count) }
        return stored
    }

    /// Stores an entry in the place of one that is still the one known.
    public func replace(
        _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> CacheReplacement {
        let now = now()
        let outcome: CacheReplacement? = entries.withLock { entries in
            guard let entry = entries.get(key, now) else { return .missing }
            guard entry == old else { return .changed }
            return entries.set(key, new, until: Self.end(lifetime, now), now) ? .stored : nil
        }
        guard let outcome else { throw .tooLarge(key: key, bytes: new.bytes.count) }
        return outcome
    }

    /// Removes an entry.
    public func delete(_ key: String) async throws(CacheError) -> Bool {
        let now = now()
        return entries.withLock { entries in
            let wasThere = entries.get(key, now) != nil
            entries.remove(key)
            return wasThere
        }
    }

    /// The entries of several keys, in one step.
    public func getMany(_ keys: [String]) async throws(CacheError) -> [String: CacheEntry] {
        let now = now()
        return entries.withLock { entries in
            var found: [String: CacheEntry] = [:]
            for key in keys { found[key] = entries.get(key, now) }
            return found
        }
    }

    /// Gives an entry a new lifetime.
    public func touch(_ key: String, for lifetime: CacheLifetime) async throws(CacheError) -> Bool {
        let now = now()
        return entries.withLock { $0.touch(key, until: Self.end(lifetime, now), now) }
    }

    /// Removes every entry.
    public func clear() async throws(CacheError) { entries.withLock { $0.clear() } }

    /// Counts a number.
    public func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64? {
        let now = now()
        let counted: Counted = entries.withLock { entries in
            guard let entry = entries.get(key, now) else { return .missing }
            guard let number = UInt64(String(decoding: entry.bytes, as: UTF8.self)) else { return .notANumber }
            let step = UInt64(amount.magnitude)
            let sum = amount >= 0 ? number &+ step : number - min(step, number)
            entries.replace(key, CacheEntry(bytes: Array(String(sum).utf8), flags: entry.flags))
            return .number(sum)
        }
        switch counted {
        case .missing: return nil
        case .number(let number): return number
        case .notANumber: throw .notANumber(key: key)
        }
    }

    private enum Counted {
        case missing, notANumber
        case number(UInt64)
    }

    /// When a lifetime ends; `nil` for never.
    private static func end(
        _ lifetime: CacheLifetime, _ now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        // Further than a thousand years is for ever, and would overflow an instant.
        guard let duration = lifetime.duration, duration < .seconds(31_557_600_000) else { return nil }
        return now + max(duration, .zero)
    }
}
