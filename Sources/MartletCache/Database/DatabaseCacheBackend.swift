public import FoundationEssentials
internal import MartletORM
internal import Synchronization

/// Keeps entries in a table of the database, which is Django's `DatabaseCache` and can be shared with it.
///
/// ```swift
/// let cache = Cache(try DatabaseCacheBackend(table: "cache_table"))
/// ```
///
/// The table comes with `manage createcachetable`. Statements go to the database of the task that asks, in its
/// transaction if there is one, which goes on when one of them fails. Now and then, when there are more than `maxEntries`,
/// those that have ended are removed, and of the others a third: those that end soonest.
///
/// Source: Django, [database caching](https://docs.djangoproject.com/en/5.2/topics/cache/#database-caching).
public struct DatabaseCacheBackend: CacheBackend {
    let table: CacheTable
    private let maxEntries: Int
    private let now: @Sendable () -> Date
    private let writes = Writes()

    private final class Writes: Sendable {
        let count = Atomic<Int>(0)
    }

    /// Makes a back end.
    ///
    /// - Parameters:
    ///   - table: The table's name.
    ///   - maxEntries: How many entries there may be; 10 000 unless told (Django's `MAX_ENTRIES` is 300).
    ///   - now: The time; the system's unless told.
    /// - Throws: ``CacheError/invalidLocation(location:reason:)`` for a name that no table can have.
    public init(
        table: String, maxEntries: Int = 10_000, now: @escaping @Sendable () -> Date = { .now }
    ) throws(CacheError) {
        self.table = try CacheTable(table)
        self.maxEntries = max(maxEntries, 1)
        self.now = now
    }

    /// The entry of a key.
    public func get(_ key: String) async throws(CacheError) -> CacheEntry? {
        try await rows([key]).first?.entry
    }

    /// The entries of several keys.
    ///
    /// SQL: `SELECT cache_key, value, expires FROM … WHERE cache_key IN (…) AND expires > …`.
    public func getMany(_ keys: [String]) async throws(CacheError) -> [String: CacheEntry] {
        try await rows(keys).reduce(into: [:]) { $0[$1.key] = $1.entry }
    }

    /// Stores an entry.
    ///
    /// SQL: `INSERT … ON CONFLICT (cache_key) DO UPDATE …`.
    public func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {
        guard let end = end(lifetime) else {
            _ = try await delete(key)
            return
        }
        try await cullSometimes()
        let value = DatabaseCacheCoding.text(of: entry)
        _ = try await execute { table.upsert(key, value, end, onlyEndedBefore: nil, $0) }
    }

