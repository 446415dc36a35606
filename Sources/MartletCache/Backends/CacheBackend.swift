/// Where a cache keeps its entries.
///
/// Keys come checked and complete. A back end never keeps its caller's thread: what blocks runs elsewhere. Every method
/// throws ``CacheError/unavailable(reason:)`` when there is no answer in time; ``Cache`` makes a miss of it.
public protocol CacheBackend: Sendable {
    /// The entry of a key; `nil` where there is none.
    func get(_ key: String) async throws(CacheError) -> CacheEntry?

    /// Stores an entry, in the place of another.
    ///
    /// - Throws: Also ``CacheError/tooLarge(key:bytes:)``.
    func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError)

    /// Stores an entry where there is none.
    ///
    /// - Returns: Whether it was stored.
    /// - Throws: Also ``CacheError/tooLarge(key:bytes:)``.
    func add(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) -> Bool

    /// Stores an entry in the place of one that is still the one known, in one step that no other can come between.
    ///
    /// - Throws: Also ``CacheError/tooLarge(key:bytes:)``.
    func replace(
        _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> CacheReplacement

    /// Removes an entry.
    ///
    /// - Returns: Whether there was one.
    func delete(_ key: String) async throws(CacheError) -> Bool

    /// Counts a number up, or down where `amount` is negative, in one step that no other can come between. The lifetime
    /// stays. Below zero it stays at zero, and past 2^64 it begins again, as Memcached counts.
    ///
    /// - Returns: The new number; `nil` where there is no entry.
    /// - Throws: Also ``CacheError/notANumber(key:)``.
    func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64?
}
