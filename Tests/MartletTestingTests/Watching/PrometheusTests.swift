import MartletJSON
import MartletTesting
import TestPrograms
import Testing

/// What a real Prometheus makes of a site.
@Suite(.timeLimit(.minutes(3))) struct PrometheusTests {
    /// Asks Prometheus until there is an answer that satisfies; it needs a while to start, and for its first look.
    private static func ask(
        _ path: String, _ prometheus: PrometheusServer, until isWanted: (JSONValue) -> Bool
    ) async throws -> JSONValue {
        var last: JSONValue = .null
        for _ in 0..<1_200 {
            try #require(prometheus.isRunning, "prometheus ended at once")
            let request = "GET \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            let answer = try? await LiveServer.send(request, port: prometheus.port)
            if let answer, answer.hasPrefix("HTTP/1.1 200"), let end = answer.firstRange(of: "\r\n\r\n"),
                let json = try? JSON.parse(Array(answer[end.upperBound...].utf8))
            {
                last = json
                if isWanted(json) { return json }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("\(path) stays \(last)")
        return last
    }

    /// The value of the only series that a query finds.
    private static func value(_ query: String, _ prometheus: PrometheusServer) async throws -> String? {
        func value(_ json: JSONValue) -> String? { json["data"]?["result"]?[0]?["value"]?[1]?.stringValue }
        let path =
            "/api/v1/query?query=" + query.utf8.map { "%" + String(Int($0) + 0x100, radix: 16).dropFirst() }.joined()
        return value(try await ask(path, prometheus) { value($0) != nil })
    }

    @Test func `Prometheus reads the page of a live site and answers queries about it`() async throws {
        try await WatchedSite.tested().withLiveServer { server in
            for path in ["/", "/", "/orders/7/", "/task/"] { _ = try await server.get(path) }
            let prometheus = try PrometheusServer(asking: server.port)
            let targets = try await Self.ask("/api/v1/targets", prometheus) {
                $0["data"]?["activeTargets"]?[0]?["health"]?.stringValue == "up"
            }
            #expect(targets["data"]?["activeTargets"]?[0]?["lastError"]?.stringValue == "")
            let front = #"http_requests_total{route="front",method="GET",status="200"}"#
            #expect(try await Self.value(front, prometheus) == "2")
            #expect(try await Self.value(#"sum(http_requests_total{route="order"})"#, prometheus) == "1")
            let median = #"histogram_quantile(0.5, http_request_duration_seconds_bucket{route="front"}) > 0"#
            #expect(try await Self.value(median, prometheus) != nil)
            #expect(try await Self.value("process_resident_memory_bytes > 1000000", prometheus) != nil)
            #expect(try await Self.value(#"database_statements_total{outcome="error"}"#, prometheus) == "1")
            // It asked for OpenMetrics, and knows types and meanings by the names of that format.
            let metadata = try await Self.ask("/api/v1/metadata?metric=http_requests", prometheus) {
                $0["data"]?["http_requests"] != nil
            }
            #expect(metadata["data"]?["http_requests"]?[0]?["type"]?.stringValue == "counter")
            #expect(metadata["data"]?["http_requests"]?[0]?["help"]?.stringValue == "Requests that were answered.")
        }
    }
}
