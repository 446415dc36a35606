import Dispatch
import MartletHTTP
import MartletMetrics
import MartletMiddleware
public import MartletRouting

/// The address that Prometheus asks: `metrics`. A project includes it in one line, and from then on the site counts.
///
/// ```swift
/// let siteURLs = URLs {
///     include("", metricsURLs)
///     include("", blogURLs)
/// }
/// ```
///
/// It is for `INTERNAL_NETWORKS` only.
public let metricsURLs = URLs {
    path("metrics", metrics, name: "metrics").methods(.get).internalOnly().forProbes().setting(
        MetricsRoute.self, to: true)
}

/// Marks the route that shows metrics: without it nothing is counted.
enum MetricsRoute: RequestStorageKey {
    typealias Value = Bool
}

/// Writes all metrics in the form that the client prefers.
@Sendable func metrics(_ request: Request) async throws -> Response {
    guard let site = RunningSite.current, let metrics = site.metrics else { throw HTTPError(.notFound) }
    let format = MetricFormat.preferred(by: request)
    let families = site.families
    // The system is asked about the process, and an app's own gauges may take their time: not on a worker.
    let content = await withCheckedContinuation { continuation in
        SiteMetrics.queue.async { continuation.resume(returning: metrics.registry.render(format, beside: families)) }
    }
    var response = Response(content: content, contentType: format.mediaType)
    response.headers.addVary(.accept)
    return response
}

extension MetricFormat {
    /// The form that a client asks for: Prometheus OpenMetrics, a browser the older text format.
    static func preferred(by request: Request) -> MetricFormat {
        let wanted = request.preferred(of: MetricFormat.allCases.map(\.mediaType))
        return allCases.first { $0.mediaType == wanted } ?? .prometheus
    }

    var mediaType: MediaType {
        switch self {
        case .prometheus: MediaType(literal: "text/plain; version=0.0.4; charset=utf-8")
        case .openMetrics: MediaType(literal: "application/openmetrics-text; version=1.0.0; charset=utf-8")
        }
    }
}
