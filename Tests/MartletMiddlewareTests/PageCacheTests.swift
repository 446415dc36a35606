import FoundationEssentials
import MartletCache
import MartletHTTP
import MartletMiddleware
import MartletRouting
import MartletSessions
import Synchronization
import TestPrograms
import Testing

/// Source of the expectations: Django's tests/cache/tests.py, `CacheMiddlewareTest` and `CacheHEADTest`.
@Suite struct PageCacheTests {
    /// Counts how often a view has run, and says what it answers.
    private final class View: Sendable {
        private let runs = Atomic<Int>(0)
        private let answer: @Sendable (Request, Int) throws -> Response
        init(_ answer: @escaping @Sendable (Request, Int) throws -> Response) { self.answer = answer }
        var count: Int { runs.load(ordering: .relaxed) }
        var handler: Handler {
            { request in
                try self.answer(request, self.runs.wrappingAdd(1, ordering: .relaxed).newValue)
            }
        }
    }

    private final class Clock: Sendable {
        private let start = ContinuousClock.now
        private let passed = Mutex(0.0)
        var now: Date { Date(timeIntervalSince1970: 1_767_268_800 + passed.withLock { $0 }) }
        var instant: ContinuousClock.Instant { start + .seconds(passed.withLock { $0 }) }
        func advance(_ seconds: Double) { passed.withLock { $0 += seconds } }
    }

    private let cache: Cache
    private let clock: Clock

    /// The cache and the layer have the same clock, which goes when a test says so.
    init() {
        let clock = Clock()
        self.clock = clock
        cache = Cache(MemoryBackend { clock.instant })
    }

    private func handler(
        _ view: View, anonymousOnly: Bool = false, around layers: [any Middleware] = [],
        inside others: [any Middleware] = []
    ) -> Handler {
        let layer = PageCache(
            for: .seconds(60), anonymousOnly: anonymousOnly, cache: { [cache] in cache }, now: { [clock] in clock.now })
        return compose(layers + [layer] + others, around: view.handler)
    }

    private func get(
        _ handler: Handler, _ path: String = "/", _ headers: KeyValuePairs<String, String> = [:],
        method: HTTPMethod = .get, query: String = ""
    ) async throws -> Response {
        let pairs = headers.map { ($0.key, $0.value) }
        var request = try Request.make(method, path, query: query, headers: ["Host": "example.org"])
        for (name, value) in pairs { request = try request.with(name, value) }
        return try await handler(request)
    }

    @Test func `a page is made once, and kept with its head`() async throws {
        let view = View { _, run in
            var response = Response.html("page \(run)")
            try response.headers.set(HeaderName(literal: "X-Extra"), "extra")
            return response
        }
        let handler = handler(view)
        let first = try await get(handler)
        #expect(first.text == "page 1")
        #expect(first.headers[.cacheControl] == "max-age=60")
        #expect(first.headers[.expires] == "Thu, 01 Jan 2026 12:01:00 GMT")
        #expect(!first.headers.contains(HeaderName(literal: "Age")))
        clock.advance(10)
        let second = try await get(handler)
        #expect(second.text == "page 1")
        #expect(second.status == .ok)
        #expect(second.headers[HeaderName(literal: "X-Extra")] == "extra")
        #expect(second.headers[.contentType] == first.headers[.contentType])
        #expect(second.headers[HeaderName(literal: "Age")] == "10")
        #expect(view.count == 1)
        #expect(try await get(handler, "/other/").text == "page 2")
        #expect(try await get(handler, query: "a=1").text == "page 3")
        #expect(try await get(handler, query: "a=1").text == "page 3")
    }

    // test_cache_timeout
    @Test func `a page ends with its time, and each that was asked for counts once`() async throws {
        let view = View { _, run in Response("page \(run)") }
        let handler = handler(view)
        #expect(try await get(handler).text == "page 1")
        clock.advance(59)
        #expect(try await get(handler).text == "page 1")
        #expect(cache.statistics.hits == 1)
        #expect(cache.statistics.misses == 1)
        clock.advance(1)
        #expect(try await get(handler).text == "page 2")
        clock.advance(59)
        #expect(try await get(handler).text == "page 2")
        #expect(cache.statistics.hits == 2)
        #expect(cache.statistics.misses == 2)
    }

