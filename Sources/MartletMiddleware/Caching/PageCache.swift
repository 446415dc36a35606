public import FoundationEssentials
public import MartletCache
public import MartletHTTP
import MartletSessions

/// Keeps whole answers in the cache, and answers from there without the view.
///
/// ```swift
/// path("archive/", archive, name: "archive").cachePage(for: .minutes(5))     // one route
/// [RequestLog(), AllowedHosts(…), PageCache(for: .minutes(5), anonymousOnly: true), Sessions(…), …]   // the site
/// ```
///
/// | answer | is |
/// | --- | --- |
/// | 200 to `GET` or `HEAD`, content in memory | kept, for each value of the fields that its `Vary` names |
/// | 304, or of another status | not kept |
/// | a stream, a file | not kept |
/// | with `Set-Cookie` | not kept |
/// | `Cache-Control: private`, `no-cache` or `no-store`, `Vary: *` | not kept |
/// | to a request with `Authorization` | neither kept nor taken from the cache, unless it is `public` |
/// | with a CSRF token or a nonce of the content security policy in it | not kept |
/// | that shows messages, or leaves some for the next page | not kept |
/// | of a view that has read the session, or found no messages | kept for each `Cookie` |
///
/// What is kept has `Expires` and `Cache-Control: max-age`, and `Age` when it comes from the cache. A cache that is down is
/// a miss.
///
/// Keys are made as Django's, with the prefix `martlet`: a page of Django is a pickled Python object, which nobody else
/// reads, so each side has its own pages. A site-wide layer stands outside of ``MartletSessions/Sessions``, whose cookies
/// it has to see.
///
/// Source: Django, [the per-site cache](https://docs.djangoproject.com/en/5.2/topics/cache/#the-per-site-cache).
public struct PageCache: OrderedMiddleware {
    private let lifetime: Duration
    private let overridesMaxAge: Bool
    private let anonymousOnly: Bool
    private let sessionCookie: String
    private let keyPrefix: String
    private let cache: @Sendable () -> Cache
    private let now: @Sendable () -> Date
    private let known = KnownPages()

    /// Makes the layer.
    ///
    /// - Parameters:
    ///   - lifetime: How long pages are kept that do not say so by `max-age`. Zero and less: not at all.
    ///   - anonymousOnly: Whether requests that carry the session's cookie go past the cache.
    ///   - sessionCookie: That cookie's name.
    ///   - keyPrefix: Begins the keys of pages, beside the cache's own prefix; Django's `CACHE_MIDDLEWARE_KEY_PREFIX`.
    ///   - cache: The cache; that of the task's site unless told.
    ///   - now: The time; the system's unless told.
    public init(
        for lifetime: Duration, anonymousOnly: Bool = false, sessionCookie: String = "sessionid",
        keyPrefix: String = "martlet", cache: @escaping @Sendable () -> Cache = { Cache.current },
        now: @escaping @Sendable () -> Date = { .now }
    ) {
        self.init(
            lifetime, overridesMaxAge: false, anonymousOnly: anonymousOnly, sessionCookie: sessionCookie,
            keyPrefix: keyPrefix, cache, now)
    }

    /// - Parameter overridesMaxAge: Whether pages are kept for `lifetime` whatever `max-age` they have.
    init(
        _ lifetime: Duration, overridesMaxAge: Bool, anonymousOnly: Bool, sessionCookie: String, keyPrefix: String,
        _ cache: @escaping @Sendable () -> Cache, _ now: @escaping @Sendable () -> Date
    ) {
        self.lifetime = lifetime
        self.overridesMaxAge = overridesMaxAge
        self.anonymousOnly = anonymousOnly
        self.sessionCookie = sessionCookie
        self.keyPrefix = keyPrefix
        self.cache = cache
        self.now = now
    }

    /// What is kept must be whole, and not for one client.
    public static let order: [MiddlewareOrder] = [
        .outside(Sessions.self, because: "an answer that sets a session's cookie must not be kept"),
        .inside(ContentSecurity.self, because: "a page with a nonce in it must not be kept"),
        .inside(ConditionalGet.self, because: "a kept page is compared with what the client has"),
        .inside(ResponseCompression.self, because: "a page is kept once, and compressed for each client"),
        .inside(RequestLog.self, because: "requests that the cache answers are logged, too"),
        .inside(RequestID.self, because: "each answer has its own id"),
    ]

