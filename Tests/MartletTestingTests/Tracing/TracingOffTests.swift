import Foundation
import MartletCache
import MartletHTTP
import MartletJSON
import MartletLogging
import MartletMiddleware
import MartletORM
import MartletRouting
import MartletShortcuts
import MartletSite
import MartletTemplates
import MartletTesting
import MartletTracing
import TestPrograms
import Testing

/// What a site without a receiver does of tracing: nothing.
@Suite(.timeLimit(.minutes(3))) struct TracingOffTests {
    private static let secret = CacheKey("blog", "post", 7, "secret")

    private static func site(_ folder: TemporaryFolder) throws -> Site {
        try FileManager.default.createDirectory(atPath: folder.file("Templates"), withIntermediateDirectories: true)
        try "<p>{{ word }}</p>".write(toFile: folder.file("Templates/page.html"), atomically: true, encoding: .utf8)
        return Site(
            apps: [], urls: URLs { path("done/", work) }, templates: [folder.file("Templates")], staticFiles: [])
    }

    /// Does something of everything that a span can be made of.
    @Sendable private static func work(_ request: Request) async throws -> Response {
        let cache = Cache.current
        _ = try await Database.current.rows(Statement("SELECT 7")) { $0.value(at: 0) }
        _ = try await cache.get(secret, as: Int.self)
        try await cache.set(secret, 1, for: .minutes(1))
        try await cache.add(secret, 1, for: .minutes(1))
        try await cache.incr(secret)
        try await cache.decr(secret)
        try await cache.touch(secret, for: .minutes(2))
        try await cache.incrVersion(secret, for: .minutes(2))
        try await cache.setMany([secret: 1], for: .minutes(1))
        _ = try await cache.getMany([secret], as: Int.self)
        try await cache.delete(secret)
        try await cache.deleteMany([secret])
        try await cache.clear()
        Logger("blog").info(
            "worked", recorded: ActiveSpan.current != nil, placed: Trace.current != nil, traced: request.trace != nil)
        return try render(request, "page.html", ["word": "secret"])
    }

    private static func with(
        _ variables: [String: String], _ operation: (RunningSite) async throws -> Void
    ) async throws -> [LogEvent] {
        let folder = try TemporaryFolder()
        let tests = TestSite(try site(folder), variables: variables)
        let running = try await tests.makeSite()
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { try await operation(running) }
        await running.close()
        withExtendedLifetime((folder, tests)) {}
        return sink.events
    }

    static let off: [[String: String]] = [
        [:], ["OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"],
        ["OTEL_SERVICE_NAME": "blog", "OTEL_TRACES_SAMPLER": "always_on"],
    ]

    @Test(arguments: off)
    func `no layer, observer, span or header is there without a receiver`(_ variables: [String: String]) async throws {
        let events = try await Self.with(variables) { site in
            // What is composed is what the site has described, to the last layer, and nobody listens to its parts.
            let described = try Site.standardMiddleware(site.settings)
            #expect(site.layers.map { "\(type(of: $0))" } == described.map { "\(type(of: $0))" })
            #expect(site.database.observers.isEmpty)
            #expect(site.cache.observer == nil)
            #expect(site.templates.observer == nil)
            let plain = try await TestClient(site).get("/done/")
            #expect(plain.status == .ok)
            // A caller's trace does not switch anything on.
            let asking = try Headers([
                "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "tracestate": "vendor=1",
            ])
            let traced = try await TestClient(site).get("/done/", headers: asking)
            #expect(traced.headers.map(\.name) == plain.headers.map(\.name))
            #expect(!plain.headers.contains { $0.name.description.lowercased().hasPrefix("trace") })
        }
        let worked = events.filter { $0.name == "worked" }
        #expect(worked.count == 2)
        for event in worked {
            #expect(["recorded", "placed", "traced"].map { event[$0] } == [.bool(false), .bool(false), .bool(false)])
        }
        #expect(events.allSatisfy { $0["trace_id"] == nil && $0["span_id"] == nil })
    }

    @Test func `with a receiver all of them are there, and each command of the cache is a span`() async throws {
        let receiver = SpanReceiver()
        var events: [LogEvent] = []
        try await receiver.serving { address in
            events = try await Self.with(["OTEL_EXPORTER_OTLP_ENDPOINT": address]) { site in
                let described = try Site.standardMiddleware(site.settings)
                #expect(site.layers.count == described.count)
                #expect(site.layers.allSatisfy { "\(type(of: $0))".hasPrefix("Traced") })
                #expect(site.database.observers.count == 1)
                #expect(site.cache.observer != nil)
                #expect(site.templates.observer != nil)
                #expect(try await TestClient(site).get("/done/").status == .ok)
            }
        }
        #expect(events.first { $0.name == "worked" }?["recorded"] == .bool(true))
        #expect(events.first { $0.name == "request_finished" }?["trace_id"] != nil)
        let request = try #require(receiver.span("GET /done/"))
        let innermost = try #require(receiver.span("middleware Messages"))
        let calls = receiver.spans.filter { $0["name"]?.stringValue?.hasPrefix("cache ") == true }
        #expect(
            calls.compactMap { $0["name"]?.stringValue } == [
                "cache get", "cache set", "cache add", "cache incr", "cache incr", "cache touch", "cache incr_version",
                "cache set_many", "cache get_many", "cache delete", "cache delete_many", "cache clear",
            ])
        for span in calls + [try #require(receiver.span("SELECT")), try #require(receiver.span("render page.html"))] {
            #expect(span["traceId"] == request["traceId"])
            #expect(span["parentSpanId"] == innermost["spanId"])
            #expect(span["status"] == nil)
        }
        #expect(!"\(receiver.deliveries.map(\.json))".contains("secret"))
    }

    @Test func `a cache that is down ends its span with an error, and not its page`() async throws {
        let receiver = SpanReceiver()
        try await receiver.serving { address in
            let variables = ["OTEL_EXPORTER_OTLP_ENDPOINT": address, "KVDB_LOCATION": "unix:/nowhere/at/all"]
            _ = try await Self.with(variables) { (site) async throws in
                #expect(try await TestClient(site).get("/done/").status == .ok)
            }
        }
        let calls = receiver.spans.filter { $0["name"]?.stringValue?.hasPrefix("cache ") == true }
        #expect(calls.count == 12)
        #expect(calls.allSatisfy { $0["status"]?["message"] == "the cache has not answered" })
    }
}
