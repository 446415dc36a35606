import MartletCache
import MartletCrypto
import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletRouting
import MartletTiming
import Testing

@Suite struct RateTests {
    // As Django REST framework's `parse_rate`; other words, which it takes by their first letter, are refused.
    @Test(arguments: [
        ("3/sec", "3/second"), ("3/s", "3/second"), ("6/min", "6/minute"), ("10/minute", "10/minute"),
        ("1/hour", "1/hour"), ("100/d", "100/day"), ("0/day", "0/day"), ("1", nil), ("/s", nil), ("1/", nil),
        ("1/week", nil), ("-1/s", nil), ("+1/s", nil), ("1/s/s", nil), ("99999999999999999999/s", nil), ("", nil),
        ("١/s", nil),
    ])
    func `a rate is read as settings have it`(_ text: String, _ rate: String?) {
        #expect(Rate(text)?.description == rate)
    }

    @Test func `no period is shorter than a second`() {
        #expect(Rate.Period.seconds(0).seconds == 1)
        #expect(Rate.Period.seconds(-5).seconds == 1)
        #expect(Rate.Period.hours(.max).seconds == 366 * 86_400)
        #expect(Rate.requests(2, per: .seconds(90)).description == "2/90s")
        #expect(Rate.requests(-2, per: .minute).count == 0)
    }
}

@Suite struct RateLimitTests {
    /// Where requests are counted: what holds, holds in both.
    enum Place: String, Sendable, CaseIterable {
        case memory, cache

        func store(_ time: ManualTime) -> any RateLimitStore {
            guard self == .cache else { return MemoryRateLimitStore() }
            let cache = Cache(MemoryBackend(now: time.source.now))
            return CacheRateLimitStore { cache }
        }
    }

    private static func statuses(
        _ count: Int, _ layer: RateLimit, peer: String = "192.0.2.1", headers: KeyValuePairs<String, String> = [:]
    ) async throws -> [Int] {
        var statuses: [Int] = []
        for _ in 0..<count {
            do {
                let request = try Request.make(headers: headers, peer: peer)
                statuses.append(try await layer.respond(to: request, next: echo).status.code)
            } catch let error as HTTPError {
                statuses.append(error.status.code)
            }
        }
        return statuses
    }

    // Django REST framework, tests/test_throttling.py: `User3SecRateThrottle`.
    @Test(arguments: Place.allCases)
    func `requests beyond the rate are refused until the period is over`(_ place: Place) async throws {
        let time = ManualTime()
        let layer = RateLimit(.requests(3, per: .second), in: place.store(time), time: time.source)
        #expect(try await Self.statuses(5, layer) == [200, 200, 200, 429, 429])
        time.advance(by: .milliseconds(999))
        #expect(try await Self.statuses(1, layer) == [429])
        time.advance(by: .milliseconds(1))
        #expect(try await Self.statuses(4, layer) == [200, 200, 200, 429])
    }

    @Test(arguments: Place.allCases)
    func `a period begins with the first request`(_ place: Place) async throws {
        let time = ManualTime()
        let layer = RateLimit(.requests(2, per: .minute), in: place.store(time), time: time.source)
        #expect(try await Self.statuses(1, layer) == [200])
        time.advance(by: .seconds(59))
        #expect(try await Self.statuses(2, layer) == [200, 429])
        time.advance(by: .seconds(1))
        #expect(try await Self.statuses(3, layer) == [200, 200, 429])
    }

    @Test(arguments: Place.allCases)
    func `limits of other names and clients are counted by themselves`(_ place: Place) async throws {
        let time = ManualTime()
        let store = place.store(time)
        let first = RateLimit(.requests(1, per: .minute), name: "first", in: store, time: time.source)
        let second = RateLimit(.requests(1, per: .minute), name: "second", in: store, time: time.source)
        #expect(try await Self.statuses(2, first) == [200, 429])
        #expect(try await Self.statuses(2, second) == [200, 429])
        #expect(try await Self.statuses(2, first, peer: "192.0.2.2") == [200, 429])
    }

