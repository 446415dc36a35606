import MartletLogging
import Testing

@Suite struct SyslogRendererTests {
    private func message(
        _ fields: [LogField], level: LogLevel = .info, name: String = "post_published",
        _ renderer: SyslogRenderer = SyslogRenderer(facility: .local0, program: "blog", host: "web1", process: 812)
    ) -> String {
        var bytes: [UInt8] = []
        let event = LogEvent(
            microseconds: 1_635_428_800_099_007, level: level, name: name, logger: "blog.views", fields: fields)
        renderer.render(event, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a message is that of RFC 5424, with the values as structured data`() {
        #expect(
            message([LogField("post_id", .int(7)), LogField("title", .string("Two words"))])
                == "<134>1 2021-10-28T13:46:40.099007Z web1 blog 812 post_published "
                + "[martlet@32473 logger=\"blog.views\" post_id=\"7\" title=\"Two words\"] post_published\n")
    }

    // RFC 5424 §6.2.1: the facility times 8 and the severity.
    @Test(arguments: [
        (LogLevel.debug, 135), (.info, 134), (.warning, 132), (.error, 131), (.critical, 130),
    ])
    func `levels are severities`(_ level: LogLevel, _ priority: Int) {
        #expect(message([], level: level).hasPrefix("<\(priority)>1 "))
    }

    // RFC 5424 §6.3.3: quotation mark, backslash and closing bracket are escaped by a backslash.
    static let values: [(LogDatum, String)] = [
        (.string(#"say "hi""#), #"say \"hi\""#), (.string("a]b"), #"a\]b"#), (.string(#"a\b"#), #"a\\b"#),
        (.string("\"] [x@1 y=\"z"), #"\"\] [x@1 y=\"z"#), (.string("a\nb"), #"a\\nb"#), (.string("é😀"), "é😀"),
        (.string(""), ""), (.redacted, #"[redacted\]"#), (.list([.int(1), .string("a")]), #"[1,\"a\"\]"#),
        (.none, "null"),
    ]

    @Test(arguments: values)
    func `no value ends its place`(_ value: LogDatum, _ shown: String) {
        #expect(message([LogField("v", value)]).hasSuffix(" v=\"\(shown)\"] post_published\n"))
    }

    // RFC 5424 §6.3.3 PARAM-NAME, §6.2.7 MSGID: 1 to 32 printing characters of ASCII.
    @Test(arguments: [
        ("a b", "a_b"), ("a=b", "a_b"), ("a]\"", "a__"), ("", "-"), ("é", "__"),
        (String(repeating: "x", count: 40), String(repeating: "x", count: 32)),
    ])
    func `a name is one that the RFC allows`(_ name: String, _ shown: String) {
        #expect(message([LogField(name, .int(1))]).contains(" \(shown)=\"1\"]"))
    }

    @Test func `host, program and kind are what the RFC allows`() {
        let renderer = SyslogRenderer(program: "my blog", host: "", process: 1, structure: "blog@12345")
        #expect(
            message([], name: "it is\ndone", renderer)
                == "<14>1 2021-10-28T13:46:40.099007Z - my_blog 1 it_is_done [blog@12345 logger=\"blog.views\"] "
                + "it is\\ndone\n")
    }

    @Test func `a message is never longer than the receiver takes, and says what is missing`() {
        let renderer = SyslogRenderer(program: "p", host: "h", process: 1, maximumSize: 480)
        let long = String(repeating: "é]", count: 300)
        let text = message(
            [LogField("a", .string(long)), LogField("b", .int(1)), LogField("c", .string(long))],
            name: String(repeating: "é", count: 300), renderer)
        #expect(text.utf8.count <= 481)
        #expect(text.contains(" b=\"1\" values_omitted=\"2\"] éé"))
    }
}

@Suite struct SyslogServerTests {
    @Test(arguments: [
        ("/dev/log", SyslogServer.local()), ("/run/x.sock", .local("/run/x.sock")), ("udp://logs", .udp("logs")),
        ("udp://10.0.0.1:1514", .udp("10.0.0.1", port: 1514)), ("tcp://[::1]:601", .tcp("::1", port: 601)),
        ("tcp://[::1]", .tcp("::1")), ("tcp://logs.example.org", .tcp("logs.example.org")),
    ])
    func `a server is read from text`(_ text: String, _ server: SyslogServer) {
        #expect(SyslogServer(text) == server)
    }

    @Test(arguments: [
        "", "dev/log", "udp://", "udp://:514", "tcp://a:0", "tcp://a:65536", "tcp://a:+1", "tcp://a:", "tcp://a/b",
        "tcp://u@a", "http://a", "tcp://::1", "tcp://[::1", "tcp://[::1]x", "udp://a b", "/dev/log\n", "udp://a\0b",
        "tcp://a:é", "'\"; DROP",
    ])
    func `what is no server is refused`(_ text: String) {
        #expect(SyslogServer(text) == nil)
    }
}
