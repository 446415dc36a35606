import MartletHTTP
import MartletLogging
import MartletMiddleware
import Testing

private let traceID = "12345678901234567890123456789012"
private let span = "1234567890123456"

/// The rows are those of the Recommendation's own tests (w3c/trace-context, test/test.py), by their names there.
@Suite struct TraceContextTests {
    struct Parent: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let value: String
        var isKept = true
        var isSampled = false
    }

    static let parents = [
        Parent(testDescription: "traceparent_included", value: "00-\(traceID)-\(span)-00"),
        Parent(testDescription: "sampled", value: "00-\(traceID)-\(span)-01", isSampled: true),
        Parent(testDescription: "flags that nobody knows yet", value: "00-\(traceID)-\(span)-fe"),
        Parent(testDescription: "all flags", value: "00-\(traceID)-\(span)-ff", isSampled: true),
        Parent(testDescription: "ows_handling", value: " \t00-\(traceID)-\(span)-01", isSampled: true),
        Parent(testDescription: "version_0x00: more behind", value: "00-\(traceID)-\(span)-01.", isKept: false),
        Parent(testDescription: "version_0x00: a part more", value: "00-\(traceID)-\(span)-01-what", isKept: false),
        Parent(testDescription: "version_0xcc", value: "cc-\(traceID)-\(span)-01", isSampled: true),
        Parent(testDescription: "version_0xcc: a part more", value: "cc-\(traceID)-\(span)-01-what", isSampled: true),
        Parent(testDescription: "version_0xcc: more behind", value: "cc-\(traceID)-\(span)-01.what", isKept: false),
        Parent(testDescription: "version_0xff", value: "ff-\(traceID)-\(span)-01", isKept: false),
        Parent(testDescription: "version_illegal_characters", value: ".0-\(traceID)-\(span)-01", isKept: false),
        Parent(testDescription: "version_illegal_characters: 0.", value: "0.-\(traceID)-\(span)-01", isKept: false),
        Parent(testDescription: "version_too_long", value: "000-\(traceID)-\(span)-01", isKept: false),
        Parent(testDescription: "version_too_short", value: "0-\(traceID)-\(span)-01", isKept: false),
        Parent(
            testDescription: "trace_id_all_zero", value: "00-\(String(repeating: "0", count: 32))-\(span)-01",
            isKept: false),
        Parent(
            testDescription: "trace_id_illegal_characters", value: "00-.\(traceID.dropFirst())-\(span)-01",
            isKept: false),
        Parent(
            testDescription: "trace_id in capitals", value: "00-ABCDEF78901234567890123456789012-\(span)-01",
            isKept: false),
        Parent(testDescription: "trace_id_too_long", value: "00-\(traceID)3-\(span)-01", isKept: false),
        Parent(testDescription: "trace_id_too_short", value: "00-\(traceID.dropLast())-\(span)-01", isKept: false),
        Parent(testDescription: "parent_id_all_zero", value: "00-\(traceID)-0000000000000000-01", isKept: false),
        Parent(
            testDescription: "parent_id_illegal_characters", value: "00-\(traceID)-.\(span.dropFirst())-01",
            isKept: false),
        Parent(testDescription: "parent_id_too_long", value: "00-\(traceID)-\(span)7-01", isKept: false),
        Parent(testDescription: "parent_id_too_short", value: "00-\(traceID)-\(span.dropLast())-01", isKept: false),
        Parent(testDescription: "trace_flags_illegal_characters", value: "00-\(traceID)-\(span)-.0", isKept: false),
        Parent(testDescription: "trace_flags_illegal_characters: 0.", value: "00-\(traceID)-\(span)-0.", isKept: false),
        Parent(testDescription: "trace_flags_too_long", value: "00-\(traceID)-\(span)-001", isKept: false),
        Parent(testDescription: "trace_flags_too_short", value: "00-\(traceID)-\(span)-1", isKept: false),
        Parent(testDescription: "empty", value: "", isKept: false),
        Parent(testDescription: "letters of other alphabets", value: "00-\(traceID)-\(span)-０１", isKept: false),
    ]

    private static func found(
        of headers: KeyValuePairs<String, String>, _ layer: TraceContext = TraceContext()
    ) async throws -> Trace {
        let response = try await layer.respond(to: .make(headers: headers)) { request in
            var response = Response("")
            response.storage[Seen.self] = request.trace
            return response
        }
        return try #require(response.storage[Seen.self])
    }

    private enum Seen: RequestStorageKey { typealias Value = Trace }

    @Test(arguments: parents)
    func `a valid parent is kept, and another begins a new trace`(_ example: Parent) async throws {
        let value = String(example.value.drop { $0 == " " || $0 == "\t" })
        let found = try await Self.found(of: ["traceparent": value])
        #expect((found.traceID == traceID) == example.isKept)
        #expect(found.parentSpanID == (example.isKept ? span : nil))
        #expect(found.isSampled == example.isSampled)
        #expect(found.spanID != span)
        #expect(found.spanID.count == 16)
        #expect(found.traceID.count == 32)
    }

    @Test func `two parents contradict each other, and a state without a parent is nobody's`() async throws {
        let other = "12345678901234567890123456789011"
        let two = try await Self.found(
            of: [
                "traceparent": "00-\(traceID)-\(span)-01", "traceparent": "00-\(other)-\(span)-01", "tracestate": "a=1",
            ])
        #expect(two.traceID != traceID)
        #expect(two.traceID != other)
        #expect(two.state == nil)
        #expect(try await Self.found(of: ["tracestate": "foo=1"]).state == nil)
        #expect(try await Self.found(of: ["trace-parent": "00-\(traceID)-\(span)-01"]).traceID != traceID)
        #expect(try await Self.found(of: ["TraceParent": "00-\(traceID)-\(span)-01"]).traceID == traceID)
    }

    struct State: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fields: [String]
        let state: String?
    }

    private static let allowed = "abcdefghijklmnopqrstuvwxyz0123456789_-*/"
    private static let allowedValue = String(
        decoding: (0x20...0x7E).filter { $0 != 0x2C && $0 != 0x3D }, as: UTF8.self)

    static let states = [
        State(testDescription: "traceparent_included", fields: ["foo=1,bar=2"], state: "foo=1,bar=2"),
        State(testDescription: "empty_header", fields: ["", "foo=1"], state: "foo=1"),
        State(testDescription: "only an empty one", fields: [""], state: nil),
        State(
            testDescription: "multiple_headers_different_keys", fields: ["foo=1,bar=2", "rojo=1,congo=2", "baz=3"],
            state: "foo=1,bar=2,rojo=1,congo=2,baz=3"),
        // The Recommendation leaves open what is done with it.
        State(testDescription: "duplicated_keys", fields: ["foo=1,foo=2"], state: "foo=1,foo=2"),
        State(
            testDescription: "all_allowed_characters", fields: ["\(allowed)=\(allowedValue)~"],
            state: "\(allowed)=\(allowedValue)~"),
        State(
            testDescription: "all_allowed_characters, with a tenant", fields: ["0\(allowed)@a-*/=\(allowedValue)~"],
            state: "0\(allowed)@a-*/=\(allowedValue)~"),
        State(testDescription: "ows_handling", fields: ["foo=1 \t , \t bar=2, \t baz=3"], state: "foo=1,bar=2,baz=3"),
        State(testDescription: "a value may begin with a blank", fields: ["foo= 1"], state: "foo= 1"),
        State(testDescription: "key_illegal_characters: a blank", fields: ["foo =1"], state: nil),
        State(testDescription: "key_illegal_characters: capitals", fields: ["FOO=1"], state: nil),
        State(testDescription: "key_illegal_characters: a dot", fields: ["foo.bar=1"], state: nil),
        State(testDescription: "a key that begins with a digit", fields: ["1foo=1"], state: nil),
        State(testDescription: "key_illegal_vendor_format: nothing behind", fields: ["foo@=1,bar=2"], state: nil),
        State(testDescription: "key_illegal_vendor_format: nothing before", fields: ["@foo=1,bar=2"], state: nil),
        State(testDescription: "key_illegal_vendor_format: two", fields: ["foo@@bar=1,bar=2"], state: nil),
        State(testDescription: "member_count_limit", fields: [members(32)], state: members(32)),
        State(testDescription: "member_count_limit: one more", fields: [members(33)], state: nil),
        State(
            testDescription: "key_length_limit", fields: ["\(z(256))=1,\(z(241))@\(z(14))=1"],
            state: "\(z(256))=1,\(z(241))@\(z(14))=1"),
        State(testDescription: "key_length_limit: one more", fields: ["\(z(257))=1"], state: nil),
        State(testDescription: "key_length_limit: tenant", fields: ["\(z(242))@v=1"], state: nil),
        State(testDescription: "key_length_limit: system", fields: ["t@\(z(15))=1"], state: nil),
        State(testDescription: "value_illegal_characters: =", fields: ["foo=bar=baz"], state: nil),
        State(testDescription: "value_illegal_characters: none", fields: ["foo=,bar=3"], state: nil),
        State(testDescription: "value_length_limit", fields: ["foo=\(z(256))"], state: "foo=\(z(256))"),
        State(testDescription: "value_length_limit: one more", fields: ["foo=\(z(257))"], state: nil),
        State(testDescription: "no value at all", fields: ["foo"], state: nil),
    ]

    private static func z(_ count: Int) -> String { String(repeating: "z", count: count) }

    private static func members(_ count: Int) -> String {
        (0..<count).map { "bar\($0)=\($0)" }.joined(separator: ",")
    }

    @Test(arguments: states)
    func `a valid state is passed on, and a malformed one dropped`(_ example: State) async throws {
        var headers = try Headers(["traceparent": "00-\(traceID)-\(span)-01"])
        for field in example.fields { try headers.add(.traceState, field) }
        let request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(),
            peerAddress: "127.0.0.1", isEncrypted: false)
        let response = try await TraceContext().respond(to: request) { Response($0.trace?.state ?? "none") }
        #expect(response.text == example.state ?? "none")
    }

    @Test func `a trace is passed on to other services, with the span that is this request`() async throws {
        let layer = TraceContext(newTraceID: { "made" }, newSpanID: { "00000000000000ab" })
        let found = try await Self.found(
            of: ["traceparent": "cc-\(traceID)-\(span)-ff-more", "tracestate": "foo=1"], layer)
        #expect(found.traceParent == "00-\(traceID)-00000000000000ab-01")
        var headers = try Headers(["traceparent": "another", "tracestate": "another"])
        found.propagate(to: &headers)
        #expect(headers[.traceParent] == found.traceParent)
        #expect(headers[.traceState] == "foo=1")
        try await Self.found(of: [:], layer).propagate(to: &headers)
        #expect(headers[.traceParent] == "00-made-00000000000000ab-00")
        #expect(headers[.traceState] == nil)
    }

    @Test func `traces of strangers can be left out`() async throws {
        let layer = TraceContext(keepsIncoming: false)
        let found = try await Self.found(of: ["traceparent": "00-\(traceID)-\(span)-01", "tracestate": "foo=1"], layer)
        #expect(found.traceID != traceID)
        #expect(!found.isSampled)
        #expect(found.state == nil)
    }

    @Test func `identifiers are hexadecimal, and others each time`() async throws {
        let layer = TraceContext()
        var seen: Set<String> = []
        for _ in 0..<1_000 {
            let found = try await Self.found(of: [:], layer)
            #expect(found.traceID.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) })
            seen.insert(found.traceID)
            seen.insert(found.spanID)
        }
        #expect(seen.count == 2_000)
    }

    @Test func `every event has the trace, also those of a stream`() async throws {
        let sink = MemorySink()
        let log = Logger("test")
        try await Logger.with(LogSettings(sink: sink)) {
            let layer = TraceContext(newTraceID: { "made" }, newSpanID: { "span" })
            let response = try await layer.respond(to: .make()) { _ in
                log.info("in_view")
                return Response.stream { _ in log.info("in_stream") }
            }
            _ = try await response.body.collect()
            log.info("outside")
        }
        #expect(sink.events.map { $0["trace_id"] } == [.string("made"), .string("made"), nil])
        #expect(sink.events.map { $0["span_id"] } == [.string("span"), .string("span"), nil])
    }
}
