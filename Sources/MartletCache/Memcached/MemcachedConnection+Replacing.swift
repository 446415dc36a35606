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
        let asked = key.withCString { text in
            var keys: [UnsafePointer<CChar>?] = [text]
            var lengths = [key.utf8.count]
            return memcached_mget(client, &keys, &lengths, 1)
        }
        guard asked == MEMCACHED_SUCCESS else { throw unavailable(asked) }
        var found: (CacheEntry, UInt64)?
        var code = MEMCACHED_SUCCESS
        // Fetched to the end: what is left of an answer would be the next command's.
        while let result = memcached_fetch_result(client, nil, &code) {
            let length = memcached_result_length(result)
            let bytes = UnsafeRawBufferPointer(start: memcached_result_value(result), count: length)
            let flags = CacheFlags(rawValue: memcached_result_flags(result))
            found = (CacheEntry(bytes: Array(bytes), flags: flags), memcached_result_cas(result))
            memcached_result_free(result)
        }
        guard [MEMCACHED_SUCCESS, MEMCACHED_END, MEMCACHED_NOTFOUND].contains(code) else { throw unavailable(code) }
        return found
    }
}
