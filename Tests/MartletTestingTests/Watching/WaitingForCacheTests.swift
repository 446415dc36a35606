import MartletCache
import MartletHTTP
import MartletMiddleware
import MartletRouting
import MartletSite
import MartletTesting
import Synchronization
import TestPrograms
import Testing

/// A page that waits for Memcached holds up no other.
@Suite struct WaitingForCacheTests {
    /// Counts the requests that have come to the worker.
    private final class Arrivals: Middleware {
        let count = Atomic<Int>(0)

        func respond(to request: Request, next: Handler) async throws -> Response {
            count.add(1, ordering: .relaxed)
            return try await next(request)
        }
    }

    /// The cache of a server that is started after the site was described.
    private final class Place: Sendable {
        private let kept = Mutex(Cache(MemoryBackend()))
        var cache: Cache { kept.withLock(\.self) }
        func take(_ cache: Cache) { kept.withLock { $0 = cache } }
    }

    /// Gets pages, and notes which was answered when.
    private final class Visitor: Sendable {
        private let answered = Mutex<[String]>([])
        var order: [String] { answered.withLock(\.self) }

        func get(_ page: String, from server: LiveServer) async throws {
            let request = "GET /\(page)/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let answer = try await server.send(request)
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix(page))
            answered.withLock { $0.append(page) }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `the only worker answers others while a page of the cache waits for Memcached`() async throws {
        let (place, arrivals, visitor) = (Place(), Arrivals(), Visitor())
        let site = TestSite(
            Site(
                apps: [],
                urls: URLs {
                    path("kept/", { _ in Response("kept") }).cachePage(for: .minutes(5), cache: { place.cache })
                    path("other/", { _ in Response("other") })
                }, middleware: { _ in [arrivals] }, templates: [], staticFiles: []), variables: ["WORKERS": "1"])
        try await site.withLiveServer { server in
            let memcached = try MemcachedServer()
            // Long enough that the page is still waiting whenever the other answer comes.
            place.take(
                Cache(try MemcachedBackend(at: memcached.location, connections: 1, timeout: .seconds(240))))
            try await visitor.get("kept", from: server)
            try memcached.pause()
            let waiting = Task { try await visitor.get("kept", from: server) }
            // From here the worker takes nothing else before it has asked the cache, which does not answer.
            while arrivals.count.load(ordering: .relaxed) < 2 { await Task.yield() }
            try await visitor.get("other", from: server)
            memcached.resume()
            try await waiting.value
            memcached.stop()
        }
        #expect(visitor.order == ["kept", "other", "kept"])
    }
}
