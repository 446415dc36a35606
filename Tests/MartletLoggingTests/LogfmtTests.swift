import MartletLogging
import Testing

@Suite struct LogfmtTests {
    private func line(_ fields: [LogField], name: String = "post_published") -> String {
        var bytes: [UInt8] = []
        LogfmtRenderer().render(
            LogEvent(
                microseconds: 1_635_428_800_099_007, level: .info, name: name, logger: "blog.views", fields: fields),
            to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `an event is pairs of names and values`() {
        #expect(
            line([
                LogField("post_id", .int(7)), LogField("rate", .double(0.5)), LogField("draft", .bool(false)),
                LogField("title", .string("Two words")), LogField("tag", .string("a")), LogField("none", .none),
                LogField("token", .string("x")), LogField("at", .moment(microseconds: 0)),
            ])
                == "timestamp=2021-10-28T13:46:40.099007Z level=info event=post_published logger=blog.views post_id=7 "
                + "rate=0.5 draft=false title=\"Two words\" tag=a none= token=[redacted] at=1970-01-01T00:00:00.000000Z\n"
        )
    }

    // The names are those that a splitter at blanks and `=` would lose.
    static let pairs: [(String, LogDatum, String)] = [
        ("a b", .int(1), "a_b=1"), ("a=b", .int(1), "a_b=1"), ("a\"b", .int(1), "a_b=1"), ("", .int(1), "_=1"),
        ("a\nb", .int(1), "a_b=1"), ("é", .int(1), "é=1"), ("a\u{202E}", .int(1), "a_=1"),
        ("v", .string(""), #"v="""#), ("v", .string("a=b"), #"v="a=b""#), ("v", .string("a\nb"), #"v="a\nb""#),
        ("v", .string("\"; DROP"), #"v="\"; DROP""#), ("v", .string("a\\b"), #"v="a\\b""#),
        ("v", .list([.string("a"), .int(1)]), #"v="[\"a\",1]""#), ("v", .list([]), "v=[]"),
    ]

    @Test(arguments: pairs)
    func `a pair cannot look like another`(_ name: String, _ value: LogDatum, _ shown: String) {
        #expect(line([LogField(name, value)]).hasSuffix(" logger=blog.views \(shown)\n"))
    }

    @Test func `an event may be prose here too`() {
        #expect(line([], name: "it is done").contains(" event=\"it is done\" "))
    }
}
