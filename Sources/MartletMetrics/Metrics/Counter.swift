import Synchronization

/// Counts what happens: requests, posts, failures. It only goes up; a restart of the process begins at zero, which
/// Prometheus' `rate()` knows.
///
/// ```swift
/// enum BlogMetrics {
///     static let published = Counter("blog_posts_published_total", "Posts that went public.", labels: "kind")
/// }
///
/// BlogMetrics.published["article"].increment()
/// let blogApp = App("blog", models: [Post.self], metrics: [BlogMetrics.published])
/// ```
///
/// Only metrics that an app names are shown at `/metrics`.
///
/// Source: [Prometheus, naming](https://prometheus.io/docs/practices/naming/).
public struct Counter<Labels: LabelValues>: Metric {
    /// The name, and what it means.
    public let info: MetricInfo
    let table: SeriesTable<Labels, CounterSeries>

    /// Makes a counter whose labels are of a type of the caller's own.
    ///
    /// - Parameter limit: How many series there may be beside `other`.
    package init(_ name: String, _ help: String, names: [String], limit: Int) {
        info = MetricInfo(.counter, name, help, labels: names)
        table = SeriesTable(names, limit: limit) { CounterSeries() }
    }

    /// The series of label values.
    package func series(_ labels: Labels) -> CounterSeries { table[labels] }

    /// What was counted so far.
    public func samples() -> [MetricSample] {
        table.all().map { MetricSample($0.series.value, labels: $0.labels) }
    }
}

/// How many series a metric has, unless told.
public let standardSeriesLimit = 1_000

extension Counter where Labels == NoLabels {
    /// Makes a counter.
    ///
    /// - Parameters:
    ///   - name: Ends with `_total`.
    ///   - help: What is counted, in a sentence.
    public init(_ name: String, _ help: String) { self.init(name, help, names: [], limit: 1) }

    /// Counts; takes no lock.
    ///
    /// - Parameter amount: How much; a negative amount counts nothing, since a counter only goes up.
    public func increment(by amount: Int = 1) { table.only.increment(by: amount) }

    /// Counts a part of a unit; see above.
    public func increment(by amount: Double) { table.only.increment(by: amount) }

    /// What was counted so far.
    public var value: Double { table.only.value }
}

extension Counter where Labels == OneLabel {
    /// Makes a counter with a label.
    ///
    /// - Parameters:
    ///   - name: Ends with `_total`.
    ///   - help: What is counted, in a sentence.
    ///   - label: The label's name. Its values should be few: a kind, never a user or a path.
    ///   - limit: How many values are told apart; those that come later are counted as `other`.
    public init(_ name: String, _ help: String, labels label: String, limit: Int = standardSeriesLimit) {
        self.init(name, help, names: [label], limit: limit)
    }

    /// The series of a value; whoever counts often keeps it.
    public subscript(_ value: String) -> CounterSeries { table[OneLabel(value)] }
}

extension Counter where Labels == TwoLabels {
    /// Makes a counter with two labels; see ``init(_:_:labels:limit:)``.
    public init(
        _ name: String, _ help: String, labels first: String, _ second: String, limit: Int = standardSeriesLimit
    ) {
        self.init(name, help, names: [first, second], limit: limit)
    }

    /// The series of two values.
    public subscript(_ first: String, _ second: String) -> CounterSeries { table[TwoLabels(first, second)] }
}

extension Counter where Labels == ThreeLabels {
    /// Makes a counter with three labels; see ``init(_:_:labels:limit:)``.
    public init(
        _ name: String, _ help: String, labels first: String, _ second: String, _ third: String,
        limit: Int = standardSeriesLimit
    ) {
        self.init(name, help, names: [first, second, third], limit: limit)
    }

    /// The series of three values.
    public subscript(_ first: String, _ second: String, _ third: String) -> CounterSeries {
        table[ThreeLabels(first, second, third)]
    }
}

/// One count of a ``Counter``: that of one combination of label values.
public final class CounterSeries: Sendable {
    /// Whole numbers, which are nearly all, are added in one step.
    private let whole = Atomic<UInt64>(0)
    private let parts = AtomicSum()

    init() {}

    /// Counts; takes no lock.
    ///
    /// - Parameter amount: How much; a negative amount counts nothing, since a counter only goes up.
    public func increment(by amount: Int = 1) {
        guard amount > 0 else { return }
        whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
    }

    /// Counts a part of a unit, such as seconds; what is negative or no number counts nothing.
    public func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        parts.add(amount)
    }

    /// What was counted so far.
    public var value: Double { Double(whole.load(ordering: .relaxed)) + parts.value }
}
