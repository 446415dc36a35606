import MartletCache
import MartletHTTP
import Synchronization

/// The keys of addresses that were asked for of late, so that a page from the cache costs neither a digest nor the making of
/// keys, which take longer than to find it in memory.
final class KnownPages: Sendable {
    /// What an address is made of.
    private struct Address: Hashable {
        let isSecure: Bool
        let host: String
        let path: String
        let query: String
        let language: String?

        var size: Int { host.utf8.count + path.utf8.count + query.utf8.count }
    }

    /// Anybody can ask for any number of addresses, of any length: all are forgotten when there are too many. Each layer has
    /// its own, so that they take 200 KiB at most for a route.
    private static let limit = 256
    private static let maximumSize = 256

    /// Held to look or to note something.
    private let keys = Mutex<[Address: PageKeys]>([:])

    /// The keys of a request's address.
    ///
    /// - Returns: `nil` for a request whose host cannot be, and where there are no digests.
    /// - Throws: ``MartletCache/CacheError/invalidKey(key:reason:)`` for a prefix that no key can have.
    func keys(of request: Request, prefix: String, _ cache: Cache) throws(CacheError) -> PageKeys? {
        guard let host = request.writtenHost else { return nil }
        let address = Address(
            isSecure: request.isSecure, host: host, path: request.path, query: request.queryString,
            language: request.language)
        if let known = keys.withLock({ $0[address] }), known.belong(to: cache) { return known }
        guard let made = try PageKeys(request, prefix: prefix, cache) else { return nil }
        if address.size <= Self.maximumSize {
            keys.withLock { keys in
                if keys.count >= Self.limit { keys.removeAll() }
                keys[address] = made
            }
        }
        return made
    }
}
