import MartletCache
import MartletHTTP
import MartletLogging
import MartletMetrics
import MartletMiddleware
import MartletORM
import MartletRouting
import MartletSite
import MartletTesting
import Synchronization

/// A site that is looked at by those who run it.
enum WatchedSite {
    static let orders = Counter("shop_orders_total", "Orders.", labels: "kind")

    static func site(
        dependencies: [Dependency] = [], metrics: [any Metric] = [orders], showsMetrics: Bool = true
    ) -> Site {
        let urls = URLs {
            include("", healthURLs)
            if showsMetrics { include("", metricsURLs) }
            path("", { _ in Response("front") }, name: "front").methods(.get, .post).openToAll(because: "it is a test")
            path("orders/<int:id>/", { (_, _: Int) in Response("order") }, name: "order")
            path("plain/", { _ in Response("plain") })
            path("broken/", { _ in throw HTTPError(.serviceUnavailable) }, name: "broken")
            path("task/", work, name: "work")
        }
        return Site(
            apps: [App("shop", dependencies: dependencies, metrics: metrics)], urls: urls,
            middleware: { settings in
                let layers: [(any Middleware)?] = [
                    ForwardedHeaders(settings.forwarding), AllowedHosts(settings.allowedHosts), settings.maintenance,
                    settings.securityHeaders,
                ]
                return layers.compactMap(\.self)
            }, templates: [], staticFiles: [])
    }

    /// The site for tests, with time enough for a machine that is busy with other tests.
    static func tested(
        dependencies: [Dependency] = [], metrics: [any Metric] = [orders], showsMetrics: Bool = true,
        _ variables: [String: String] = [:]
    ) -> TestSite {
        let testSite = TestSite(
            site(dependencies: dependencies, metrics: metrics, showsMetrics: showsMetrics),
            variables: ["HEALTH_TIMEOUT": "60s"].merging(variables) { $1 })
        kept.withLock { $0.append(testSite) }
        return testSite
    }

    /// The databases of a test site go with it, so it lives as long as the process.
    private static let kept = Mutex<[TestSite]>([])

    /// Uses the database, the cache and a metric of the app.
    @Sendable private static func work(_ request: Request) async throws -> Response {
        let database = try Database.current
        _ = try await database.rows(Statement("SELECT 1")) { $0.value(at: 0) }
        _ = try? await database.rows(Statement("SELECT nothing FROM nowhere")) { $0.value(at: 0) }
        _ = try await Cache.current.get("missing", as: Int.self)
        try await Cache.current.set("there", 1, for: .minutes(1))
        _ = try await Cache.current.get("there", as: Int.self)
        orders["digital \"goods\""].increment()
        return Response("done")
    }
}

extension LiveServer {
    /// Asks for a page on a connection of its own.
    func get(_ target: String, method: String = "GET", _ fields: String...) async throws -> (head: String, body: String)
    {
        let fields = (["Host: localhost", "Connection: close"] + fields).joined(separator: "\r\n")
        let answer = try await send("\(method) \(target) HTTP/1.1\r\n\(fields)\r\n\r\n")
        guard let end = answer.firstRange(of: "\r\n\r\n") else { return (answer, "") }
        return (String(answer[..<end.lowerBound]), String(answer[end.upperBound...]))
    }
}
