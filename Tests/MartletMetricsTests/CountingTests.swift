import MartletMetrics
import Testing

struct CountingTests {
    @Test func `a counter counts up and never down`() {
        let posts = Counter("posts_total", "Posts.")
        posts.increment()
        posts.increment(by: 4)
        posts.increment(by: -3)
        posts.increment(by: 0.5)
        posts.increment(by: -0.5)
        posts.increment(by: Double.nan)
        posts.increment(by: Double.infinity)
        #expect(posts.value == 5.5)
    }

    @Test func `series with different labels count apart`() {
        let posts = Counter("posts_total", "Posts.", labels: "kind", "language")
        posts["article", "en"].increment()
        let notes = posts["note", "de"]
        notes.increment(by: 2)
        notes.increment()
        let values = posts.samples().map { "\($0.labels.map(\.value)) \($0.value)" }
        #expect(values == [#"["article", "en"] 1.0"#, #"["note", "de"] 3.0"#])
    }

    @Test func `a gauge goes up and down, and is asked where it knows better`() {
        let drafts = Gauge("drafts", "Drafts.")
        drafts.set(3)
        drafts.increment()
        drafts.decrement(by: 2.5)
        #expect(drafts.value == 1.5)
        #expect(Gauge("temperature", "Outside.", read: { -4 }).samples().map(\.value) == [-4])
        let open = Gauge("streams", "Streams.", labels: "feed")
        open["news"].increment()
        #expect(open.samples().map(\.labels) == [[MetricLabel("feed", "news")]])
    }

    // A value on a bound is in its bucket: Prometheus' `le` is "less or equal".
    @Test func `a histogram sorts observations into its buckets`() {
        let times = Histogram("times_seconds", "Times.", buckets: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 1, 7, -1] { times.observe(value) }
        times.observe(.milliseconds(250))
        times.observe(Double.nan)
        let samples = times.samples().map { "\($0.suffix)\($0.labels.map(\.value)) \($0.value)" }
        #expect(
            samples == [
                #"_bucket["0.1"] 3.0"#, #"_bucket["1.0"] 6.0"#, #"_bucket["+Inf"] 7.0"#, "_sum[] 7.9", "_count[] 7.0",
            ])
    }

    @Test func `what an operation takes is observed, also when it throws`() async throws {
        struct Failure: Error {}
        let times = Histogram("times_seconds", "Times.")
        #expect(times.measure { 3 } == 3)
        #expect(throws: Failure.self) { try times.measure { throw Failure() } }
        await #expect(throws: Failure.self) {
            try await times.measure {
                await Task.yield()
                throw Failure()
            }
        }
        #expect(times.samples().last?.value == 3)
    }

    @Test func `nothing is lost when many tasks count at once`() async {
        let posts = Counter("posts_total", "Posts.", labels: "kind")
        let sizes = Histogram("sizes_bytes", "Sizes.", buckets: [1, 2])
        let level = Gauge("level", "Level.")
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<2_000 {
                        posts["\(task % 2)"].increment()
                        posts["0"].increment(by: 0.5)
                        sizes.observe(2)
                        level.increment()
                        level.decrement()
                    }
                }
            }
        }
        #expect(posts.samples().map(\.value) == [8_000 + 8_000, 8_000])
        #expect(sizes.samples().last?.value == 16_000)
        #expect(sizes.samples().dropLast().last?.value == 32_000)
        #expect(level.value == 0)
    }

    @Test func `beyond the limit everything new is counted as other`() {
        let searches = Counter("searches_total", "Searches.", labels: "word", limit: 2)
        for word in ["a", "b", "c", "d", "a", "e"] { searches[word].increment() }
        let values = searches.samples().map { "\($0.labels[0].value) \($0.value)" }
        #expect(values == ["a 2.0", "b 1.0", "other 3.0"])
    }

    // Two series of the same labels are one too many: Prometheus refuses the whole scrape.
    @Test func `a value that is called other is counted with the others, before and beyond the limit`() {
        let searches = Counter("searches_total", "Searches.", labels: "word", limit: 2)
        let open = Gauge("streams", "Streams.", labels: "word", "language", limit: 2)
        let times = Histogram("times_seconds", "Times.", labels: "word", buckets: [1], limit: 2)
        for word in ["a", "other", "b", "c", "other"] {
            searches[word].increment()
            open[word, word].increment()
            times[word].observe(0.5)
        }
        #expect(searches.samples().map { "\($0.labels[0].value) \($0.value)" } == ["a 1.0", "b 1.0", "other 3.0"])
        #expect(
            open.samples().map { "\($0.labels.map(\.value)) \($0.value)" }
                == [#"["a", "a"] 1.0"#, #"["b", "b"] 1.0"#, #"["other", "other"] 3.0"#])
        let counts = times.samples().filter { $0.suffix == "_count" }
        #expect(counts.map { "\($0.labels[0].value) \($0.value)" } == ["a 1.0", "b 1.0", "other 3.0"])
    }

    @Test func `a series that has other among its labels is none of the others`() {
        let statements = Counter("statements_total", "Statements.", labels: "kind", "outcome", limit: 2)
        statements["other", "ok"].increment()
        statements["other", "other"].increment()
        #expect(statements.samples().map { $0.labels.map(\.value) } == [["other", "ok"], ["other", "other"]])
    }

    @Test func `a very long label is cut between characters`() throws {
        let searches = Counter("searches_total", "Searches.", labels: "word")
        searches[String(repeating: "é", count: 100_000)].increment()
        searches["x" + String(repeating: "é", count: 100_000)].increment()
        let labels = searches.samples().map { $0.labels[0].value }
        #expect(labels.map(\.utf8.count).sorted() == [255, 256])
        #expect(labels.allSatisfy { !$0.contains("\u{FFFD}") })
    }
}
