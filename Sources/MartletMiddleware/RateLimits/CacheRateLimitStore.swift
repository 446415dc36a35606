public import MartletCache
import MartletCrypto

/// Counts requests in a cache, which all processes of a site share.
///
/// One number holds the count and, above it, the end of the period in whole seconds, so that counting up is one step that
/// tells both. The key is a digest: what identifies a client stands in no cache.
public struct CacheRateLimitStore: RateLimitStore {
    private let cache: @Sendable () -> Cache

    /// A thousand million requests in a period; the rest holds seconds for some centuries.
    private static let countBits = 30

    /// Makes a store.
    ///
    /// - Parameter cache: The cache, asked for with each request.
    public init(_ cache: @escaping @Sendable () -> Cache) {
        self.cache = cache
    }

    /// Counts a request; `nil` when the cache is down.
    public func count(_ key: String, for period: Rate.Period, now: Duration) async -> RateLimitCount? {
        let cache = cache()
        let start = Self.number(1, end: now + .seconds(period.seconds))
        let lifetime = CacheLifetime.seconds(period.seconds)
        do {
            let key = CacheKey("ratelimit:" + Base64URL.encode(try Digest.sha256(of: Array(key.utf8))))
            if let number = try await cache.incr(key), let count = Self.count(number, after: now) { return count }
            if try await cache.add(key, start, for: lifetime) { return Self.count(start, after: now) }
            // Another process was faster; or the period is over and the entry is not gone yet; or the cache is down.
            guard let number = try await cache.incr(key) else { return nil }
            if let count = Self.count(number, after: now) { return count }
            try await cache.set(key, start, for: lifetime)
            return Self.count(start, after: now)
        } catch {
            // Something else stands under the key, or there is no memory for a digest.
            return nil
        }
    }

    private static func number(_ requests: Int, end: Duration) -> Int {
        // The end of the second in which the period ends, so that none is shorter than it says.
        (Int(end.components.seconds) + (end.components.attoseconds > 0 ? 1 : 0)) << countBits | requests
    }

    /// - Returns: `nil` when the period is over.
    private static func count(_ number: Int, after now: Duration) -> RateLimitCount? {
        let end = Duration.seconds(number >> countBits)
        guard now < end else { return nil }
        return RateLimitCount(requests: number & (1 << countBits - 1), end: end)
    }
}
