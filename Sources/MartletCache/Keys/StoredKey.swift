/// A key as the back end of a cache has it, so that what is asked for often is put together and looked at once.
package struct StoredKey: Sendable {
    let text: String
    fileprivate let prefix: String
    fileprivate let version: Int
}

extension Cache {
    /// A key as this cache's back end has it.
    ///
    /// - Throws: ``CacheError/invalidKey(key:reason:)``.
    package func storedKey(_ key: CacheKey) throws(CacheError) -> StoredKey {
        StoredKey(text: try full(key), prefix: prefix, version: version)
    }

    /// Whether a key was made for a cache like this one.
    package func isOwn(_ key: StoredKey) -> Bool { key.version == version && key.prefix == prefix }
}
