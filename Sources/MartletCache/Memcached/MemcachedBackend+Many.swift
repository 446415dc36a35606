/// Many keys: one question to each of their servers, all at the same time.
extension MemcachedBackend {
    /// The entries of several keys.
    ///
    /// - Throws: ``CacheError/unavailable(reason:)`` where no server has answered; the keys of one that has not are misses.
    public func getMany(_ keys: [String]) async throws(CacheError) -> [String: CacheEntry] {
        let found = try await each(grouped(keys)) { connection, keys throws(CacheError) in
            try connection.getMany(keys)
        }
        return found.reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }
    }

    /// Stores several entries.
    ///
    /// - Returns: The keys of what is too large, and of servers that have not answered while others have.
    public func setMany(
        _ entries: [String: CacheEntry], for lifetime: CacheLifetime
    ) async throws(CacheError) -> [String] {
        let expiration = Self.expiration(lifetime)
        let stored = try await each(grouped(Array(entries.keys))) { connection, keys throws(CacheError) in
            let chosen = keys.compactMap { key in entries[key].map { (key, $0) } }
            let failed = Set(try connection.setMany(chosen, expiration: expiration))
            return keys.filter { !failed.contains($0) }
        }
        let done = Set(stored.joined())
        return entries.keys.filter { !done.contains($0) }
    }

    /// Removes several entries.
    public func deleteMany(_ keys: [String]) async throws(CacheError) {
        _ = try await each(grouped(keys)) { connection, keys throws(CacheError) in
            for key in keys { _ = try connection.delete(key) }
        }
    }

    /// Runs a command on each server with its keys.
    ///
    /// - Returns: What those have answered that have.
    /// - Throws: The error of one, where none has.
    private func each<R: Sendable>(
        _ groups: [(pool: MemcachedPool, keys: [String])],
        _ command: @escaping @Sendable (MemcachedConnection, [String]) throws(CacheError) -> R
    ) async throws(CacheError) -> [R] {
        if groups.count == 1 {
            let keys = groups[0].keys
            return [
                try await groups[0].pool.run { connection throws(CacheError) in try command(connection, keys) }
            ]
        }
        let results = await withTaskGroup(of: Result<R, CacheError>.self) { tasks in
            for (pool, keys) in groups {
                tasks.addTask {
                    do throws(CacheError) {
                        return .success(
                            try await pool.run { connection throws(CacheError) in try command(connection, keys) })
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await tasks.reduce(into: []) { $0.append($1) }
        }
        let answers = results.compactMap { try? $0.get() }
        if answers.isEmpty, let first = results.first { _ = try first.get() }
        return answers
    }
}
