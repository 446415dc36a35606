internal import CMemcached
internal import Glibc

extension MemcachedConnection {
    /// Reads an entry with its number, and stores another under that number if it is the one known (`gets` and `cas`).
    ///
    /// - Throws: ``CacheError/tooLarge(key:bytes:)``, ``CacheError/unavailable(reason:)``.
    ///
    /// Source: protocol.txt, "Storage commands": `cas` is "store this data but only if no one else has updated since I
    /// last fetched it".
    func replace(
        _ key: String, _ old: CacheEntry, with new: CacheEntry, expiration: Int
    ) throws(CacheError) -> CacheReplacement {
        guard let (entry, number) = try getNumbered(key) else { return .missing }
        guard entry == old else { return .changed }
        let new = packed(new)
        let code = Self.withBytes(of: new) {
            memcached_cas(
                client, key, key.utf8.count, $0, new.bytes.count, expiration, new.flags.rawValue, number)
        }
        switch code {
        case MEMCACHED_SUCCESS: return .stored
        case MEMCACHED_DATA_EXISTS: return .changed
        case MEMCACHED_NOTFOUND: return .missing
        default: throw refusal(code, key, new)
        }
    }

    /// An entry with the number that the server gives each state of it.
    private func getNumbered(_ key: String) throws(CacheError) -> (CacheEntry, UInt64)? {
        // Only while it is asked for: the number costs the server's answer a few bytes with every value.
        memcached_behavior_set(client, MEMCACHED_BEHAVIOR_SUPPORT_CAS, 1)
        defer { memcached_behavior_set(client, MEMCACHED_BEHAVIOR_SUPPORT_CAS, 0) }
        var found: (CacheEntry, UInt64)?
        try fetch([key]) { _, entry, number in found = (entry, number) }
        return found
    }
}
