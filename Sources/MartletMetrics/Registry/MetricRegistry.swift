/// The metrics that are shown together.
///
/// ```swift
/// let registry = try MetricRegistry([BlogMetrics.published, BlogMetrics.rendering])
/// let text = registry.render(.prometheus)
/// ```
///
/// A site has one with its own metrics and those of its apps, see `metricsURLs`.
public final class MetricRegistry: Sendable {
    private let metrics: [any Metric]

    /// Makes a registry.
    ///
    /// - Throws: ``MetricError`` with everything that is wrong with names, labels and buckets.
    public convenience init(_ metrics: [any Metric]) throws(MetricError) {
        try self.init(metrics, beside: [])
    }

    /// Makes a registry that is shown together with other metrics.
    package init(_ metrics: [any Metric], beside others: [MetricFamily]) throws(MetricError) {
        self.metrics = metrics
        let problems = MetricProblems.of(others.map(\.info) + metrics.map(\.info))
        guard problems.isEmpty else { throw MetricError(problems: problems) }
    }

    /// Writes all metrics with their numbers of now; gauges that are asked may take their time, so it is not for a worker.
    public func render(_ format: MetricFormat) -> [UInt8] { render(format, beside: []) }

    /// Writes other metrics and then these.
    package func render(_ format: MetricFormat, beside others: [MetricFamily]) -> [UInt8] {
        format.render(others + processMetrics() + metrics.map { MetricFamily($0.info, $0.samples()) })
    }
}

/// What is wrong with metrics.
public struct MetricError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A sentence for each problem.
    public let problems: [String]

    /// All problems.
    public var description: String {
        "The metrics are not in order:\n" + problems.map { "  - \($0)" }.joined(separator: "\n")
    }
}
