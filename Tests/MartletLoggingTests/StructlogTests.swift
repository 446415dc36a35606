import MartletJSON
import MartletLogging
import TestPrograms
import Testing

/// The lines for people beside those of structlog itself.
@Suite struct StructlogTests {
    static let structlog = "structlog==26.1.0"

    /// What structlog's renderer writes without colours and without padding.
    private static let script = """
        import json, sys, structlog
        render = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False, sort_keys=False)
        for fields in json.load(sys.stdin):
            line = {"timestamp": "2021-10-28T13:46:40.099007Z", "level": "debug", "logger": "posthog.api.capture",
                    "event": "event_sent_to_kafka", **fields}
            print(render(None, "debug", line))
        """

    /// A value, what we write, and what structlog writes where that is another.
    static let values: [(LogDatum, JSONValue, String?)] = [
        (.string("default"), "default", nil), (.string("/posts/é/?x"), "/posts/é/?x", nil), (.int(-7), -7, nil),
        (.double(0.5), 0.5, nil), (.string("日本"), "日本", nil),
        // Python's quotes and names for what is text, nothing and true; ours are those of JSON.
        (.string("two words"), "two words", "v='two words'"), (.string("a=b"), "a=b", "v='a=b'"),
        (.string(""), "", "v="), (.none, .null, "v=None"), (.bool(true), true, "v=True"),
        (.list([.string("a"), .int(1)]), ["a", 1], "v=['a', 1]"),
    ]

    @Test func `the line of the issue is structlog's own, and so is every plain value`() async throws {
        let python = try await PythonEnvironment(Self.structlog)
        let uuid = "0190b6a5-7e3c-7000-8000-00000000abcd"
        let first: JSONValue = .object(["event_uuid": .string(uuid), "kafka_topic": "default"])
        let input = JSONValue.array([first] + Self.values.map { .object(["v": $0.1]) })
        let printed = try await python.run(Self.script, input: input.description)
        let lines = printed.split(separator: "\n").map(String.init)
        try #require(lines.count == Self.values.count + 1, "\(printed)")

        let issue = line([
            LogField("event_uuid", .uuid(high: 0x0190_B6A5_7E3C_7000, low: 0x8000_0000_0000_ABCD)),
            LogField("kafka_topic", .string("default")),
        ])
        #expect(lines[0] == issue)
        #expect(
            issue == "2021-10-28T13:46:40.099007Z [debug] event_sent_to_kafka [posthog.api.capture] "
                + "event_uuid=\(uuid) kafka_topic=default")
        for (value, theirs) in zip(Self.values, lines.dropFirst()) {
            let ours = line([LogField("v", value.0)])
            if let other = value.2 {
                #expect(theirs.hasSuffix(" " + other), "structlog has changed")
                #expect(theirs != ours)
            } else {
                #expect(theirs == ours)
            }
        }
    }

    private func line(_ fields: [LogField]) -> String {
        var bytes: [UInt8] = []
        ConsoleRenderer().render(
            LogEvent(
                microseconds: 1_635_428_800_099_007, level: .debug, name: "event_sent_to_kafka",
                logger: "posthog.api.capture", fields: fields), to: &bytes)
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }
}
