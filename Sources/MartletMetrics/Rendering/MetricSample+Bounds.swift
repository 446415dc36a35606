extension MetricSample {
    /// The label of a histogram's bucket.
    package static func bound(_ value: Double) -> MetricLabel { MetricLabel("le", MetricText.bound(value)) }
}
