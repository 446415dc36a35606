import MartletHTTP
import MartletJSON
import MartletLogging
import MartletSite
import MartletTesting
import TestPrograms
import Testing

/// A site whose Memcached is there, and too slow or gone.
@Suite(.timeLimit(.minutes(3))) struct SlowCacheTests {
    @Test(arguments: [MemcachedProxy.Mode.holding, .dripping])
    func `pages of a site with a slow Memcached are 200, with an event and a metric, and quick again with it`(
        _ mode: MemcachedProxy.Mode
    ) async throws {
        let memcached = try MemcachedServer()
        let proxy = try MemcachedProxy(to: memcached)
        let site = try await WatchedSite.tested(["KVDB_LOCATION": proxy.location]).makeSite()
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { () async throws in
            let client = TestClient(site)
            while try await client.get("/ready/").status != .ok { await Task.yield() }
            proxy.become(mode)
            let before = MetricsPageTests.value("cache_failures_total", in: try await client.get("/metrics").text) ?? 0
            for _ in 0..<5 { #expect(try await client.get("/task/").status == .ok) }
            let after = MetricsPageTests.value("cache_failures_total", in: try await client.get("/metrics").text) ?? 0
            // Three calls of each page; those that find the server left alone fail, too.
            #expect(after - before >= 5)
            #expect(!sink.events(named: "cache_unavailable").isEmpty)
            // That a key is not there is said in few bytes, which a server that drips gets out in time.
            if mode == .holding {
                let ready = try await client.get("/ready/")
                #expect(ready.status == .serviceUnavailable)
                #expect(try ready.json["broken"]?.arrayValue == ["cache"])
            }
            proxy.become(.passing)
            while try await client.get("/ready/").status != .ok { await Task.yield() }
            let hits = { try await MetricsPageTests.value("cache_hits_total", in: client.get("/metrics").text) ?? 0 }
            let old = try await hits()
            while try await hits() == old { #expect(try await client.get("/task/").status == .ok) }
        }
        await site.close()
        memcached.stop()
    }
}
