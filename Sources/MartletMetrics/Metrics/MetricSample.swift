/// One number of a metric.
public struct MetricSample: Sendable, Hashable {
    /// What follows the metric's name, such as `_bucket`; mostly nothing.
    public let suffix: String
    /// Labels and their values.
    public let labels: [MetricLabel]
    /// The number.
    public let value: Double

    /// Makes a number.
    public init(_ value: Double, labels: [MetricLabel] = [], suffix: String = "") {
        self.value = value
        self.labels = labels
        self.suffix = suffix
    }
}

/// A label of a number, with its value.
public struct MetricLabel: Sendable, Hashable {
    /// The label's name.
    public let name: String
    /// Its value.
    public let value: String

    /// Makes a label.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
