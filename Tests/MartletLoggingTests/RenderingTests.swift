import MartletJSON
import MartletLogging
import Testing

@Suite struct RenderingTests {
    private func event(_ fields: [LogField], name: String = "event_sent_to_kafka") -> LogEvent {
        LogEvent(
            microseconds: 1_635_428_800_099_007, level: .debug, name: name, logger: "posthog.api.capture",
            fields: fields)
    }

    private func line(_ renderer: some LogRenderer, _ event: LogEvent) -> String {
        var bytes: [UInt8] = []
        renderer.render(event, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private let fields = [
        LogField("event_uuid", .uuid(high: 0x0190_B6A5_7E3C_7000, low: 0x8000_0000_0000_ABCD)),
        LogField("kafka_topic", .string("default")),
    ]

    @Test func `the line for people is that of structlog`() {
        #expect(
            line(ConsoleRenderer(), event(fields))
                == "2021-10-28T13:46:40.099007Z [debug] event_sent_to_kafka [posthog.api.capture] "
                + "event_uuid=0190b6a5-7e3c-7000-8000-00000000abcd kafka_topic=default\n")
    }

    @Test func `colours change nothing but colours`() {
        let coloured = line(ConsoleRenderer(isColoured: true), event(fields))
        #expect(coloured.contains("\u{1B}[34mdebug\u{1B}[0m"))
        #expect(coloured.replacing(/\u{1B}\[\d+m/, with: "") == line(ConsoleRenderer(), event(fields)))
    }

    @Test func `the line for machines is one object`() throws {
        let line = line(
            JSONLinesRenderer(),
            event(
                fields + [
                    LogField("n", .int(-1)), LogField("big", .uint(.max)), LogField("rate", .double(0.5)),
                    LogField("bad", .double(.nan)), LogField("no", .none), LogField("yes", .bool(true)),
                    LogField("at", .moment(microseconds: 0)), LogField("tags", .list([.string("a"), .redacted])),
                    LogField("token", .string("t")),
                ]))
        #expect(
            line == #"{"timestamp":"2021-10-28T13:46:40.099007Z","level":"debug","event":"event_sent_to_kafka","#
                + #""logger":"posthog.api.capture","event_uuid":"0190b6a5-7e3c-7000-8000-00000000abcd","#
                + #""kafka_topic":"default","n":-1,"big":18446744073709551615,"rate":0.5,"bad":"nan","no":null,"#
                + #""yes":true,"at":"1970-01-01T00:00:00.000000Z","tags":["a","[redacted]"],"token":"[redacted]"}"#
                + "\n")
        #expect(throws: Never.self) { try JSON.parse(line) }
    }

    static let values: [(String, String)] = [
        ("plain", "plain"), ("", #""""#), ("two words", #""two words""#), ("a=b", #""a=b""#), ("it's", #""it's""#),
        ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#), ("/posts/é/?x", "/posts/é/?x"), ("日本", "日本"), ("😀", "😀"),
        ("a\nb", #""a\nb""#), ("a\r\n2026 [info] forged", #""a\r\n2026 [info] forged""#),
        ("\u{1B}[2J", #""\u001b[2J""#),
        ("\0", #""\u0000""#), ("\u{7F}", #""\u007f""#), ("\u{85}", #""\u0085""#), ("\u{9B}2J", #""\u009b2J""#),
        ("\u{2028}", #""\u2028""#), ("a\u{202E}b", #""a\u202eb""#), ("\u{2066}", #""\u2066""#),
        ("\u{FEFF}", #""\ufeff""#), ("\u{E0041}", #""\udb40\udc41""#), ("\t", #""\t""#),
    ]

    @Test(arguments: values)
    func `a value can neither end its line nor look like another field`(_ value: String, _ shown: String) {
        let line = line(ConsoleRenderer(), event([LogField("v", .string(value))]))
        #expect(line.hasSuffix(" v=\(shown)\n"))
        let list = self.line(ConsoleRenderer(), event([LogField("v", .list([.string(value), .int(1)]))]))
        #expect(list.hasSuffix(" v=[\(shown),1]\n"))
    }

    /// What no line may hold, as Unicode 16.0 has it.
    static let dangerous: [ClosedRange<UInt32>] = [
        // PropList.txt, Bidi_Control: marks that turn the direction of writing.
        0x061C...0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069,
        // UAX #14, classes BK, CR, LF and NL: lines end there.
        0x000A...0x000D, 0x0085...0x0085, 0x2028...0x2029,
        // General category Cc: control characters.
        0x0000...0x001F, 0x007F...0x009F,
        // General category Cf: format characters that nobody sees. Those of one script or notation alone are left out.
        0x00AD...0x00AD, 0x180E...0x180E, 0x200B...0x200D, 0x2060...0x2064, 0x206A...0x206F, 0xFEFF...0xFEFF,
        0xFFF9...0xFFFB, 0xE0001...0xE0001, 0xE0020...0xE007F,
    ]

    @Test(arguments: renderers)
    func `no mark turns a line around, ends it or hides in it`(_ renderer: any LogRenderer) {
        for scalar in Self.dangerous.joined().compactMap(UnicodeScalar.init) {
            let text = "a\(scalar)b"
            let fields = [LogField("v", .string(text)), LogField("l", .list([.string(text)]))]
            for event in [event(fields), event([], name: text)] {
                let line = line(renderer, event).unicodeScalars.dropLast()
                #expect(!line.contains(scalar), "U+\(String(scalar.value, radix: 16))")
            }
        }
    }

    static let hostile =
        values.map(\.0) + [
            "'\"; DROP TABLE x; --", "%", "_", "%s%n", "]", "[a b=\"c\"]", "a]b\"c\\d", "<13>1 - - - - - -",
            "2026-01-01T00:00:00.000000Z [error] forged [x]", "\u{0B}\u{0C}", "\u{200B}", "e\u{301}",
            String(repeating: "long ", count: 20_000), String(repeating: "é", count: 5_000),
        ]

    static let renderers: [any LogRenderer] = [
        ConsoleRenderer(), JSONLinesRenderer(), LogfmtRenderer(), SyslogRenderer(program: "p", host: "h", process: 1),
    ]

    @Test(arguments: hostile, renderers)
    func `no text anywhere begins a second line or commands a terminal`(_ text: String, _ renderer: any LogRenderer) {
        let event = LogEvent(
            microseconds: 0, level: .info, name: text, logger: text,
            fields: [
                LogField(text, .string(text)), LogField("v", .string(text)),
                LogField("l", .list([.string(text), .none])),
            ])
        let line = line(renderer, event)
        #expect(line.utf8.filter { $0 == 0x0A }.count == 1)
        #expect(line.hasSuffix("\n"))
        let dangerous = line.unicodeScalars.dropLast().filter { scalar in
            Self.dangerous.contains { $0.contains(scalar.value) }
        }
        #expect(dangerous.isEmpty)
    }

    @Test(arguments: hostile)
    func `whatever stands in a value comes out of JSON again`(_ text: String) throws {
        let event = LogEvent(
            microseconds: 0, level: .info, name: text, logger: text, fields: [LogField(text, .string(text))])
        let json = try JSON.parse(line(JSONLinesRenderer(), event))
        #expect(json["event"] == .string(text))
        #expect(json[text] == .string(text))
    }

    @Test func `an event may be prose`() {
        let line = line(ConsoleRenderer(), event([], name: "It's done, \"at last\"\n"))
        #expect(line.hasSuffix(#"[debug] It's done, \"at last\"\n [posthog.api.capture]"# + "\n"))
    }
}
