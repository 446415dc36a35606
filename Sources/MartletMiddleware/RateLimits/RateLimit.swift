public import MartletHTTP
import MartletLogging
public import MartletRouting
public import MartletTiming

/// Refuses the requests of a client that sends more than its share, with 429.
///
/// ```swift
/// RateLimit(.requests(100, per: .minute))
/// RateLimit(.requests(1_000, per: .hour), by: .header(.authorization), name: "api", in: .siteCache)
///
/// path("login/", login).rateLimit(.requests(5, per: .minute))
/// ```
///
/// A period begins with a client's first request; when it is over, the next one begins the next. Requests that are
/// refused change nothing. Responses have `RateLimit-Policy` and `RateLimit` with what is left and for how long; a
/// refusal has `Retry-After`.
///
/// While nobody can count, since the cache is down, requests are let through, and the event `rate_limit_unavailable` says
/// so every ten seconds.
///
/// Source: [RateLimit header fields for HTTP](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/),
/// draft 10; [RFC 6585 §4](https://www.rfc-editor.org/rfc/rfc6585#section-4).
public struct RateLimit: Middleware {
    private let rate: Rate
    private let key: RateLimitKey
    private let store: any RateLimitStore
    private let time: TimeSource
    /// `nil`: each route by itself.
    private let name: String?
    private let policyName: String
    private let policy: String
    private let outages = RateLimitOutages()

    /// Makes the layer; inside what finds out who the client is.
    ///
    /// - Parameters:
    ///   - rate: How many requests in how much time.
    ///   - key: Whose requests are counted together; the client's address unless told.
    ///   - name: Tells the limit from others in the same store, and stands in the response: printable ASCII without `"`
    ///     and `\`.
    ///   - store: Where requests are counted; in this process unless told.
    ///   - time: Where the time comes from; the system's unless told.
    public init(
        _ rate: Rate, by key: RateLimitKey = .clientAddress, name: String = "default",
        in store: any RateLimitStore = MemoryRateLimitStore(), time: TimeSource = .system
    ) {
        self.init(rate, key, name: name, policyName: name, store, time)
    }

    init(
        _ rate: Rate, _ key: RateLimitKey, name: String?, policyName: String, _ store: any RateLimitStore,
        _ time: TimeSource
    ) {
        self.rate = rate
        self.key = key
        self.store = store
        self.time = time
        self.name = name
        let quotable = policyName.unicodeScalars.filter { (0x20...0x7E).contains($0.value) && $0 != "\"" && $0 != "\\" }
        self.policyName = "\"\(String(String.UnicodeScalarView(quotable)))\""
        policy = "\(self.policyName);q=\(rate.count);w=\(rate.period.seconds)"
    }

    /// Answers the request, or refuses it.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        guard let client = try await key.key(request) else { return try await next(request) }
        if outages.isOpen(at: time.now()) { return try await next(request) }
        let now = time.sinceEpoch()
        let scope = name ?? request.route.map { "/" + $0.pattern } ?? request.path
        guard let count = await store.count("\(scope) \(client)", for: rate.period, now: now) else {
            outages.tell(scope, at: time.now())
            return try await next(request)
        }
        let seconds = Self.seconds(until: count.end, from: now)
        let left = max(0, rate.count - count.requests)
        guard count.requests <= rate.count else {
            var headers = Headers()
            headers.addUnchecked(.retryAfter, "\(seconds)")
            add(left, seconds, to: &headers)
            throw HTTPError(
                .tooManyRequests, "Too many requests. Try again in \(seconds) second\(seconds == 1 ? "" : "s").",
                headers: headers)
        }
        var response = try await next(request)
        add(left, seconds, to: &response.headers)
        return response
    }

    private func add(_ left: Int, _ seconds: Int, to headers: inout Headers) {
        headers.addUnchecked(.rateLimitPolicy, policy)
        headers.addUnchecked(.rateLimit, "\(policyName);r=\(left);t=\(seconds)")
    }

    /// Whole seconds, rounded up: whoever comes back then is not too early.
    private static func seconds(until end: Duration, from now: Duration) -> Int {
        let (seconds, attoseconds) = (end - now).components
        return max(1, Int(seconds) + (attoseconds > 0 ? 1 : 0))
    }
}

extension Route {
    /// Limits how often a client may come to this route, or to any route of an included table, each by itself.
    ///
    /// - Parameters:
    ///   - rate: How many requests in how much time.
    ///   - key: Whose requests are counted together; the client's address unless told.
    ///   - store: Where requests are counted; in this process unless told.
    ///   - time: Where the time comes from; the system's unless told.
    public func rateLimit(
        _ rate: Rate, by key: RateLimitKey = .clientAddress, in store: any RateLimitStore = MemoryRateLimitStore(),
        time: TimeSource = .system
    ) -> Route {
        middleware(RateLimit(rate, key, name: nil, policyName: "route", store, time))
    }
}

extension HeaderName {
    /// `RateLimit`: what is left.
    static let rateLimit = HeaderName(unchecked: "RateLimit")
    /// `RateLimit-Policy`: how much there is.
    static let rateLimitPolicy = HeaderName(unchecked: "RateLimit-Policy")
}