    @Test(arguments: Place.allCases)
    func `requests at the same time are all counted`(_ place: Place) async throws {
        let time = ManualTime()
        let layer = RateLimit(.requests(10, per: .minute), in: place.store(time), time: time.source)
        let passed = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 { group.addTask { try await Self.statuses(1, layer)[0] } }
            return try await group.reduce(0) { $0 + ($1 == 200 ? 1 : 0) }
        }
        #expect(passed == 10)
    }

    @Test func `a count in a cache goes beyond a million without beginning anew`() async throws {
        let time = ManualTime()
        let cache = Cache(MemoryBackend(now: time.source.now))
        let store = CacheRateLimitStore { cache }
        let first = await store.count("a", for: .day, now: .zero)
        let key = CacheKey("ratelimit:" + Base64URL.encode(try Digest.sha256(of: Array("a".utf8))))
        _ = try await cache.incr(key, by: 2_000_000)
        let later = await store.count("a", for: .day, now: .seconds(60))
        #expect(later?.requests == 2_000_002)
        #expect(later?.end == first?.end)
    }

    @Test func `a rate of nothing refuses everything`() async throws {
        #expect(try await Self.statuses(2, RateLimit(.requests(0, per: .day))) == [429, 429])
    }

    struct Client: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let first: String
        let second: String
        let isOne: Bool
    }

    static let clients = [
        Client(testDescription: "the same", first: "192.0.2.1", second: "192.0.2.1", isOne: true),
        Client(testDescription: "neighbours in IPv4", first: "192.0.2.1", second: "192.0.2.2", isOne: false),
        Client(testDescription: "one customer's IPv6", first: "2001:db8::1", second: "2001:db8::ffff:1", isOne: true),
        Client(testDescription: "two networks", first: "2001:db8::1", second: "2001:db8:0:1::1", isOne: false),
        Client(testDescription: "both forms of IPv4", first: "::ffff:192.0.2.1", second: "192.0.2.1", isOne: true),
        Client(testDescription: "IPv4 in IPv6", first: "::ffff:192.0.2.1", second: "::ffff:192.0.2.2", isOne: false),
    ]

    @Test(arguments: clients)
    func `a client is an address, or a network of IPv6`(_ example: Client) async throws {
        let layer = RateLimit(.requests(1, per: .day), time: ManualTime().source)
        #expect(try await Self.statuses(1, layer, peer: example.first) == [200])
        #expect(try await Self.statuses(1, layer, peer: example.second) == [example.isOne ? 429 : 200])
    }

    @Test func `clients are told apart by a header, and without it by their address`() async throws {
        let layer = RateLimit(
            .requests(1, per: .day), by: .header(.authorization), time: ManualTime().source)
        #expect(try await Self.statuses(2, layer, headers: ["Authorization": "Token a"]) == [200, 429])
        #expect(try await Self.statuses(2, layer, headers: ["Authorization": "Token b"]) == [200, 429])
        // Nobody takes an address's share by sending the address as a key.
        #expect(try await Self.statuses(2, layer, headers: ["Authorization": "192.0.2.1"]) == [200, 429])
        #expect(try await Self.statuses(2, layer) == [200, 429])
    }

    @Test func `a key of one's own may leave requests out`() async throws {
        let byUser = RateLimitKey { request in request.headers[.origin] }
        let layer = RateLimit(.requests(1, per: .day), by: byUser, time: ManualTime().source)
        #expect(try await Self.statuses(2, layer, headers: ["Origin": "ann"]) == [200, 429])
        #expect(try await Self.statuses(3, layer) == [200, 200, 200])
        let together = RateLimit(.requests(1, per: .day), by: .everyone, time: ManualTime().source)
        #expect(try await Self.statuses(1, together, peer: "192.0.2.1") == [200])
        #expect(try await Self.statuses(1, together, peer: "192.0.2.2") == [429])
    }

    @Test func `responses say what is left`() async throws {
        let time = ManualTime()
        let urls = URLs { path("", { _ in Response("page") }) }
        let layer = RateLimit(.requests(2, per: .minute), name: "a\"pi\u{e9}", time: time.source)
        let handler = Dispatcher(try RouteTable(urls), middleware: [layer]).handler
        let first = try await handler(.make())
        #expect(first.headers.values(HeaderName(literal: "RateLimit-Policy")) == ["\"api\";q=2;w=60"])
        #expect(first.headers.values(HeaderName(literal: "RateLimit")) == ["\"api\";r=1;t=60"])
        #expect(first.headers[.retryAfter] == nil)
        time.advance(by: .milliseconds(17_500))
        #expect(try await handler(.make()).headers[HeaderName(literal: "RateLimit")] == "\"api\";r=0;t=43")
        let refused = try await handler(.make(headers: ["Accept": "application/json"]))
        #expect(refused.status == .tooManyRequests)
        #expect(refused.headers[.retryAfter] == "43")
        #expect(refused.headers[HeaderName(literal: "RateLimit")] == "\"api\";r=0;t=43")
        #expect(refused.text == #"{"detail":"Too many requests. Try again in 43 seconds."}"#)
    }

    @Test func `a route has a limit of its own, and each route of an included table`() async throws {
        let time = ManualTime()
        let inner = URLs {
            path("a/", { _ in Response("a") })
            path("b/", { _ in Response("b") })
        }
        let urls = URLs {
            path("login/", { _ in Response("login") }).rateLimit(.requests(1, per: .minute), time: time.source)
            include("api/", inner).rateLimit(.requests(2, per: .minute), time: time.source)
            path("page/", { _ in Response("page") })
        }
        let site = RateLimit(.requests(100, per: .minute), time: time.source)
        let handler = Dispatcher(try RouteTable(urls), middleware: [site]).handler
        var codes: [String: [Int]] = [:]
        for page in ["/login/", "/api/a/", "/api/b/", "/page/"] {
            for _ in 0..<3 { codes[page, default: []].append(try await handler(.make(.get, page)).status.code) }
        }
        #expect(
            codes == [
                "/login/": [200, 429, 429], "/api/a/": [200, 200, 429], "/api/b/": [200, 200, 429],
                "/page/": [200, 200, 200],
            ])
        let both = try await handler(.make(.get, "/api/a/"))
        #expect(both.headers.values(HeaderName(literal: "RateLimit")).count == 2)
    }

    @Test func `while the cache is down requests pass, and the log says so now and then`() async throws {
        let (time, sink) = (ManualTime(), MemorySink())
        let cache = Cache(try MemcachedBackend(at: "unix:/nonexistent/martlet.sock"))
        let layer = RateLimit(
            .requests(1, per: .minute), name: "api", in: CacheRateLimitStore { cache }, time: time.source)
        try await Logger.with(LogSettings(sink: sink)) {
            var statuses = try await Self.statuses(5, layer)
            time.advance(by: .seconds(9))
            statuses += try await Self.statuses(1, layer)
            #expect(sink.events(named: "rate_limit_unavailable").count == 1)
            time.advance(by: .seconds(10))
            statuses += try await Self.statuses(1, layer)
            #expect(statuses == Array(repeating: 200, count: 7))
        }
        #expect(sink.events(named: "rate_limit_unavailable").map { $0["limit"] } == [.string("api"), .string("api")])
    }

    @Test func `what stands under a key and is no count is no error`() async throws {
        let time = ManualTime()
        let store = Place.cache.store(time)
        // A count whose period is over and that the cache still has, as a clock that is behind leaves it.
        #expect(await store.count("a", for: .seconds(1), now: time.sinceEpoch)?.requests == 1)
        let later = time.sinceEpoch + .seconds(5)
        #expect(
            await store.count("a", for: .minute, now: later) == RateLimitCount(requests: 1, end: later + .seconds(60)))
        #expect(await store.count("a", for: .minute, now: later)?.requests == 2)
    }

    @Test func `a flood of clients takes no more memory than there is room`() async throws {
        let store = MemoryRateLimitStore(maximumKeys: 100)
        let now = Duration.seconds(1_000)
        for number in 0..<10_000 {
            _ = await store.count("\(number)", for: .day, now: now)
            // Whoever comes again and again is not pushed out by those who come once.
            let steady = await store.count("steady", for: .day, now: now)
            #expect(steady?.requests == number + 1)
        }
        #expect(store.keyCount <= 100)
    }
}
