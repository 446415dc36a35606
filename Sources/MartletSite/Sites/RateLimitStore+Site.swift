import MartletCache
public import MartletMiddleware

extension RateLimitStore where Self == CacheRateLimitStore {
    /// Counts in the cache of the current task's site: for all of its processes, where that is Memcached.
    public static var siteCache: CacheRateLimitStore { CacheRateLimitStore { Cache.current } }
}
