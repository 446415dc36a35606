import FoundationEssentials
import MartletCache
import MartletHTTP
import MartletJSON
import MartletLogging
import MartletORM
import MartletSessions
import Synchronization
import Testing

/// What the stores that use a cache do with it, and without it.
@Suite struct SessionCacheTests {
    /// A memory that can be down.
    private final class Failing: CacheBackend {
        private let memory = MemoryBackend()
        private let down = Mutex(false)

        var isDown: Bool {
            get { down.withLock { $0 } }
            set { down.withLock { $0 = newValue } }
        }

        private func check() throws(CacheError) {
            if isDown { throw .unavailable(reason: "down") }
        }

        func get(_ key: String) async throws(CacheError) -> CacheEntry? {
            try check()
            return try await memory.get(key)
        }
        func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {
            try check()
            try await memory.set(key, entry, for: lifetime)
        }
        func add(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) -> Bool {
            try check()
            return try await memory.add(key, entry, for: lifetime)
        }
        func replace(
            _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
        ) async throws(CacheError) -> CacheReplacement {
            try check()
            return try await memory.replace(key, old, with: new, for: lifetime)
        }
        func delete(_ key: String) async throws(CacheError) -> Bool {
            try check()
            return try await memory.delete(key)
        }
        func clear() async throws(CacheError) { try await memory.clear() }
        func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64? { nil }
    }