    /// Answers from the cache, or by the view, whose answer is kept.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        guard request.method == .get || request.method == .head, !isForUser(request) else {
            return try await next(request)
        }
        let cache = cache()
        guard let keys = try known.keys(of: request, prefix: keyPrefix, cache) else { return try await next(request) }
        let page = try await kept(keys, request, cache)
        cache.countPage(wasKept: page != nil)
        if let page { return page }
        var response = try await next(request)
        try await keep(&response, keys, request, cache)
        return response
    }

    private func isForUser(_ request: Request) -> Bool {
        anonymousOnly && request.headers.contains(.cookie) && request.cookies[sessionCookie] != nil
    }

    // MARK: From the cache

    private nonisolated(nonsending) func kept(
        _ keys: PageKeys, _ request: Request, _ cache: Cache
    ) async throws -> Response? {
        guard let names = try await cache.availableEntry(keys.header),
            let fields = PageKeys.fields(in: names), let name = try keys.page(request, fields, method: .get, cache)
        else { return nil }
        var entry = try await cache.availableEntry(name)
        if entry == nil, request.method == .head, let name = try keys.page(request, fields, method: .head, cache) {
            entry = try await cache.availableEntry(name)
        }
        guard let entry, let page = CachedPage(entry) else { return nil }
        var response = page.response
        if request.headers.contains(.authorization), !response.cacheDirectives.contains(.public) { return nil }
        response.headers.setUnchecked(.age, String(max(0, Self.seconds(now()) - page.storedAt)))
        return response
    }

    private static func seconds(_ date: Date) -> Int {
        Int(min(max(date.timeIntervalSince1970, 0), 1e15))
    }

    // MARK: Into the cache

    private func keep(
        _ response: inout Response, _ keys: PageKeys, _ request: Request, _ cache: Cache
    ) async throws {
        let scope = request.storage.scope
        let hasReadSession = (try? request.session)?.isAccessed == true
        if hasReadSession || scope > .everyone { response.headers.addVary(.cookie) }
        guard response.status == .ok || response.status == .notModified, let content = response.body.bytes,
            !response.isForOneClient, scope < .oneAnswer, !request.hasOneTimeContent
        else { return }
        let age = lifetime(of: response)
        guard age > .zero else { return }
        if request.headers.contains(.authorization), !response.cacheDirectives.contains(.public) {
            // What is not kept here may be kept on the way (RFC 9111 §3.5).
            response.headers.addVary(.authorization)
            return
        }
        response.patchLifetime(age, now: now())
        guard response.status == .ok else { return }
        let fields = keys.fields(of: response)
        guard let name = try keys.page(request, fields, method: request.method, cache) else { return }
        let page = CachedPage.entry(of: response, content, storedAt: Self.seconds(now()))
        try await cache.storeAvailableEntries(
            [(keys.header, PageKeys.entry(of: fields)), (name, page)],
            for: CacheLifetime(age))
    }

    /// As Django: the route's own, or else `max-age`, or else the layer's.
    private func lifetime(of response: Response) -> Duration {
        if overridesMaxAge { return lifetime }
        return response.maxAge.map { .seconds(min($0, 1 << 40)) } ?? lifetime
    }
}

extension Response {
    /// Whether the answer says that others must not have it.
    fileprivate var isForOneClient: Bool {
        if headers.contains(.setCookie) || varies(on: "*") { return true }
        return cacheDirectives.contains { ["private", "no-cache", "no-store"].contains($0.name) }
    }
}

extension Request {
    /// Whether the view has asked for what is good in one answer only: a layer further out sets a cookie or a header that
    /// belongs to it.
    fileprivate var hasOneTimeContent: Bool {
        storage[CSRFState.self]?.secretToSet != nil || storage[PolicyNonce.self]?.isMade == true
            || (try? session)?.isModified == true
    }
}

extension HeaderName {
    /// `Age`: for how many seconds a cache has kept the answer.
    static let age = HeaderName(unchecked: "Age")
}
