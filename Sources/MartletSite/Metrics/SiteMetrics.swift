import Dispatch
import MartletMetrics
import MartletRouting

/// What a site counts whose addresses include ``metricsURLs``, and the metrics of its apps.
final class SiteMetrics: Sendable {
    let registry: MetricRegistry
    let requests: RequestMetrics
    let statements: StatementMetrics

    /// Where the numbers are collected and written.
    static let queue = DispatchQueue(label: "martlet.metrics", attributes: .concurrent)

    /// Makes what is counted with.
    ///
    /// - Throws: `MetricError` with everything that is wrong with the metrics of the apps.
    init(_ metrics: [any Metric], routes: RouteTable) throws {
        requests = RequestMetrics(routes)
        statements = StatementMetrics()
        registry = try MetricRegistry(
            requests.all + statements.all + metrics, beside: SiteFamilies().all + processMetrics())
    }
}
