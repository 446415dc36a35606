import Foundation
import MartletCache
import MartletHTTP
import MartletJSON
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

/// A layer with something to do.
private struct Counting: Middleware {
    func respond(to request: Request, next: Handler) async throws -> Response { try await next(request) }
}

private struct Refused: Error {}

/// What a site that is traced sends, and what one that is not leaves alone.
@Suite(.timeLimit(.minutes(3))) struct TraceExportTests {
    private static func site(_ folder: TemporaryFolder) throws -> Site {
        try FileManager.default.createDirectory(atPath: folder.file("Templates"), withIntermediateDirectories: true)
        try "<p>{{ word }}</p>".write(toFile: folder.file("Templates/page.html"), atomically: true, encoding: .utf8)
        let urls = URLs {
            include("", healthURLs)
            include("", metricsURLs)
            path("posts/<int:id>/", work, name: "post")
            path("broken/", { _ in throw Refused() })
            path(
                "outgoing/",
                { request in
                    let inner = try await withSpan("ask others", kind: .client) { Trace.current?.traceParent }
                    return Response("\(request.trace?.traceParent ?? "none") \(inner ?? "none")")
                })
        }
        return Site(
            apps: [], urls: urls,
            middleware: { _ in [ForwardedHeaders(ForwardedSettings()), TraceContext(), Counting()] },
            templates: [folder.file("Templates")], staticFiles: [])
    }

    @Sendable private static func work(_ request: Request, id: Int) async throws -> Response {
        _ = try await Database.current.rows(Statement("SELECT 7")) { $0.value(at: 0) }
        _ = try? await Database.current.rows(Statement("SELECT nothing FROM nowhere")) { $0.value(at: 0) }
        _ = try await Cache.current.get("secret-key", as: Int.self)
        _ = try? await withSpan("charge", [SpanAttribute("provider", "acme")]) {
            try await Database.current.execute(Statement("DELETE FROM nowhere"))
        }
        return try render(request, "page.html", ["word": "secret"])
    }

    /// Runs an operation with a traced site, and sends what it has recorded.
    private static func tracing(
        _ receiver: SpanReceiver, _ variables: [String: String] = [:], status: HTTPStatus = .ok,
        _ operation: (RunningSite) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try await receiver.serving(status: status) { address in
            var all = ["OTEL_EXPORTER_OTLP_ENDPOINT": address, "HEALTH_TIMEOUT": "60s", "OTEL_SERVICE_NAME": "blog"]
            all.merge(variables) { $1 }
            // Its database goes with it.
            let testSite = TestSite(try Self.site(folder), variables: all)
            defer { withExtendedLifetime(testSite) {} }
            let running = try await testSite.makeSite()
            try await operation(running)
            await running.close()
        }
    }

    @Test func `a request, its layers, statements, cache calls and templates are one tree of spans`() async throws {
        let receiver = SpanReceiver()
        let variables = [
            "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20key,x-tenant=7",
            "OTEL_RESOURCE_ATTRIBUTES": "region=north,service.name=other",
        ]
        try await Self.tracing(receiver, variables) { (site) async throws in
            #expect(try await TestClient(site).get("/posts/5/?q=private").status == .ok)
        }
        let delivery = try #require(receiver.deliveries.first)
        #expect(delivery.method == .post)
        #expect(delivery.path == "/v1/traces")
        #expect(delivery.headers[.contentType] == "application/json")
        #expect(delivery.headers[.authorization] == "Bearer key")
        #expect(delivery.headers[HeaderName(literal: "x-tenant")] == "7")
        let resource = try #require(delivery.json["resourceSpans"]?[0]?["resource"])
        #expect(resource.attribute("service.name") == "blog")
        #expect(resource.attribute("region") == "north")

        let request = try #require(receiver.span("GET /posts/<int:id>/"))
        #expect(request["kind"] == 2)
        #expect(request["parentSpanId"] == nil)
        #expect(request.attribute("http.request.method") == "GET")
        #expect(request.attribute("http.route") == "/posts/<int:id>/")
        #expect(request.attribute("url.path") == "/posts/5/")
        #expect(request.attribute("http.response.status_code") == "200")

        // Each below the one before it.
        var parent = request
        for name in ["middleware ForwardedHeaders", "middleware TraceContext", "middleware Counting"] {
            let layer = try #require(receiver.span(name), "\(name)")
            #expect(layer["parentSpanId"] == parent["spanId"])
            parent = layer
        }
        for name in ["cache get", "render page.html", "charge"] {
            #expect(try #require(receiver.span(name), "\(name)")["parentSpanId"] == parent["spanId"])
        }
        let charge = try #require(receiver.span("charge"))
        #expect(charge.attribute("provider") == "acme")
        #expect(charge["status"]?["code"] == 2)
        let delete = try #require(receiver.span("DELETE"))
        #expect(delete["parentSpanId"] == charge["spanId"])
        #expect(delete["kind"] == 3)
        #expect(delete.attribute("db.system.name") == "sqlite")
        let selects = receiver.spans.filter { $0.attribute("db.query.text")?.hasPrefix("SELECT") == true }
        #expect(selects.contains { $0.attribute("db.query.text") == "SELECT 7" && $0["status"] == nil })
        let failed = selects.filter { $0.attribute("db.query.text")?.contains("nowhere") == true }
        #expect(failed.map { $0["status"]?["code"] } == [2])

        // One trace, and each span within the request's time.
        for span in receiver.spans where span["traceId"] == request["traceId"] {
            let (start, end) = (Self.time(span, "startTimeUnixNano"), Self.time(span, "endTimeUnixNano"))
            #expect(start <= end)
        }
        let text = "\(receiver.deliveries.map(\.json))"
        #expect(!text.contains("private") && !text.contains("secret"))
    }

    private static func time(_ span: JSONValue, _ name: String) -> UInt64 {
        span[name]?.stringValue.flatMap { UInt64($0) } ?? 0
    }

    @Test func `a caller's trace goes on, and out again`() async throws {
        let receiver = SpanReceiver()
        var answer = ""
        try await Self.tracing(receiver) { (site) async throws in
            var headers = Headers()
            try headers.set(.traceParent, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            try headers.set(.traceState, "vendor=1")
            answer = try await TestClient(site).get("/outgoing/", headers: headers).text
        }
        let request = try #require(receiver.span("GET /outgoing/"))
        #expect(request["traceId"]?.stringValue == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(request["parentSpanId"]?.stringValue == "00f067aa0ba902b7")
        #expect(request["traceState"]?.stringValue == "vendor=1")
        let own = try #require(request["spanId"]?.stringValue)
        let inner = try #require(receiver.span("ask others")?["spanId"]?.stringValue)
        let prefix = "00-4bf92f3577b34da6a3ce929d0e0e4736"
        #expect(answer == "\(prefix)-\(own)-01 \(prefix)-\(inner)-01")
    }

    @Test func `a caller that records nothing is heeded, and still handed on`() async throws {
        let receiver = SpanReceiver()
        var answer = ""
        try await Self.tracing(receiver) { (site) async throws in
            var headers = Headers()
            try headers.set(.traceParent, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
            answer = try await TestClient(site).get("/outgoing/", headers: headers).text
        }
        #expect(receiver.span("GET /outgoing/") == nil)
        #expect(answer.hasPrefix("00-4bf92f3577b34da6a3ce929d0e0e4736-"))
        #expect(answer.hasSuffix("-00 none"))
    }

    @Test func `an error ends the span of its request`() async throws {
        let receiver = SpanReceiver()
        try await Self.tracing(receiver) { (site) async throws in
            #expect(try await TestClient(site).get("/broken/").status == .internalServerError)
            #expect(try await TestClient(site).get("/nowhere/").status == .notFound)
        }
        let broken = try #require(receiver.span("GET /broken/"))
        #expect(broken["status"] == .object(["code": 2, "message": "Refused"]))
        #expect(broken.attribute("error.type") == "Refused")
        let nowhere = try #require(receiver.span("GET"))
        #expect(nowhere["status"] == nil)
        #expect(nowhere.attribute("http.response.status_code") == "404")
        #expect(nowhere.attribute("http.route") == nil)
    }

    @Test func `probes are no news`() async throws {
        let receiver = SpanReceiver()
        try await Self.tracing(receiver) { (site) async throws in
            for path in ["/live/", "/ready/", "/metrics"] {
                #expect(try await TestClient(site).get(path).status == .ok)
            }
        }
        #expect(receiver.spans.filter { $0["kind"] == 2 }.isEmpty)
    }

    @Test func `what a receiver does not take is counted, and requests go on`() async throws {
        let receiver = SpanReceiver()
        let variables = ["OTEL_BSP_MAX_QUEUE_SIZE": "1"]
        try await Self.tracing(receiver, variables, status: .serviceUnavailable) { (site) async throws in
            for _ in 0..<3 { #expect(try await TestClient(site).get("/posts/5/").status == .ok) }
            let page = try await TestClient(site).get("/metrics").text
            let dropped = page.split(separator: "\n").first { $0.hasPrefix(#"trace_spans_total{outcome="dropped"}"#) }
            #expect(try #require(dropped?.split(separator: " ").last.flatMap { Int($0) }) > 0)
        }
    }

    @Test(arguments: [[:], ["OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"]])
    func `without a receiver nothing is recorded`(_ variables: [String: String]) async throws {
        let folder = try TemporaryFolder()
        let running = try await TestSite(Self.site(folder), variables: variables).makeSite()
        // The trace of TraceContext is there, and none of recording.
        let answer = try await TestClient(running).get("/outgoing/").text
        #expect(answer.hasSuffix("-00 none"))
        await running.close()
    }

    static let mistakes = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://a b"), ("OTEL_EXPORTER_OTLP_HEADERS", "nonsense"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=b%0d%0aEvil:%201"), ("OTEL_EXPORTER_OTLP_HEADERS", "a b=c"),
        ("OTEL_RESOURCE_ATTRIBUTES", "=x"), ("OTEL_TRACES_SAMPLER", "sometimes"), ("OTEL_TRACES_SAMPLER_ARG", "2"),
        ("OTEL_TRACES_SAMPLER_ARG", "nan"), ("OTEL_BSP_SCHEDULE_DELAY", "5s"), ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
    ]

    @Test(arguments: mistakes)
    func `settings that do not fit are told at the start`(_ name: String, _ value: String) {
        let error = #expect(throws: SettingsError.self) { try Settings(Environment(["DEBUG": "true", name: value])) }
        #expect(error?.description.contains(name) == true)
        #expect(name != "OTEL_EXPORTER_OTLP_HEADERS" || error?.description.contains("Evil") == false)
    }
}