    /// Stores an entry where there is none that has not ended.
    public func add(
        _ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> Bool {
        guard let end = end(lifetime) else { return false }
        try await cullSometimes()
        let (value, now) = (DatabaseCacheCoding.text(of: entry), now())
        return try await execute { table.upsert(key, value, end, onlyEndedBefore: now, $0) } > 0
    }

    /// Stores an entry in the place of one that is still the one known.
    ///
    /// SQL: `UPDATE … WHERE cache_key = … AND value = … AND expires > …`.
    public func replace(
        _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> CacheReplacement {
        let (old, new) = (DatabaseCacheCoding.text(of: old), DatabaseCacheCoding.text(of: new))
        let end = end(lifetime) ?? now()
        let changed = try await execute { table.replace(key, old, new, end, now(), $0) }
        if changed > 0 { return .stored }
        return try await get(key) == nil ? .missing : .changed
    }

    /// Removes an entry.
    public func delete(_ key: String) async throws(CacheError) -> Bool {
        let wasThere = try await get(key) != nil
        try await deleteMany([key])
        return wasThere
    }

    /// Removes several entries.
    public func deleteMany(_ keys: [String]) async throws(CacheError) {
        for keys in keys.chunks() { _ = try await execute { table.delete(keys, $0) } }
    }

    /// Counts a number. The value is Django's pickle, in which no database can count; so its row is locked, read and
    /// written, in a transaction.
    public func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64? {
        do {
            return try await transaction {
                guard let row = try await lockedRow(key) else { return nil }
                guard let sum = row.entry.counted(by: amount) else { throw CacheError.notANumber(key: key) }
                let new = CacheEntry(bytes: Array(String(sum).utf8), flags: row.entry.flags)
                let text = DatabaseCacheCoding.text(of: new)
                let database = try Database.current
                try await database.execute(table.upsert(key, text, row.end, onlyEndedBefore: nil, database.dialect))
                return sum
            }
        } catch let error as CacheError {
            throw error
        } catch {
            throw Self.unavailable(error)
        }
    }

    /// Gives an entry a new end.
    public func touch(_ key: String, for lifetime: CacheLifetime) async throws(CacheError) -> Bool {
        guard let end = end(lifetime) else { return try await delete(key) }
        return try await execute { table.touch(key, end, now(), $0) } > 0
    }

    /// Removes every row.
    public func clear() async throws(CacheError) {
        _ = try await execute { table.clear($0) }
    }

    // MARK: Statements

    private struct Found {
        let key: String
        let value: String
        let end: Date
        let entry: CacheEntry

        init(_ row: any Row) throws {
            key = try row.text(at: 0)
            value = try row.text(at: 1)
            end = try row.dateTime(at: 2)
            entry = DatabaseCacheCoding.entry(of: value)
        }
    }

    private func rows(_ keys: [String]) async throws(CacheError) -> [Found] {
        var found: [Found] = []
        for keys in keys.chunks() {
            do {
                let database = try Database.current
                let statement = table.select(keys, now(), database.dialect, locked: false)
                found += try await database.rows(sparing: statement, decode: Found.init)
            } catch {
                throw Self.unavailable(error)
            }
        }
        return found
    }

    /// The row of a key, which no other transaction changes until this one has ended.
    private func lockedRow(_ key: String) async throws -> Found? {
        let database = try Database.current
        return try await database.rows(
            table.select([key], now(), database.dialect, locked: true), decode: Found.init
        ).first
    }

    private func execute(_ statement: (any SQLDialect) -> Statement) async throws(CacheError) -> Int {
        do {
            let database = try Database.current
            return try await database.execute(sparing: statement(database.dialect)).changedRows
        } catch {
            throw Self.unavailable(error)
        }
    }

    private static func unavailable(_ error: any Error) -> CacheError {
        .unavailable(reason: "\(error) (Is the table there? `manage createcachetable` makes it)")
    }

    /// The end of a lifetime in whole seconds, as Django's; `nil` where it is over.
    private func end(_ lifetime: CacheLifetime) -> Date? {
        switch lifetime.end(after: now()) {
        case .over: nil
        // The last second of the year 9999, Python's `datetime.max`.
        case .open(let end):
            Date(timeIntervalSince1970: min(end?.timeIntervalSince1970.rounded(.up) ?? .infinity, 253_402_300_799))
        }
    }

    /// Looks at every sixty-fourth write whether there are too many entries: counting costs more than writing.
    private func cullSometimes() async throws(CacheError) {
        let every = min(64, maxEntries)
        guard writes.count.wrappingAdd(1, ordering: .relaxed).newValue % every == 0 else { return }
        let now = now()
        guard try await count() > maxEntries else { return }
        _ = try await execute { table.deleteEnded(now, $0) }
        let rest = try await count()
        if rest > maxEntries { _ = try await execute { table.deleteSoonest(rest - maxEntries * 2 / 3, $0) } }
    }

    private func count() async throws(CacheError) -> Int {
        do {
            let database = try Database.current
            let statement = table.count(database.dialect)
            let counts = try await database.rows(sparing: statement) { Int(try $0.integer(at: 0)) }
            return counts.first ?? 0
        } catch {
            throw Self.unavailable(error)
        }
    }
}

extension Array where Element == String {
    /// As many as any database takes in one statement.
    fileprivate func chunks() -> [[String]] {
        stride(from: 0, to: count, by: 500).map { Array(self[$0..<Swift.min($0 + 500, count)]) }
    }
}
