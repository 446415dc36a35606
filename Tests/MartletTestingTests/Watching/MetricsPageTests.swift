import MartletHTTP
import MartletLogging
import MartletMetrics
import MartletSite
import MartletTesting
import MartletValues
import TestPrograms
import Testing

@Suite(.timeLimit(.minutes(5))) struct MetricsPageTests {
    /// The value of a series, as its line has it.
    static func value(_ series: String, in page: String) -> Double? {
        page.split(separator: "\n").first { $0.hasPrefix(series + " ") }.flatMap {
            Double($0.dropFirst(series.count + 1))
        }
    }

    /// A series and the value that it must have.
    private static let expected: [(String, Double)] = [
        (#"http_requests_total{route="front",method="GET",status="200"}"#, 2),
        (#"http_requests_total{route="front",method="HEAD",status="200"}"#, 1),
        (#"http_requests_total{route="front",method="PUT",status="405"}"#, 1),
        (#"http_requests_total{route="order",method="GET",status="200"}"#, 3),
        (#"http_requests_total{route="/plain/",method="GET",status="200"}"#, 1),
        (#"http_requests_total{route="broken",method="GET",status="503"}"#, 1),
        (#"http_requests_total{route="",method="GET",status="404"}"#, 1),
        (#"http_requests_total{route="front",method="other",status="405"}"#, 2),
        (#"http_request_duration_seconds_count{route="order",method="GET"}"#, 3),
        (#"http_request_duration_seconds_bucket{route="order",method="GET",le="+Inf"}"#, 3),
        ("http_requests_in_flight", 1),
        ("http_connections_accepted_total", 15),
        ("http_connections_refused_total", 0),
        (#"database_pool_limit{database="database",pool="write"}"#, 1),
        (#"database_pool_connections{database="database",pool="read",state="used"}"#, 0),
        (#"database_pool_waiting{database="database",pool="read"}"#, 0),
        (#"database_pool_timeouts_total{database="database",pool="read"}"#, 0),
        ("cache_hits_total", 1),
        ("cache_misses_total", 1),
        ("cache_writes_total", 1),
        ("cache_failures_total", 0),
        ("log_events_dropped_total", 0),
        (#"shop_sales_total{kind="a \"b\" \\ \n"}"#, 3),
        (
            "martlet_build_info{version=\"\(martletVersion)\",swift=\"6.3\",release=\"2026-11\"}", 1
        ),
    ]

    /// A series and what it must have risen by; migrations have asked the database before.
    private static let increases: [(String, Double)] = [
        (#"database_statements_total{kind="select",outcome="ok"}"#, 1),
        (#"database_statements_total{kind="select",outcome="error"}"#, 1),
        (#"database_statement_duration_seconds_count{kind="select"}"#, 2),
        (#"database_pool_leases_total{database="database",pool="read"}"#, 2),
    ]

    @Test func `requests, connections, bytes, database, cache, log, process and the app's own metrics are shown`()
        async throws
    {
        let sales = Counter("shop_sales_total", "Sales.", labels: "kind")
        sales["a \"b\" \\ \n"].increment(by: 3)
        let site = WatchedSite.tested(metrics: [WatchedSite.orders, sales], ["RELEASE": "2026-11"])
        try await site.withLiveServer { server in
            let before = try await server.get("/metrics").body
            for path in ["/", "/?q=secret", "/orders/1/", "/orders/2/", "/orders/3/", "/plain/", "/task/", "/broken/"] {
                _ = try await server.get(path)
            }
            for method in ["HEAD", "PUT", "BREW", "x'%_"] { _ = try await server.get("/", method: method) }
            _ = try await server.get("/nowhere/secret/")
            let (head, page) = try await server.get("/metrics")
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(head.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
            #expect(head.contains("Vary: Accept"))
            for (series, value) in Self.expected {
                #expect(Self.value(series, in: page) == value, "\(series)")
            }
            for (series, value) in Self.increases {
                let rise = (Self.value(series, in: page) ?? 0) - (Self.value(series, in: before) ?? 0)
                #expect(rise == value, "\(series)")
            }
            // Those that have been answered may not be closed yet.
            #expect(try #require(Self.value("http_connections", in: page)) >= 1)
            // Paths and what strangers make up are nobody's labels.
            #expect(!page.contains("secret") && !page.contains("BREW") && !page.contains("/orders/1/"))
            let waits = #"database_pool_wait_seconds_count{database="database",pool="read"}"#
            #expect(Self.value(waits, in: page) != nil)
            for name in [
                "http_received_bytes_total", "http_sent_bytes_total", "process_resident_memory_bytes",
                "process_cpu_seconds_total", "process_open_fds", "process_max_fds", "process_start_time_seconds",
            ] {
                #expect(try #require(Self.value(name, in: page), "\(name)") > 0)
            }
        }
    }

    @Test func `the bytes are those that went over the wire`() async throws {
        try await WatchedSite.tested().withLiveServer { server in
            let request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let answer = try await server.send(request)
            let scrape = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let page = try await server.send(scrape)
            let received = Double(request.utf8.count + scrape.utf8.count)
            #expect(Self.value("http_received_bytes_total", in: page) == received)
            #expect(Self.value("http_sent_bytes_total", in: page) == Double(answer.utf8.count))
        }
    }

    @Test func `log events without room are counted`() async throws {
        let site = try await WatchedSite.tested().makeSite()
        // Room for nothing; what is told of that would go to an output that is not there.
        let sink = StreamSink(descriptor: -1, renderer: JSONLinesRenderer(), capacity: 0)
        try await Logger.with(LogSettings(sink: sink)) {
            Logger("test").info("one")
            Logger("test").info("two")
            let page = try await TestClient(site).get("/metrics").text
            #expect(Self.value("log_events_dropped_total", in: page) == 2)
        }
        await site.close()
    }

    struct Negotiation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let accept: String?
        let isOpenMetrics: Bool
    }

    static let negotiations = [
        Negotiation(testDescription: "nothing", accept: nil, isOpenMetrics: false),
        Negotiation(testDescription: "anything", accept: "*/*", isOpenMetrics: false),
        Negotiation(
            testDescription: "a browser", accept: "text/html,application/xhtml+xml,*/*;q=0.8", isOpenMetrics: false),
        Negotiation(
            testDescription: "Prometheus 2",
            accept: "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", isOpenMetrics: true),
        Negotiation(
            testDescription: "a version that is not spoken",
            accept: "application/openmetrics-text;version=9.0.0,text/plain;version=0.0.4;q=0.5", isOpenMetrics: false),
        Negotiation(
            testDescription: "something else", accept: "application/json", isOpenMetrics: false),
        Negotiation(testDescription: "nonsense", accept: ";;;,/q=9,\"", isOpenMetrics: false),
    ]

    @Test(arguments: negotiations)
    func `OpenMetrics goes to whoever asks for it`(_ example: Negotiation) async throws {
        let site = try await WatchedSite.tested().makeSite()
        var headers = Headers()
        if let accept = example.accept { try headers.set(.accept, accept) }
        let response = try await TestClient(site).get("/metrics", headers: headers)
        let type = response.headers[.contentType]
        #expect(
            type?.hasPrefix(example.isOpenMetrics ? "application/openmetrics-text; version=1.0.0" : "text/plain")
                == true)
        #expect(response.text.hasSuffix("# EOF\n") == example.isOpenMetrics)
        await site.close()
    }

    @Test func `a site that does not include the address has no metrics`() async throws {
        let site = try await WatchedSite.tested(showsMetrics: false).makeSite()
        #expect(try await TestClient(site).get("/metrics").status == .notFound)
        await site.close()
    }

    @Test func `a site with metrics that Prometheus would mix up does not start`() async throws {
        let mine = Gauge("http_requests_in_flight", "Mine.")
        let site = WatchedSite.tested(metrics: [mine, Counter("sales", "Sales.")])
        let error = await #expect(throws: MetricError.self) { try await site.makeSite() }
        #expect(
            error?.problems == [
                "There are two metrics 'http_requests_in_flight'. Name one of them otherwise, or list it once.",
                "The counter 'sales' must end with '_total': 'sales_total'.",
            ])
    }

    @Test func `promtool finds nothing to complain about`() async throws {
        let site = try await WatchedSite.tested().makeSite()
        let client = TestClient(site)
        for path in ["/", "/task/", "/nowhere/"] { _ = try await client.get(path) }
        let page = try await client.get("/metrics").text
        let result = try await Program.run("promtool", ["check", "metrics"], input: page)
        #expect(result.status == 0)
        #expect(result.output == "")
        await site.close()
    }

    @Test(arguments: [MetricFormat.prometheus, .openMetrics])
    func `Python's client reads the whole page`(_ format: MetricFormat) async throws {
        let python = try await PythonEnvironment("prometheus-client==0.21.1")
        let site = try await WatchedSite.tested().makeSite()
        let client = TestClient(site)
        for path in ["/", "/task/", "/nowhere/"] { _ = try await client.get(path) }
        var headers = Headers()
        if format == .openMetrics { try headers.set(.accept, "application/openmetrics-text; version=1.0.0") }
        let page = try await client.get("/metrics", headers: headers).text
        let script = """
            import sys
            from prometheus_client import parser as text
            from prometheus_client.openmetrics import parser as openmetrics
            read = (openmetrics if sys.argv[1] == "openMetrics" else text).text_string_to_metric_families
            for family in read(sys.stdin.read()):
                for sample in family.samples:
                    print(family.type, sample.name, sample.labels.get("route"), sample.labels.get("status"), sample.value)
            """
        let lines = try await python.run(script, "\(format)", input: page).split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("counter http_requests_total front 200 1") })
        #expect(lines.contains { $0.hasPrefix("histogram http_request_duration_seconds_bucket front None 1") })
        #expect(lines.contains { $0.hasPrefix("gauge process_resident_memory_bytes None None ") })
        await site.close()
    }
}
