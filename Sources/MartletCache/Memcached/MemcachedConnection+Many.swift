internal import CMemcached

/// Many keys with one question.
extension MemcachedConnection {
    /// The entries of several keys; those without one are left out.
    func getMany(_ keys: [String]) throws(CacheError) -> [String: CacheEntry] {
        var found: [String: CacheEntry] = [:]
        found.reserveCapacity(keys.count)
        try fetch(keys) { key, entry, _ in found[String(decoding: key, as: UTF8.self)] = entry }
        return found
    }

    /// Stores several entries.
    ///
    /// - Returns: The keys of those that are too large; nothing is under them now.
    func setMany(
        _ entries: [(key: String, entry: CacheEntry)], expiration: Int
    ) throws(CacheError) -> [String] {
        var failed: [String] = []
        for (key, entry) in entries {
            do throws(CacheError) {
                try set(key, entry, expiration: expiration)
            } catch {
                guard case .tooLarge = error else { throw error }
                _ = try delete(key)
                failed.append(key)
            }
        }
        return failed
    }

    /// Asks for keys, and hands out what comes: key, entry, and the number of the entry's state where that was asked for.
    func fetch(
        _ keys: [String], _ body: (UnsafeRawBufferPointer, CacheEntry, UInt64) -> Void
    ) throws(CacheError) {
        begin()
        let lengths = keys.map(\.utf8.count)
        let bytes = keys.flatMap { Array($0.utf8) }.map { CChar(bitPattern: $0) }
        let asked = bytes.withUnsafeBufferPointer { bytes in
            var next = 0
            let starts = lengths.map { length -> UnsafePointer<CChar>? in
                defer { next += length }
                return bytes.baseAddress?.advanced(by: next)
            }
            return memcached_mget(client, starts, lengths, keys.count)
        }
        guard asked == MEMCACHED_SUCCESS else { throw unavailable(asked) }
        var code = MEMCACHED_SUCCESS
        // Fetched to the end: what is left of an answer would be the next command's.
        while let result = memcached_fetch_result(client, nil, &code) {
            let key = UnsafeRawBufferPointer(
                start: memcached_result_key_value(result), count: memcached_result_key_length(result))
            let value = UnsafeRawBufferPointer(
                start: memcached_result_value(result), count: memcached_result_length(result))
            let flags = CacheFlags(rawValue: memcached_result_flags(result))
            body(key, CacheEntry(bytes: Array(value), flags: flags).unpacked, memcached_result_cas(result))
            memcached_result_free(result)
            // Each entry has the whole time.
            begin()
        }
        guard [MEMCACHED_SUCCESS, MEMCACHED_END, MEMCACHED_NOTFOUND].contains(code) else { throw unavailable(code) }
    }
}