    @Test func `hosts and schemes have pages of their own, and so have caches`() async throws {
        let view = View { request, run in Response("\(try request.absoluteURL()) \(run)") }
        let handler = handler(view)
        for _ in 0..<2 {
            #expect(try await handler(try Request.make(headers: ["Host": "a.org"])).text == "http://a.org/ 1")
            #expect(try await handler(try Request.make(headers: ["Host": "b.org"])).text == "http://b.org/ 2")
            let secure = try Request.make(headers: ["Host": "a.org"], isEncrypted: true)
            #expect(try await handler(secure).text == "https://a.org/ 3")
        }
        // The same layer in two sites, which share a server and differ in the prefix of their keys.
        let backend = MemoryBackend()
        let sites = [Cache(backend, prefix: "one"), Cache(backend, prefix: "two"), Cache(backend, version: 2)]
        let turn = Atomic<Int>(0)
        let shared = compose(
            [PageCache(for: .seconds(60), cache: { sites[turn.load(ordering: .relaxed)] })], around: view.handler)
        for _ in 0..<2 {
            for site in sites.indices {
                turn.store(site, ordering: .relaxed)
                #expect(try await get(shared).text == "http://example.org/ \(site + 4)")
            }
        }
    }

    @Test func `any number of addresses, and long ones, are kept as the first`() async throws {
        let view = View { request, _ in Response(request.queryString) }
        let handler = handler(view)
        let queries = (0..<1_100).map { "q=\($0)" } + ["q=" + String(repeating: "x", count: 5_000)]
        for query in queries { #expect(try await get(handler, query: query).text == query) }
        for query in queries { #expect(try await get(handler, query: query).text == query) }
        #expect(view.count == queries.count)
    }

    @Test func `a prefix that no key can have is an error`() async throws {
        let layer = PageCache(for: .seconds(60), keyPrefix: "a b", cache: { [cache] in cache })
        let handler = compose([layer], around: { _ in Response("x") })
        await #expect(throws: CacheError.self) { try await get(handler) }
    }

    @Test func `a page that left the process is read from its bytes, and is the same`() async throws {
        let folder = try TemporaryFolder()
        let files = Cache(try FileBackend(folder: folder.path))
        let view = View { _, run in
            var response = Response.html("page \(run) å")
            try response.headers.set(HeaderName(literal: "X-Extra"), "one, two")
            return response
        }
        for cache in [files, cache] {
            let layer = PageCache(for: .seconds(60), cache: { cache }, now: { [clock] in clock.now })
            let handler = compose([layer], around: view.handler)
            let first = try await get(handler)
            let second = try await get(handler)
            #expect(second.text == first.text)
            #expect(second.status == first.status)
            #expect(second.headers[HeaderName(literal: "Age")] == "0")
            for field in first.headers { #expect(second.headers[field.name] == field.value) }
        }
        #expect(view.count == 2)
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var headers: KeyValuePairs<String, String> = [:]
        var status = HTTPStatus.ok
        var body = ResponseBody.bytes(Array("content".utf8))
        var method = HTTPMethod.get
        var request: KeyValuePairs<String, String> = [:]
        var isKept = false
    }

    static let answers = [
        Answer(testDescription: "plain", isKept: true),
        Answer(testDescription: "HEAD", method: .head, isKept: true),
        Answer(testDescription: "POST", method: .post),
        Answer(testDescription: "304_response_has_http_caching_headers_but_not_cached", status: .notModified),
        Answer(testDescription: "404", status: .notFound),
        Answer(testDescription: "500", status: .internalServerError),
        Answer(testDescription: "a stream", body: .stream { try await $0.write("content") }),
        Answer(testDescription: "a cookie, also without Vary: Cookie", headers: ["Set-Cookie": "a=b"]),
        Answer(testDescription: "private", headers: ["Cache-Control": "private"]),
        Answer(testDescription: "no-store among others", headers: ["Cache-Control": "max-age=60, No-Store"]),
        Answer(testDescription: "no-cache with a field", headers: ["Cache-Control": "no-cache=\"a, b\""]),
        Answer(
            testDescription: "a directive that only looks alike", headers: ["Cache-Control": "x-private"], isKept: true),
        Answer(testDescription: "max-age=0", headers: ["Cache-Control": "max-age=0"]),
        Answer(testDescription: "a negative max-age", headers: ["Cache-Control": "max-age=-5"]),
        Answer(testDescription: "Vary: *", headers: ["Vary": "Accept, *"]),
        Answer(testDescription: "authorised", request: ["Authorization": "Basic eA=="]),
        Answer(
            testDescription: "authorised and public", headers: ["Cache-Control": "public"],
            request: ["Authorization": "Basic eA=="], isKept: true),
        Answer(testDescription: "Vary: Cookie", headers: ["Vary": "Cookie"], isKept: true),
    ]

    @Test(arguments: answers) func `an answer is kept or not`(_ answer: Answer) async throws {
        let view = View { _, _ in
            Response(status: answer.status, headers: try Headers(answer.headers), body: answer.body)
        }
        let handler = handler(view)
        for _ in 0..<2 { _ = try await get(handler, "/", answer.request, method: answer.method) }
        #expect(view.count == (answer.isKept ? 1 : 2))
    }

    // test_cache_page_timeout; max-age counts before the layer, the route before max-age.
    @Test func `max-age says how long, and a route may overrule it`() async throws {
        let view = View { _, run in
            var response = Response("page \(run)")
            response.patchCacheControl(.maxAge(.seconds(20)))
            return response
        }
        let site = handler(view)
        let first = try await get(site)
        #expect(first.headers[.cacheControl] == "max-age=20")
        #expect(first.headers[.expires] == "Thu, 01 Jan 2026 12:00:20 GMT")
        let route = path("", view.handler).cachePage(
            for: .seconds(100), cache: { [cache] in cache }, now: { [clock] in clock.now })
        let table = Dispatcher(try RouteTable(URLs { route })).handler
        let answer = try await get(table, "/", query: "other")
        // Of two the shorter one is told; kept is the page for as long as the route says.
        #expect(answer.headers[.cacheControl] == "max-age=20")
        #expect(answer.headers[.expires] == "Thu, 01 Jan 2026 12:01:40 GMT")
        clock.advance(19)
        #expect(try await get(site).text == "page 1")
        clock.advance(1)
        #expect(try await get(site).text == "page 3")
        clock.advance(79)
        #expect(try await get(table, "/", query: "other").text == "page 2")
        clock.advance(1)
        #expect(try await get(table, "/", query: "other").text == "page 4")
    }

    // test_cached_control_private_not_cached and vary_on_cookie; RFC 9111 §4.1
    @Test func `each value of the fields in Vary has a page of its own`() async throws {
        let view = View { request, run in
            var response = Response("\(request.headers[.acceptLanguage] ?? "none") \(run)")
            response.headers.addVary(.acceptLanguage)
            return response
        }
        let handler = handler(view)
        #expect(try await get(handler, "/", ["Accept-Language": "de"]).text == "de 1")
        #expect(try await get(handler, "/", ["Accept-Language": "en"]).text == "en 2")
        #expect(try await get(handler).text == "none 3")
        #expect(try await get(handler, "/", ["Accept-Language": ""]).text == " 4")
        #expect(try await get(handler, "/", ["Accept-Language": "de"]).text == "de 1")
        #expect(try await get(handler).text == "none 3")
        #expect(view.count == 4)
    }

    @Test func `an authorised request gets no page that was kept for others`() async throws {
        let view = View { request, run in Response("\(request.headers[.authorization] ?? "nobody") \(run)") }
        let handler = handler(view)
        #expect(try await get(handler).text == "nobody 1")
        #expect(try await get(handler, "/", ["Authorization": "me"]).text == "me 2")
        #expect(try await get(handler, "/", ["Authorization": "me"]).headers[.vary] == "Authorization")
        #expect(try await get(handler).text == "nobody 1")
    }

    // test_head_caches_correctly, test_head_with_cached_get
    @Test func `HEAD is answered by the page of GET`() async throws {
        let view = View { _, run in Response("page \(run)") }
        let handler = handler(view)
        #expect(try await get(handler).text == "page 1")
        #expect(try await get(handler, method: .head).text == "page 1")
        #expect(try await get(handler, "/other/", method: .head).text == "page 2")
        #expect(try await get(handler, "/other/", method: .head).text == "page 2")
        #expect(try await get(handler, "/other/").text == "page 3")
    }

    @Test func `with anonymousOnly a client with a session goes past the cache`() async throws {
        let view = View { _, run in Response("page \(run)") }
        let handler = handler(view, anonymousOnly: true)
        #expect(try await get(handler).text == "page 1")
        #expect(try await get(handler, "/", ["Cookie": "sessionid=abc"]).text == "page 2")
        #expect(try await get(handler, "/", ["Cookie": "theme=dark"]).text == "page 1")
        #expect(try await get(handler).text == "page 1")
    }

    @Test func `a token, a nonce or a changed session keeps a page out of the cache`() async throws {
        let sessions = Sessions(SessionSettings(), store: CacheSessionStore(cache: { [cache] in cache }))
        let uses: [@Sendable (Request) throws -> String] = [
            { try $0.csrfToken },
            { try $0.cspNonce },
            { request in
                try request.session.set("a", 1)
                return "set"
            },
        ]
        for use in uses {
            let view = View { request, _ in Response(try use(request)) }
            // The cache inside of the layers that set cookies, as with one route.
            let handler = handler(
                view, around: [sessions, CSRFProtection(), ContentSecurity([.scriptSrc: [.nonce]])])
            _ = try await get(handler)
            _ = try await get(handler)
            #expect(view.count == 2)
        }
    }

    @Test func `a page made of the session is kept for its cookie alone`() async throws {
        let sessions = Sessions(SessionSettings(), store: CacheSessionStore(cache: { [cache] in cache }))
        let counter = View { _, run in Response("\(run)") }
        let view: Handler = { request in
            let name = try await request.session.get("name", as: String.self) ?? "nobody"
            return Response("\(name) \(try await counter.handler(request).text)")
        }
        let layer = PageCache(for: .seconds(60), cache: { [cache] in cache })
        let handler = compose([sessions, layer], around: view)
        #expect(try await get(handler).text == "nobody 1")
        #expect(try await get(handler, "/", ["Cookie": "a=b"]).text == "nobody 2")
        #expect(try await get(handler).text == "nobody 1")
    }

    static let damages: [@Sendable ([UInt8]) -> [UInt8]] = [
        { _ in [] }, { Array($0.prefix(4)) }, { Array($0.prefix(13)) }, { Array($0.prefix(30)) },
        { _ in Array("MPG1".utf8) + [UInt8](repeating: 255, count: 40) },
        // A field whose value would split the header.
        { _ in
            Array("MPG1".utf8) + [0, 0, 0, 0, 0, 0, 0, 0, 0, 200, 0, 1, 0, 0, 0, 1, 0x61, 0, 0, 0, 2, 13, 10]
        },
    ]

    @Test func `what stands in the cache in place of a page is a miss`() async throws {
        let recorder = Recorder()
        let cache = Cache(recorder)
        let view = View { _, run in Response("page \(run)") }
        let handler = compose([PageCache(for: .seconds(60), cache: { cache })], around: view.handler)
        var run = 1
        #expect(try await get(handler).text == "page 1")
        for damage in Self.damages {
            try await recorder.damagePages(damage)
            run += 1
            #expect(try await get(handler).text == "page \(run)")
            #expect(try await get(handler).text == "page \(run)")
        }
    }

    /// Knows what is stored, and spoils it.
    private final class Recorder: CacheBackend {
        private let memory = MemoryBackend()
        private let keys = Mutex<Set<String>>([])
        var all: Set<String> { keys.withLock { $0 } }

        func damagePages(_ damage: ([UInt8]) -> [UInt8]) async throws {
            for key in all where key.contains("cache_page") {
                guard let entry = try await memory.get(key) else { continue }
                try await memory.set(
                    key, CacheEntry(bytes: damage(entry.bytes), flags: entry.flags), for: .seconds(60))
            }
        }
        func get(_ key: String) async throws(CacheError) -> CacheEntry? { try await memory.get(key) }
        func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {
            keys.withLock { _ = $0.insert(key) }
            try await memory.set(key, entry, for: lifetime)
        }
        func add(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) -> Bool {
            try await memory.add(key, entry, for: lifetime)
        }
        func replace(
            _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
        ) async throws(CacheError) -> CacheReplacement {
            try await memory.replace(key, old, with: new, for: lifetime)
        }
        func delete(_ key: String) async throws(CacheError) -> Bool { try await memory.delete(key) }
        func clear() async throws(CacheError) { try await memory.clear() }
        func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64? { nil }
    }

    @Test func `keys are those of Django for the same request and answer`() async throws {
        let recorder = Recorder()
        let cache = Cache(recorder)
        let view = View { request, _ in
            var response = Response("x")
            if request.path != "/plain/" { response.headers.addVary(.cookie, .acceptEncoding) }
            return response
        }
        let handler = compose([PageCache(for: .seconds(60), cache: { cache })], around: view.handler)
        _ = try await get(handler, "/plain/")
        _ = try await get(handler, "/plain/", query: "q=%C3%A9&b=1")
        _ = try await get(handler, "/vary/", ["Cookie": "a=b; c=d", "Accept-Encoding": "gzip"])
        _ = try await get(handler, "/vary/", ["Cookie": ""])
        _ = try await get(handler, "/é /", method: .head)
        let python = try await PythonEnvironment("django")
        let printed = try await python.run(
            """
            import django
            from django.conf import settings
            settings.configure(USE_I18N=False, USE_TZ=True, TIME_ZONE="UTC", ALLOWED_HOSTS=["*"], CACHES={
                "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}})
            django.setup()
            from django.core.cache import cache
            from django.http import HttpResponse
            from django.test import RequestFactory
            from django.utils.cache import learn_cache_key, patch_vary_headers
            make = RequestFactory(headers={"Host": "example.org"})
            requests = [
                make.get("/plain/"), make.get("/plain/?q=%C3%A9&b=1"),
                make.get("/vary/", headers={"Cookie": "a=b; c=d", "Accept-Encoding": "gzip"}),
                make.get("/vary/", headers={"Cookie": ""}), make.head("/é /")]
            for request in requests:
                if request.path == "/vary/" and "HTTP_COOKIE" not in request.META: request.META["HTTP_COOKIE"] = ""
                response = HttpResponse()
                if request.path != "/plain/": patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
                if request.path == "/é /": request.META.pop("HTTP_COOKIE", None)
                print(":1:" + learn_cache_key(request, response, 60, "martlet"))
            for key in cache._cache: print(key)
            """)
        let theirs = Set(printed.split(separator: "\n").map(String.init))
        #expect(recorder.all == theirs)
    }

    @Test func `a cache that is down is a miss`() async throws {
        let cache = Cache(try MemcachedBackend(at: "unix:/tmp/martlet-\(UUID().uuidString)/none"))
        let view = View { _, run in Response("page \(run)") }
        let handler = compose([PageCache(for: .seconds(60), cache: { cache })], around: view.handler)
        #expect(try await get(handler).text == "page 1")
        #expect(try await get(handler).text == "page 2")
        #expect(cache.statistics.failures > 0)
    }

    @Test func `a request without a host goes past the cache`() async throws {
        let view = View { _, run in Response("page \(run)") }
        let handler = handler(view)
        _ = try await handler(try Request.make(headers: ["Host": "a b"]))
        _ = try await handler(try Request.make(headers: ["Host": "a b"]))
        #expect(view.count == 2)
    }
}

extension Request {
    fileprivate func with(_ name: String, _ value: String) throws -> Request {
        var pairs = headers
        try pairs.add(HeaderName(name) ?? .cookie, value)
        return Request(
            method: method, target: target, path: path, queryString: queryString, headers: pairs, body: body,
            peerAddress: peerAddress, isEncrypted: isEncrypted)
    }
}
