/// Something that is counted or measured, with a name by which Prometheus finds it: a ``Counter``, a ``Gauge``, a
/// ``Histogram``, or a type of your own that knows a number when it is asked.
///
/// Source: [Prometheus, metric types](https://prometheus.io/docs/concepts/metric_types/).
public protocol Metric: Sendable {
    /// The name, and what it means.
    var info: MetricInfo { get }

    /// What it is now. Called for each scrape, never on a worker; it must not block for long.
    func samples() -> [MetricSample]
}