    @Test func `a session is not taken for one that does not exist while the cache is down`() async throws {
        let backend = Failing()
        let cache = Cache(backend)
        let browser = Browser(Sessions(SessionSettings(), store: CacheSessionStore(cache: { cache })))
        try await browser.visit { try $0.set("user", "ann") }
        backend.isDown = true
        let error = try await #require(throws: SessionError.self) {
            try await browser.visit { _ = try await $0["user"] }
        }
        #expect(error.status == .serviceUnavailable)
        #expect(browser.cookie != nil, "the client keeps its cookie")
        await #expect(throws: SessionError.self) { try await browser.copy().visit { try $0.set("a", 1) } }
        backend.isDown = false
        #expect(try await browser.values() == ["user": "ann"])
    }

    // Django: test_cache_set_failure_non_fatal.
    @Test func `a database with a copy goes on without it`() async throws {
        try await StoreBench.with(.database) { _ async throws in
            let backend = Failing()
            let cache = Cache(backend)
            let store = try CachedDatabaseSessionStore(keys: StoreBench.keys, cache: { cache })
            let browser = Browser(Sessions(SessionSettings(), store: store))
            let sink = MemorySink()
            backend.isDown = true
            try await Logger.with(LogSettings(sink: sink)) {
                try await browser.visit { try $0.set("user", "ann") }
                #expect(try await browser.values() == ["user": "ann"])
            }
            #expect(sink.events.map(\.name) == ["cache_unavailable"])
            backend.isDown = false
            #expect(try await browser.values() == ["user": "ann"])
        }
    }

    /// A database with a copy in a cache that can be down.
    private func withCopies(_ test: @Sendable (Failing, Browser) async throws -> Void) async throws {
        try await StoreBench.with(.database) { _ async throws in
            let backend = Failing()
            let cache = Cache(backend)
            let store = try CachedDatabaseSessionStore(keys: StoreBench.keys, cache: { cache })
            try await test(backend, Browser(Sessions(SessionSettings(), store: store)))
        }
    }

    // Where Django changes the row and leaves the copy.
    @Test(arguments: [true, false])
    func `a change that would leave an old copy behind is refused`(_ isRead: Bool) async throws {
        try await withCopies { backend, browser async throws in
            try await browser.visit { try $0.set("role", "admin") }
            let error = try await #require(throws: SessionError.self) {
                try await browser.visit { session async throws in
                    if isRead { #expect(try await session["role"] == "admin") }
                    backend.isDown = true
                    try session.set("role", "guest")
                }
            }
            #expect(error.status == .serviceUnavailable)
            // Once the copy was read, the cache may go away when the row is written already: the client is told.
            if !isRead { #expect(try await browser.values() == ["role": "admin"]) }
            backend.isDown = false
            try await browser.visit { try $0.set("role", "guest") }
            for _ in 0..<2 { #expect(try await browser.values() == ["role": "guest"]) }
        }
    }

    @Test func `a logout while the cache is down is undone and can be tried again`() async throws {
        try await withCopies { backend, browser async throws in
            try await browser.visit { try $0.set("user", "ann") }
            let other = browser.copy()
            try await browser.visit(status: .serviceUnavailable) { session async throws in
                backend.isDown = true
                let error = try await #require(throws: SessionError.self) { try await session.flush() }
                #expect(error.status == .serviceUnavailable)
            }
            #expect(browser.cookie != nil, "the client can try again")
            #expect(try await browser.values() == ["user": "ann"])
            backend.isDown = false
            try await browser.visit { try await $0.flush() }
            #expect(browser.cookie == nil)
            #expect(try await other.values() == [:])
        }
    }

    @Test func `a copy that looks as before is removed and not put in its own place`() async throws {
        try await StoreBench.with(.cachedDatabase) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            let key = CacheKey("django.contrib.sessions.cached_db\(try #require(browser.cookie))")
            try await browser.visit { try $0.set("a", "b") }
            #expect(try await bench.cache.entry(key) == nil)
            try await browser.visit { try $0.set("a", "c") }
            #expect(try await browser.values() == ["a": "c"])
        }
    }

    @Test func `a session that cannot be read can be logged out`() async throws {
        try await StoreBench.with(.cache) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            let key = CacheKey("django.contrib.sessions.cache\(try #require(browser.cookie))")
            try await bench.cache.set(key, Array("cos\nsystem\n(S'true'\ntR.".utf8), for: .forever)
            try await browser.visit { try await $0.flush() }
            #expect(browser.cookie == nil)
            #expect(try await bench.cache.entry(key) == nil)
        }
    }

    @Test func `a copy is read before the database, and made again where it is missing`() async throws {
        try await StoreBench.with(.cachedDatabase) { bench async throws in
            func count(_ browser: Browser) async throws -> Int {
                let log = StatementLog()
                let value = try await log.observing { try await browser.values()["a"] }
                #expect(value == "b")
                return log.statements.count
            }
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            #expect(try await count(browser) == 0)
            let key = CacheKey("django.contrib.sessions.cached_db\(try #require(browser.cookie))")
            #expect(try await bench.cache.delete(key))
            #expect(try await count(browser) == 2, "one that fills, and one that makes sure")
            #expect(try await count(browser) == 0)
            try await bench.cache.set(key, "something else", for: .forever)
            #expect(try await count(browser) > 0, "what cannot be read is no copy")
        }
    }

    @Test func `a copy that has missed another's change does not stay`() async throws {
        try await StoreBench.with(.cachedDatabase) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("start", "0") }
            let other = browser.copy()
            try await browser.visit { session async throws in
                _ = try await session["start"]
                try session.set("a", "1")
                try await other.visit { session async throws in
                    _ = try await session["start"]
                    try session.set("b", "2")
                }
            }
            for _ in 0..<2 { #expect(try await browser.values() == ["start": "0", "a": "1", "b": "2"]) }
        }
    }

    @Test func `an entry that is no pickled dict is told, and not overwritten`() async throws {
        try await StoreBench.with(.cache) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            let key = CacheKey("django.contrib.sessions.cache\(try #require(browser.cookie))")
            // Python's os.system("true"), which nothing here would ever run.
            try await bench.cache.set(key, Array("cos\nsystem\n(S'true'\ntR.".utf8), for: .forever)
            await #expect(throws: SessionError.self) { try await browser.visit { try $0.set("c", "d") } }
            #expect(try await bench.cache.get(key, as: [UInt8].self)?.isEmpty == false)
        }
    }
}
