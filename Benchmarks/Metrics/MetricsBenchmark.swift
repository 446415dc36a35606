import MartletMetrics
import Measuring

/// Measures what it costs to count, and prints one JSON object a line for the driver.
@main enum MetricsBenchmark {
    private static let posts = Counter("posts_total", "Posts.")
    private static let kinds = Counter("kinds_total", "Posts by kind.", labels: "kind")
    private static let level = Gauge("level", "A level.")
    private static let times = Histogram("times_seconds", "Times.")
    private static let count = 200_000

    static func main() async throws {
        try await measure(["metrics": { operations() }])
    }

    private static func operations() -> [Operation] {
        let kept = kinds["kept"]
        return [
            repeated("a counter") { _ in posts.increment() },
            repeated("a series that is kept") { _ in kept.increment() },
            repeated("a series that is looked up") { _ in kinds["article"].increment() },
            repeated("a gauge") { place in level.set(Double(place)) },
            repeated("a histogram") { place in times.observe(Double(place % 100) / 100) },
        ]
    }

    private static func repeated(_ name: String, _ work: @escaping (Int) -> Void) -> Operation {
        Operation(name, count: count) {
            for place in 0..<count { work(place) }
            return Int(posts.value)
        }
    }
}
