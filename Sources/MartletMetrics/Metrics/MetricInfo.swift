/// What a metric is called, and what it means.
public struct MetricInfo: Sendable, Hashable {
    /// What kind of numbers a metric has.
    public enum Kind: String, Sendable, Hashable {
        /// A number that only goes up.
        case counter
        /// A number that goes up and down.
        case gauge
        /// How many observations were at most so large.
        case histogram
    }

    /// The name, such as `blog_posts_published_total`; that of a counter ends with `_total`.
    public let name: String
    /// What it means, in a sentence.
    public let help: String
    /// What kind of numbers it has.
    public let kind: Kind
    /// The names of its labels.
    public let labels: [String]
    /// The upper bounds of a histogram's buckets.
    public let buckets: [Double]

    /// Describes a metric; the ``MetricRegistry`` says what is wrong with it.
    public init(_ kind: Kind, _ name: String, _ help: String, labels: [String] = [], buckets: [Double] = []) {
        self.kind = kind
        self.name = name
        self.help = help
        self.labels = labels
        self.buckets = buckets
    }

    /// The name without what its kind puts behind it: what OpenMetrics calls the metric family.
    var family: String {
        kind == .counter && name.hasSuffix("_total") ? String(name.dropLast("_total".count)) : name
    }

    /// Every name that no other metric may have.
    var reserved: [String] {
        switch kind {
        case .counter: [family, name]
        case .gauge: [name]
        case .histogram: [name, "\(name)_bucket", "\(name)_sum", "\(name)_count"]
        }
    }
}
