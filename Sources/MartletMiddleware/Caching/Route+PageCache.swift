public import FoundationEssentials
public import MartletCache
public import MartletHTTP
public import MartletRouting

extension Route {
    /// Keeps the route's answers in the cache; see ``PageCache`` for which.
    ///
    /// ```swift
    /// path("archive/<int:year>/", archive, name: "archive").cachePage(for: .minutes(5))
    /// ```
    ///
    /// - Parameters:
    ///   - lifetime: How long, whatever `max-age` an answer has.
    ///   - keyPrefix: Begins the keys of pages, beside the cache's own prefix.
    ///   - cache: The cache; that of the task's site unless told.
    ///   - now: The time; the system's unless told.
    ///
    /// Source: Django, [`cache_page`](https://docs.djangoproject.com/en/5.2/topics/cache/#the-per-view-cache).
    public func cachePage(
        for lifetime: Duration, keyPrefix: String = "martlet",
        cache: @escaping @Sendable () -> Cache = { Cache.current }, now: @escaping @Sendable () -> Date = { .now }
    ) -> Route {
        middleware(
            PageCache(
                lifetime, overridesMaxAge: true, anonymousOnly: false, sessionCookie: "", keyPrefix: keyPrefix, cache,
                now))
    }

    /// Says with each answer that nobody may keep it.
    ///
    /// Source: Django, [`never_cache`](https://docs.djangoproject.com/en/5.2/topics/http/decorators/#caching).
    public func neverCached() -> Route { middleware(NeverCache()) }

    /// Says with each answer who may keep it, and how long.
    ///
    /// ```swift
    /// path("feed/", feed).cacheControl(.public, .maxAge(.minutes(5)))
    /// ```
    ///
    /// Source: Django, `cache_control`.
    public func cacheControl(_ directives: CacheDirective...) -> Route {
        middleware(CacheControl(directives))
    }

    /// Says with each answer which fields of the request it depends on.
    ///
    /// Source: Django, `vary_on_headers`, `vary_on_cookie`.
    public func vary(on names: HeaderName...) -> Route { middleware(VaryOn(names)) }
}

/// Says that nobody may keep the answer.
private struct NeverCache: Middleware {
    func respond(to request: Request, next: Handler) async throws -> Response {
        var response = try await next(request)
        response.neverCache()
        return response
    }
}

/// Says who may keep the answer.
private struct CacheControl: Middleware {
    private let directives: [CacheDirective]

    init(_ directives: [CacheDirective]) { self.directives = directives }

    func respond(to request: Request, next: Handler) async throws -> Response {
        var response = try await next(request)
        response.patchCacheControl(directives)
        return response
    }
}

/// Says what the answer depends on.
private struct VaryOn: Middleware {
    private let names: [HeaderName]

    init(_ names: [HeaderName]) { self.names = names }

    func respond(to request: Request, next: Handler) async throws -> Response {
        var response = try await next(request)
        for name in names { response.headers.addVary(name) }
        return response
    }
}
