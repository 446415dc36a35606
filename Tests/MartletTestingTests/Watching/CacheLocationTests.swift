import Foundation
import MartletCache
import MartletCommands
import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletRouting
import MartletSite
import MartletTesting
import Synchronization
import TestPrograms
import Testing

/// A site that is started by its environment, with each place that a cache can have.
@Suite(.timeLimit(.minutes(3))) struct CacheLocationTests {
    enum Place: String, CaseIterable, Sendable { case none, memory, dummy, file, database, memcached, servers }

    private struct Running {
        let folder: TemporaryFolder
        let servers: [MemcachedServer]
        let location: String?

        init(_ place: Place) throws {
            folder = try TemporaryFolder()
            let count = place == .memcached ? 1 : place == .servers ? 3 : 0
            servers = try (0..<count).map { _ in try MemcachedServer() }
            location =
                switch place {
                case .none: nil
                case .memory: "memory:"
                case .dummy: "dummy:"
                case .file: "file:\(folder.file("cache"))"
                case .database: "database:my_cache"
                case .memcached, .servers: servers.map(\.location).joined(separator: ",")
                }
        }

        var environment: Environment {
            var variables = [
                "DEBUG": "true", "DEBUG_TOOLBAR": "false", "SECRET_KEY": "a-key-for-tests",
                "ALLOWED_HOSTS": "testserver",
                "DATABASE_URL": "sqlite:///\(folder.file("site.sqlite3"))", "KVDB_PREFIX": "blog",
            ]
            variables["KVDB_LOCATION"] = location
            return Environment(variables)
        }

        func manage(_ line: String...) async -> (status: Int32, output: String) {
            let lines = Mutex<[String]>([])
            let status = await run(
                line, site: CacheLocationTests.site, environment: environment,
                print: { text in lines.withLock { $0.append(text) } },
                report: { text in lines.withLock { $0.append(text) } })
            return (status, lines.withLock { $0.joined(separator: "\n") })
        }
    }

    /// Counts how often the site has worked something out.
    private enum Work {
        @TaskLocal static var count: Atomics?
    }

    private final class Atomics: Sendable {
        private let number = Mutex(0)
        func next() -> Int {
            number.withLock { number in
                number += 1
                return number
            }
        }
    }

    private static let site = Site(
        apps: [],
        urls: URLs {
            include("", healthURLs)
            include("", metricsURLs)
            path("page/", { _ in Response("\(Work.count?.next() ?? 0)") }).cachePage(for: .minutes(5))
            path(
                "value/",
                { _ in
                    let key = CacheKey("blog", "post", 1, "words")
                    let made = try await Cache.current.getOrSet(key, for: .minutes(5)) { Work.count?.next() ?? 0 }
                    let many = try await Cache.current.getMany([key], as: Int.self)
                    return Response("\(made) \(many.count)")
                })
        }, templates: [], staticFiles: [])

    @Test(arguments: Place.allCases)
    func `manage check is content with it, and the site keeps pages and values there`(_ place: Place) async throws {
        let running = try Running(place)
        if place == .database { #expect(await running.manage("createcachetable").status == 0) }
        let check = await running.manage("check")
        #expect(check.status == 0, "\(check.output)")
        let site = try RunningSite(Self.site, settings: Self.site.settings(running.environment))
        try await site.start()
        try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
            try await Work.$count.withValue(Atomics()) {
                let client = TestClient(site)
                // Long limits are not for settings, so a server that has just started may need another try.
                while try await client.get("/ready/").status != .ok { await Task.yield() }
                let isKept = place != .dummy
                #expect(try await client.get("/page/").text == "1")
                #expect(try await client.get("/page/").text == (isKept ? "1" : "2"))
                let second = try await client.get("/value/").text
                #expect(try await client.get("/value/").text == (isKept ? second : "4 0"))
                #expect(second.hasSuffix(isKept ? " 1" : " 0"))
            }
            let statistics = site.cache.statistics
            #expect(statistics.failures == 0)
            #expect((statistics.hits >= 3) == (place != .dummy))
        }
        await site.close()
        for server in running.servers { server.stop() }
    }

    @Test func `large values of a site are compressed in Memcached where a variable says so`() async throws {
        let server = try MemcachedServer()
        let text = String(repeating: "a large value. ", count: 1_000)
        let urls = URLs {
            path(
                "keep/",
                { _ in
                    try await Cache.current.set("large", text, for: .minutes(5))
                    try await Cache.current.set("small", "a small value", for: .minutes(5))
                    return Response("\(try await Cache.current.get("large", as: String.self) == text)")
                })
        }
        for (above, sizes) in [(nil, text.utf8.count...text.utf8.count), ("4KB", 20...1_000)] {
            let running = try Running(.memory)
            var variables = [
                "KVDB_LOCATION": server.location, "KVDB_PREFIX": "blog", "KVDB_TIMEOUT": "30s", "DEBUG": "true",
                "DEBUG_TOOLBAR": "false", "ALLOWED_HOSTS": "testserver",
                "DATABASE_URL": "sqlite:///\(running.folder.file("site.sqlite3"))",
            ]
            variables["KVDB_COMPRESS_ABOVE"] = above
            let made = Site(apps: [], urls: urls, templates: [], staticFiles: [])
            let site = try RunningSite(made, settings: made.settings(Environment(variables)))
            #expect(try await TestClient(site).get("/keep/").text == "true")
            await site.close()
            let large = try #require(try server.stored("blog:1:large"))
            #expect(sizes.contains(large.bytes), "\(large)")
            #expect(large.flags == (above == nil ? 16 : 16 | 8))
            #expect(try server.stored("blog:1:small")?.flags == 16)
        }
        server.stop()
    }

    @Test func `without its table the cache in the database is a miss, and says what makes it`() async throws {
        let running = try Running(.database)
        let site = try RunningSite(Self.site, settings: Self.site.settings(running.environment))
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { () async throws in
            try await Work.$count.withValue(Atomics()) { () async throws in
                #expect(try await TestClient(site).get("/page/").text == "1")
                #expect(try await TestClient(site).get("/page/").text == "2")
            }
            let ready = try await TestClient(site).get("/ready/")
            #expect(ready.status == .serviceUnavailable)
        }
        let error = sink.events(named: "cache_unavailable").first?["error"]
        #expect("\(String(describing: error))".contains("manage createcachetable"))
        await site.close()
    }

    @Test func `every command of a cache that is gone is a miss and a metric, and the page is there`() async throws {
        let urls = URLs {
            include("", metricsURLs)
            path(
                "all/",
                { _ in
                    let cache = Cache.current
                    let misses = try await [
                        cache.getMany(["a", "b"], as: Int.self).isEmpty,
                        cache.setMany(["a": 1, "b": 2], for: .minutes(1)).count == 2, cache.incr("a") == nil,
                        cache.decr("a") == nil, !cache.touch("a", for: .minutes(1)),
                    ]
                    try await cache.deleteMany(["a", "b"])
                    try await cache.clear()
                    return Response("\(misses.allSatisfy { $0 })")
                })
        }
        for location in ["unix:/nowhere/at/all", "unix:/nowhere/a,unix:/nowhere/b"] {
            let tests = TestSite(
                Site(apps: [], urls: urls, templates: [], staticFiles: []), variables: ["KVDB_LOCATION": location])
            let site = try await tests.makeSite()
            let sink = MemorySink()
            try await Logger.with(LogSettings(sink: sink)) { () async throws in
                let answer = try await TestClient(site).get("/all/")
                #expect(answer.status == .ok)
                #expect(answer.text == "true")
                let page = try await TestClient(site).get("/metrics").text
                #expect(MetricsPageTests.value("cache_failures_total", in: page) == 7)
                #expect(MetricsPageTests.value("cache_misses_total", in: page) == 2)
            }
            #expect(sink.events(named: "cache_unavailable").count == 1)
            await site.close()
            withExtendedLifetime(tests) {}
        }
    }
}
