/// Says how much there is now: jobs that wait, bytes in use. It goes up and down.
///
/// ```swift
/// static let drafts = Gauge("blog_drafts", "Posts that nobody but their authors sees.")
/// static let subscribers = Gauge("blog_subscribers", "Open event streams.", labels: "feed")
///
/// BlogMetrics.drafts.set(12)
/// BlogMetrics.subscribers["news"].increment()
/// ```
public struct Gauge<Labels: LabelValues>: Metric {
    /// The name, and what it means.
    public let info: MetricInfo
    let table: SeriesTable<Labels, GaugeSeries>
    /// Asked for each scrape; `nil` for a gauge that is told.
    private let read: (@Sendable () -> Double)?

    private init(
        _ name: String, _ help: String, names: [String], limit: Int, read: (@Sendable () -> Double)? = nil
    ) {
        info = MetricInfo(.gauge, name, help, labels: names)
        table = SeriesTable(names, limit: limit) { GaugeSeries() }
        self.read = read
    }

    /// What it is now.
    public func samples() -> [MetricSample] {
        if let read { return [MetricSample(read())] }
        return table.all().map { MetricSample($0.series.value, labels: $0.labels) }
    }
}

extension Gauge where Labels == NoLabels {
    /// Makes a gauge at zero.
    ///
    /// - Parameters:
    ///   - name: With the unit at its end, such as `blog_drafts` or `spool_bytes`.
    ///   - help: What it tells, in a sentence.
    public init(_ name: String, _ help: String) { self.init(name, help, names: [], limit: 1) }

    /// Makes a gauge that is asked for each scrape, away from the workers.
    ///
    /// - Parameter read: Must not block for long: the scrape waits for it.
    public init(_ name: String, _ help: String, read: @escaping @Sendable () -> Double) {
        self.init(name, help, names: [], limit: 1, read: read)
    }

    /// Sets it.
    public func set(_ value: Double) { table.only.set(value) }

    /// Raises it.
    public func increment(by amount: Double = 1) { table.only.increment(by: amount) }

    /// Lowers it.
    public func decrement(by amount: Double = 1) { table.only.decrement(by: amount) }

    /// What it is now; of one that is asked, zero.
    public var value: Double { table.only.value }
}

extension Gauge where Labels == OneLabel {
    /// Makes a gauge with a label; see ``Counter/init(_:_:labels:limit:)``.
    public init(_ name: String, _ help: String, labels label: String, limit: Int = standardSeriesLimit) {
        self.init(name, help, names: [label], limit: limit)
    }

    /// The series of a value.
    public subscript(_ value: String) -> GaugeSeries { table[OneLabel(value)] }
}

extension Gauge where Labels == TwoLabels {
    /// Makes a gauge with two labels; see ``Counter/init(_:_:labels:limit:)``.
    public init(
        _ name: String, _ help: String, labels first: String, _ second: String, limit: Int = standardSeriesLimit
    ) {
        self.init(name, help, names: [first, second], limit: limit)
    }

    /// The series of two values.
    public subscript(_ first: String, _ second: String) -> GaugeSeries { table[TwoLabels(first, second)] }
}

/// One number of a ``Gauge``: that of one combination of label values.
public final class GaugeSeries: Sendable {
    private let sum = AtomicSum()

    init() {}

    /// Sets it.
    public func set(_ value: Double) { sum.set(value) }

    /// Raises it; takes no lock.
    public func increment(by amount: Double = 1) { sum.add(amount) }

    /// Lowers it; takes no lock.
    public func decrement(by amount: Double = 1) { sum.add(-amount) }

    /// What it is now.
    public var value: Double { sum.value }
}
