import Synchronization

/// Tells how observations are spread: how many took at most 5 ms, 10 ms, 25 ms …, and all of them together.
///
/// ```swift
/// static let rendering = Histogram("blog_feed_rendering_seconds", "How long the feed takes to be written.")
///
/// let feed = try BlogMetrics.rendering.measure { try render(posts) }
/// ```
///
/// Source: [Prometheus, histograms](https://prometheus.io/docs/practices/histograms/).
public struct Histogram<Labels: LabelValues>: Metric {
    /// The name, and what it means.
    public let info: MetricInfo
    let table: SeriesTable<Labels, HistogramSeries>

    /// Makes a histogram whose labels are of a type of the caller's own.
    package init(_ name: String, _ help: String, buckets: [Double], names: [String], limit: Int) {
        info = MetricInfo(.histogram, name, help, labels: names, buckets: buckets)
        table = SeriesTable(names, limit: limit) { HistogramSeries(buckets) }
    }

    /// The series of label values.
    package func series(_ labels: Labels) -> HistogramSeries { table[labels] }

    /// What was observed so far.
    public func samples() -> [MetricSample] {
        table.all().flatMap { $0.series.samples($0.labels) }
    }
}

/// Bounds in seconds for what people wait for, those of Prometheus' client for Python.
public let standardBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

extension Histogram where Labels == NoLabels {
    /// Makes a histogram.
    ///
    /// - Parameters:
    ///   - name: With the unit at its end, such as `_seconds` or `_bytes`.
    ///   - help: What is observed, in a sentence.
    ///   - buckets: The upper bounds, each larger than the one before; what is larger still is counted, too.
    public init(_ name: String, _ help: String, buckets: [Double] = standardBuckets) {
        self.init(name, help, buckets: buckets, names: [], limit: 1)
    }

    /// Notes an observation; takes no lock.
    public func observe(_ value: Double) { table.only.observe(value) }

    /// Notes a time, in seconds.
    public func observe(_ duration: Duration) { table.only.observe(duration) }

    /// Notes how long an operation takes, also one that throws.
    public func measure<Result>(
        isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
    ) async rethrows -> Result {
        let start = ContinuousClock.now
        defer { table.only.observe(start.duration(to: .now)) }
        return try await operation()
    }

    /// Notes how long an operation takes that does not suspend.
    public func measure<Result>(_ operation: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer { table.only.observe(start.duration(to: .now)) }
        return try operation()
    }
}

extension Histogram where Labels == OneLabel {
    /// Makes a histogram with a label; see ``Counter/init(_:_:labels:limit:)``.
    public init(
        _ name: String, _ help: String, labels label: String, buckets: [Double] = standardBuckets,
        limit: Int = standardSeriesLimit
    ) {
        self.init(name, help, buckets: buckets, names: [label], limit: limit)
    }

    /// The series of a value.
    public subscript(_ value: String) -> HistogramSeries { table[OneLabel(value)] }
}

extension Histogram where Labels == TwoLabels {
    /// Makes a histogram with two labels; see ``Counter/init(_:_:labels:limit:)``.
    public init(
        _ name: String, _ help: String, labels first: String, _ second: String, buckets: [Double] = standardBuckets,
        limit: Int = standardSeriesLimit
    ) {
        self.init(name, help, buckets: buckets, names: [first, second], limit: limit)
    }

    /// The series of two values.
    public subscript(_ first: String, _ second: String) -> HistogramSeries { table[TwoLabels(first, second)] }
}

/// The observations of one combination of label values.
public final class HistogramSeries: Sendable {
    private let bounds: [Double]
    /// How many observations fell between two bounds, and how many above the last.
    private let counts: [BucketCount]
    private let sum = AtomicSum()

    init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = (0...bounds.count).map { _ in BucketCount() }
    }

    /// Notes an observation; takes no lock. What is no number is not noted: the sum would be none for ever.
    public func observe(_ value: Double) {
        guard !value.isNaN else { return }
        var place = 0
        while place < bounds.count, value > bounds[place] { place += 1 }
        counts[place].number.wrappingAdd(1, ordering: .relaxed)
        sum.add(value)
    }

    /// Notes a time, in seconds.
    public func observe(_ duration: Duration) { observe(duration / .seconds(1)) }

    func samples(_ labels: [MetricLabel]) -> [MetricSample] {
        let sum = sum.value
        var total: UInt64 = 0
        var samples: [MetricSample] = []
        samples.reserveCapacity(counts.count + 2)
        for (place, count) in counts.enumerated() {
            total += count.number.load(ordering: .relaxed)
            let bound = place < bounds.count ? bounds[place] : .infinity
            samples.append(
                MetricSample(
                    Double(total), labels: labels + [MetricSample.bound(bound)], suffix: "_bucket"))
        }
        samples.append(MetricSample(sum, labels: labels, suffix: "_sum"))
        // As many as the buckets hold, whatever was observed meanwhile: OpenMetrics wants them equal.
        samples.append(MetricSample(Double(total), labels: labels, suffix: "_count"))
        return samples
    }
}

private final class BucketCount: Sendable {
    let number = Atomic<UInt64>(0)
}
