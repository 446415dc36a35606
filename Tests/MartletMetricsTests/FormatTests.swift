import MartletMetrics
import Testing

struct FormatTests {
    private static func registry() throws -> MetricRegistry {
        let posts = Counter("posts_total", "Posts\nwith \"quotes\" and \\.", labels: "kind")
        posts["a \"b\" \\ \n"].increment(by: 2)
        let level = Gauge("level", "Level.")
        level.set(1e300)
        let times = Histogram("times_seconds", "Times.", labels: "page", buckets: [0.005, 1])
        times["front"].observe(0.25)
        return try MetricRegistry([posts, level, times, Gauge("nothing", "Nothing.", labels: "kind")])
    }

    /// What the registry's own metrics are, without the process's.
    private static func lines(_ format: MetricFormat) throws -> [String] {
        String(decoding: try registry().render(format), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init).filter {
                !$0.contains("process_")
            }
    }

    @Test func `the text format has name, type, labels and value in a line each`() throws {
        #expect(
            try Self.lines(.prometheus) == [
                #"# HELP posts_total Posts\nwith "quotes" and \\."#,
                "# TYPE posts_total counter",
                #"posts_total{kind="a \"b\" \\ \n"} 2"#,
                "# HELP level Level.",
                "# TYPE level gauge",
                "level 1e+300",
                "# HELP times_seconds Times.",
                "# TYPE times_seconds histogram",
                #"times_seconds_bucket{page="front",le="0.005"} 0"#,
                #"times_seconds_bucket{page="front",le="1.0"} 1"#,
                #"times_seconds_bucket{page="front",le="+Inf"} 1"#,
                #"times_seconds_sum{page="front"} 0.25"#,
                #"times_seconds_count{page="front"} 1"#,
                "# HELP nothing Nothing.",
                "# TYPE nothing gauge",
                "",
            ])
    }

    @Test func `OpenMetrics names a counter without its suffix, escapes quotes in help, and ends`() throws {
        let lines = try Self.lines(.openMetrics)
        #expect(
            lines.prefix(3) == [
                #"# HELP posts Posts\nwith \"quotes\" and \\."#, "# TYPE posts counter",
                #"posts_total{kind="a \"b\" \\ \n"} 2"#,
            ])
        #expect(lines.suffix(2) == ["# EOF", ""])
    }

    struct Number: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let value: Double
        let text: String
    }

    static let numbers = [
        Number(testDescription: "a whole number", value: 3, text: "3"),
        Number(testDescription: "a negative one", value: -12, text: "-12"),
        Number(testDescription: "a part", value: 0.1, text: "0.1"),
        Number(testDescription: "a small one", value: 1e-9, text: "1e-09"),
        Number(testDescription: "no number", value: .nan, text: "NaN"),
        Number(testDescription: "without end", value: .infinity, text: "+Inf"),
        Number(testDescription: "without end, downwards", value: -.infinity, text: "-Inf"),
    ]

    @Test(arguments: numbers)
    func `numbers are written as Prometheus reads them`(_ example: Number) throws {
        let registry = try MetricRegistry([Gauge("level", "Level.", read: { example.value })])
        #expect(String(decoding: registry.render(.prometheus), as: UTF8.self).contains("\nlevel \(example.text)\n"))
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let metrics: [any Metric]
        let problem: String
    }

    static let mistakes = [
        Mistake(
            testDescription: "a counter without its suffix", metrics: [Counter("posts", "P.")],
            problem: "The counter 'posts' must end with '_total': 'posts_total'."),
        Mistake(
            testDescription: "a name with a blank", metrics: [Gauge("blog posts", "P.")],
            problem: "'blog posts' is no name of a metric: write letters, digits, '_' and ':', not a digit first."),
        Mistake(
            testDescription: "a name that forges a line", metrics: [Gauge("a 1\nb", "P.")],
            problem: "'a 1\nb' is no name of a metric: write letters, digits, '_' and ':', not a digit first."),
        Mistake(
            testDescription: "no name", metrics: [Gauge("", "P.")],
            problem: "'' is no name of a metric: write letters, digits, '_' and ':', not a digit first."),
        Mistake(
            testDescription: "a digit first", metrics: [Gauge("2fast", "P.")],
            problem: "'2fast' is no name of a metric: write letters, digits, '_' and ':', not a digit first."),
        Mistake(
            testDescription: "a label with a dash", metrics: [Gauge("a", "P.", labels: "my-kind")],
            problem:
                "'my-kind' is no name for a label of 'a': write letters, digits and '_', not '__' or a digit first."),
        Mistake(
            testDescription: "a label of Prometheus' own", metrics: [Gauge("a", "P.", labels: "__name__")],
            problem:
                "'__name__' is no name for a label of 'a': write letters, digits and '_', not '__' or a digit first."),
        Mistake(
            testDescription: "the label of the buckets", metrics: [Histogram("a_bytes", "P.", labels: "le")],
            problem:
                "'le' is no name for a label of 'a_bytes': write letters, digits and '_', not '__' or a digit first, "
                + "and not 'le', which the buckets have."),
        Mistake(
            testDescription: "one label twice", metrics: [Gauge("a", "P.", labels: "kind", "kind")],
            problem: "'a' has two labels 'kind'."),
        Mistake(
            testDescription: "no buckets", metrics: [Histogram("a_bytes", "P.", buckets: [])],
            problem: "The buckets of 'a_bytes' are missing: name at least one upper bound."),
        Mistake(
            testDescription: "buckets in disorder", metrics: [Histogram("a_bytes", "P.", buckets: [1, 1])],
            problem: "The buckets of 'a_bytes' must go up: 1.0, 1.0."),
        Mistake(
            testDescription: "a bucket without an end", metrics: [Histogram("a_bytes", "P.", buckets: [1, .infinity])],
            problem: "The buckets of 'a_bytes' must be finite: the one without an upper bound is there anyway."),
        Mistake(
            testDescription: "one name twice", metrics: [Gauge("a", "P."), Gauge("a", "Q.")],
            problem: "There are two metrics 'a'. Name one of them otherwise, or list it once."),
        Mistake(
            testDescription: "a counter and a gauge of one family",
            metrics: [Gauge("a", "P."), Counter("a_total", "Q.")],
            problem: "The metric 'a_total' would be mixed up with 'a': both are 'a'. Name one of them otherwise."),
        Mistake(
            testDescription: "a gauge named like a histogram's sum",
            metrics: [Histogram("a_bytes", "P."), Gauge("a_bytes_sum", "Q.")],
            problem:
                "The metric 'a_bytes_sum' would be mixed up with 'a_bytes': both are 'a_bytes_sum'. Name one of them "
                + "otherwise."),
    ]

    @Test(arguments: mistakes)
    func `what Prometheus would refuse or mix up is told when the registry is made`(_ example: Mistake) {
        let error = #expect(throws: MetricError.self) { try MetricRegistry(example.metrics) }
        #expect(error?.problems == [example.problem])
    }

    @Test func `all mistakes are told at once`() {
        let error = #expect(throws: MetricError.self) {
            try MetricRegistry([Counter("posts", "P."), Gauge("2", "P.", labels: "")])
        }
        #expect(error?.problems.count == 3)
        #expect(error?.description.hasPrefix("The metrics are not in order:\n  - The counter 'posts'") == true)
    }
}
