import MartletJSON
import TestPrograms
import Testing

@testable import MartletTracing

struct OTLPTextTests {
    private static let hostile = #"'"; DROP TABLE spans; -- \ %_ "# + "\u{0}\n🐦" + String(repeating: "x", count: 5_000)

    private static let spans = [
        Span(
            "GET /posts/", .server,
            at: SpanPlace(
                traceID: "4bf92f3577b34da6a3ce929d0e0e4736", spanID: "00f067aa0ba902b7", parentSpanID: nil,
                state: "vendor=1"),
            start: .seconds(1_800_000_000) + .nanoseconds(5), duration: .nanoseconds(1_500),
            attributes: [
                SpanAttribute("url.path", .text(hostile)), SpanAttribute("http.response.status_code", 200),
                SpanAttribute("is.cached", true), SpanAttribute("share", .number(0.25)),
                SpanAttribute("none", .number(.nan)), SpanAttribute("endless", .number(-.infinity)),
                SpanAttribute("large", .integer(.min)),
            ]),
        Span(
            hostile, .client,
            at: SpanPlace(
                traceID: "4bf92f3577b34da6a3ce929d0e0e4736", spanID: "b9c7c989f97918e1",
                parentSpanID: "00f067aa0ba902b7"),
            start: .seconds(1_800_000_000), duration: .zero, status: .error("DatabaseError")),
    ]

    // OTLP, "JSON Protobuf Encoding": hexadecimal identifiers, numbers of 64 bits as texts, enumerations as numbers,
    // names in lowerCamelCase.
    @Test func `spans have the names and forms of OTLP`() throws {
        let text = try OTLPText.json(Self.spans, resource: [SpanAttribute("service.name", "blog")])
        let json = try JSON.parse(text)
        let resource = try #require(json["resourceSpans"]?[0])
        #expect(
            resource["resource"]
                == .object(["attributes": [["key": "service.name", "value": ["stringValue": "blog"]]]]))
        let scope = try #require(resource["scopeSpans"]?[0])
        #expect(scope["scope"]?["name"]?.stringValue == "martlet")
        let first = try #require(scope["spans"]?[0])
        #expect(first["traceId"]?.stringValue == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(first["spanId"]?.stringValue == "00f067aa0ba902b7")
        #expect(first["parentSpanId"] == nil)
        #expect(first["traceState"]?.stringValue == "vendor=1")
        #expect(first["name"]?.stringValue == "GET /posts/")
        #expect(first["kind"] == 2)
        #expect(first["startTimeUnixNano"]?.stringValue == "1800000000000000005")
        #expect(first["endTimeUnixNano"]?.stringValue == "1800000000000001505")
        #expect(first["status"] == nil)
        let values = first["attributes"]?.arrayValue?.compactMap { $0["value"] }
        #expect(
            values == [
                ["stringValue": .string(Self.hostile)], ["intValue": "200"], ["boolValue": true],
                ["doubleValue": 0.25], ["doubleValue": "NaN"], ["doubleValue": "-Infinity"],
                ["intValue": "-9223372036854775808"],
            ])
        let second = try #require(scope["spans"]?[1])
        #expect(second["parentSpanId"]?.stringValue == "00f067aa0ba902b7")
        #expect(second["kind"] == 3)
        #expect(second["status"] == .object(["code": 2, "message": "DatabaseError"]))
    }

    @Test func `OpenTelemetry's own definitions know every field`() async throws {
        let python = try await PythonEnvironment("opentelemetry-proto==1.27.0")
        let text = try OTLPText.json(Self.spans, resource: [SpanAttribute("service.name", "blog")])
        // Reads strictly: a name that the definitions do not have is an error.
        let script = """
            import sys
            from google.protobuf import json_format
            from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
            request = json_format.Parse(sys.stdin.read(), ExportTraceServiceRequest())
            for span in request.resource_spans[0].scope_spans[0].spans:
                print(span.kind, span.start_time_unix_nano, span.end_time_unix_nano, span.status.code,
                    len(span.attributes), len(span.name), span.trace_state)
            """
        let lines = try await python.run(script, input: String(decoding: text, as: UTF8.self)).split(separator: "\n")
        let length = Self.hostile.unicodeScalars.count
        #expect(
            lines == [
                "2 1800000000000000005 1800000000000001505 0 7 11 vendor=1",
                "3 1800000000000000000 1800000000000000000 2 0 \(length) ",
            ])
    }
}
