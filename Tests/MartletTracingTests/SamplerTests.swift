import MartletTracing
import Testing

struct SamplerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let name: String
        var ratio = 1.0
        var parent: Bool?
        let isSampled: Bool
        var traceID = "0123456789abcdef0123456789abcdef"
    }

    // OpenTelemetry SDK, `OTEL_TRACES_SAMPLER`
    static let cases = [
        Case(testDescription: "always", name: "always_on", parent: false, isSampled: true),
        Case(testDescription: "never", name: "always_off", parent: true, isSampled: false),
        Case(testDescription: "as the caller says: yes", name: "parentbased_always_off", parent: true, isSampled: true),
        Case(testDescription: "as the caller says: no", name: "parentbased_always_on", parent: false, isSampled: false),
        Case(testDescription: "without a caller, yes", name: "parentbased_always_on", isSampled: true),
        Case(testDescription: "without a caller, no", name: "parentbased_always_off", isSampled: false),
        Case(testDescription: "none of a ratio", name: "traceidratio", ratio: 0, isSampled: false),
        Case(testDescription: "all of a ratio", name: "traceidratio", ratio: 1, isSampled: true),
        Case(
            testDescription: "the lower half", name: "traceidratio", ratio: 0.5, isSampled: true,
            traceID: "ffffffffffffffffff7fffffffffffff"),
        Case(
            testDescription: "the upper half", name: "traceidratio", ratio: 0.5, isSampled: false,
            traceID: "00000000000000000080000000000000"),
        Case(
            testDescription: "a ratio for those that begin here", name: "parentbased_traceidratio", ratio: 0,
            parent: true, isSampled: true),
    ]

    @Test(arguments: cases)
    func `a sampler decides by the caller and by the number of the trace`(_ example: Case) throws {
        let sampler = try #require(Sampler(name: example.name, ratio: example.ratio))
        #expect(sampler.samples(example.traceID, parent: example.parent) == example.isSampled)
    }

    @Test(arguments: ["", "jaeger_remote", "parentbased_", "ALWAYS_ON", #"'"; DROP\%_"#])
    func `a name that is none is no sampler`(_ name: String) {
        #expect(Sampler(name: name) == nil)
    }
}
