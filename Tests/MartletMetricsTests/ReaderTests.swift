import MartletJSON
import MartletMetrics
import TestPrograms
import Testing

/// What others make of what is written.
struct ReaderTests {
    /// Hostile texts as they reach a label from outside.
    static let hostile = [
        "plain", #"'"; DROP TABLE posts; --"#, #"back\slash"#, "new\nline", "carriage\rreturn", "a\u{0}b", "100%_",
        "🐦", "}", "a=\"b\",c=\"d\"} 9\nforged 1", "# EOF", "", "\u{2028}", #"\n"#,
    ]

    static let script = """
        import json, sys
        from prometheus_client import parser as text
        from prometheus_client.openmetrics import parser as openmetrics
        read = (openmetrics if sys.argv[1] == "openMetrics" else text).text_string_to_metric_families
        families = {}
        for family in read(sys.stdin.read()):
            families[family.name] = [family.type, family.documentation,
                [[sample.name, sample.labels, sample.value] for sample in family.samples]]
        print(json.dumps(families))
        """

    @Test(arguments: MetricFormat.allCases)
    func `Python's client reads what was counted`(_ format: MetricFormat) async throws {
        let python = try await PythonEnvironment("prometheus-client==0.21.1")
        let words = Counter("words_total", "Words, \"all\" \\ of\nthem.", labels: "word")
        for (place, word) in Self.hostile.enumerated() { words[word].increment(by: place + 1) }
        let times = Histogram("times_seconds", "Times.", buckets: [0.1, 2.5])
        times.observe(0.2)
        let text = String(
            decoding: try MetricRegistry([words, times, Gauge("level", "Level.", read: { -0.5 })]).render(format),
            as: UTF8.self)
        let printed = try await python.run(Self.script, "\(format)", input: text)
        let families = try JSON.parse(Array(printed.utf8))

        let family = try #require(families["words"])
        #expect(family[0]?.stringValue == "counter")
        #expect(family[1]?.stringValue == "Words, \"all\" \\ of\nthem.")
        var read: [String: Double] = [:]
        for sample in family[2]?.arrayValue ?? [] {
            #expect(sample[0]?.stringValue == "words_total")
            read[sample[1]?["word"]?.stringValue ?? "none"] = sample[2]?.doubleValue
        }
        let expected = Self.hostile.enumerated().map { ($1, Double($0 + 1)) }
        #expect(read == Dictionary(uniqueKeysWithValues: expected))
        #expect(families["forged"] == nil)

        let buckets = try #require(families["times_seconds"]?[2]?.arrayValue)
        #expect(buckets.compactMap { $0[2]?.doubleValue } == [0, 1, 1, 0.2, 1])
        #expect(families["level"]?[2]?[0]?[2]?.doubleValue == -0.5)
        #expect(families["process_resident_memory_bytes"]?[0]?.stringValue == "gauge")
    }
}
