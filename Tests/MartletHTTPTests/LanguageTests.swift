import MartletHTTP
import Testing

@Suite struct LanguageTests {
    struct HeaderCase: Sendable, CustomTestStringConvertible {
        let value: String
        let ranges: [(String, Double)]

        init(_ value: String, _ ranges: [(String, Double)]) {
            (self.value, self.ranges) = (value, ranges)
        }

        var testDescription: String { "'\(value.prefix(60))'" }
    }

    // Django, tests/i18n/tests.py, MiscTests.test_parse_spec_http_header
    static let headers = [
        HeaderCase("de", [("de", 1)]),
        HeaderCase("en-AU", [("en-au", 1)]),
        HeaderCase("es-419", [("es-419", 1)]),
        HeaderCase("*;q=1.00", [("*", 1)]),
        HeaderCase("en-AU;q=0.123", [("en-au", 0.123)]),
        HeaderCase("en-au;q=0.5", [("en-au", 0.5)]),
        HeaderCase("en-au;Q=1.0", [("en-au", 1)]),
        HeaderCase("da, en-gb;q=0.25, en;q=0.5", [("da", 1), ("en", 0.5), ("en-gb", 0.25)]),
        HeaderCase("en-au-xx", [("en-au-xx", 1)]),
        HeaderCase(
            "de,en-au;q=0.75,en-us;q=0.5,en;q=0.25,es;q=0.125,fa;q=0.125",
            [("de", 1), ("en-au", 0.75), ("en-us", 0.5), ("en", 0.25), ("es", 0.125), ("fa", 0.125)]),
        HeaderCase("*", [("*", 1)]),
        HeaderCase("de;q=0.", [("de", 0)]),
        HeaderCase("en; q=1,", [("en", 1)]),
        HeaderCase("en; q=1.0, * ; q=0.5", [("en", 1), ("*", 0.5)]),
        HeaderCase("en" + String(repeating: "-x", count: 20), [("en" + String(repeating: "-x", count: 20), 1)]),
        HeaderCase(
            Array(repeating: "en; q=1.0", count: 20).joined(separator: ", "), Array(repeating: ("en", 1), count: 20)),
        HeaderCase("en-gb;q=1.0000", []),
        HeaderCase("en;q=0.1234", []),
        HeaderCase("en;q=.2", []),
        HeaderCase("abcdefghi-au", []),
        HeaderCase("**", []),
        HeaderCase("en,,gb", []),
        HeaderCase("en-au;q=0.1.0", []),
        HeaderCase(String(repeating: "X", count: 97) + "Z,en", []),
        HeaderCase("da, en-gb;q=0.8, en;q=0.7,#", []),
        HeaderCase("de;q=2.0", []),
        HeaderCase("de;q=0.a", []),
        HeaderCase("12-345", []),
        HeaderCase("", []),
        HeaderCase("en;q=1e0", []),
        HeaderCase("en-au;q=１.０", []),
        HeaderCase("en-", []),
        HeaderCase("de en", []),
        HeaderCase("de;", []),
        // Too long, so what fits is read.
        HeaderCase("xxxxxxxx" + String(repeating: "-xxxxxxxx", count: 500), []),
        HeaderCase(
            Array(repeating: "en; q=1.0", count: 500).joined(separator: ", "), Array(repeating: ("en", 1), count: 45)),
    ]

    @Test(arguments: headers)
    func `Accept-Language is read as Django reads it`(_ example: HeaderCase) throws {
        let request = try Request.make(headers: ["Accept-Language": example.value])
        let ranges = request.acceptedLanguages.ranges
        #expect(ranges.map(\.code) == example.ranges.map(\.0))
        #expect(ranges.map(\.quality) == example.ranges.map(\.1))
    }

    static let django = SiteLanguages(
        [
            "ar", "de", "en", "en-au", "en-gb", "es", "fr", "fy", "ia", "nl", "pt", "pt-br", "sr-latn", "zh-hans",
            "zh-hant",
        ], default: "en-us")

    // test_parse_literal_http_header, test_special_fallback_language, test_subsequent_code_fallback_language,
    // test_support_for_deprecated_chinese_language_codes, test_parse_language_cookie
    @Test(
        arguments: [
            ("pt-br", nil, "pt-br"), ("pt", nil, "pt"), ("es,de", nil, "es"), ("es-a,de", nil, "es"),
            ("es-us", nil, "es"), ("zh-hans,de", nil, "zh-hans"), ("NL", nil, "nl"), ("fy", nil, "fy"),
            ("ia", nil, "ia"),
            ("sr-latn", nil, "sr-latn"), ("zh-hans", nil, "zh-hans"), ("zh-hant", nil, "zh-hant"),
            ("zh-cn,en", nil, "zh-hans"), ("zh-tw,en", nil, "zh-hant"), ("zh-my,en", nil, "zh-hans"),
            ("zh-Hans-CN,en", nil, "zh-hans"), ("zh-hans-mo,en", nil, "zh-hans"), ("zh-hans-HK,en", nil, "zh-hans"),
            ("zh-Hant-HK,en", nil, "zh-hant"), ("zh-hant-tw,en", nil, "zh-hant"), ("zh-hant-SG,en", nil, "zh-hant"),
            // The cookie comes first.
            ("", "pt-br", "pt-br"), ("", "pt", "pt"), ("de", "es", "es"), ("", "es-us", "es"),
            ("de", "zh-hans", "zh-hans"),
            ("de", "xx", "de"), ("de", "", "de"), ("de", "../../etc", "de"), ("de", "-", "de"),
            // Nothing of what is asked for is there; `*` is any, and so the site's own.
            ("", nil, "en"), ("xx", nil, "en"), ("xx,*,de", nil, "en"), ("xx;q=0.9,*;q=0.5", nil, "en"),
            ("de,,", nil, "en"),
            // RFC 9110 §12.4.2: a weight of 0 is "not acceptable". Django takes it all the same.
            ("de;q=0", nil, "en"), ("de;q=0, fr;q=0.1", nil, "fr"),
        ] as [(String, String?, String)])
    func `the language is that of the cookie, else of the field, else the site's`(
        _ accepted: String, _ cookie: String?, _ language: String
    ) throws {
        var headers = try Headers(["Accept-Language": accepted])
        if let cookie { try headers.set(.cookie, "django_language=\(cookie); other=1") }
        let request = Request.make(headers: headers)
        #expect(request.language(among: Self.django) == language)
    }

    @Test func `the cookie's name is the site's, and it may have none`() throws {
        let request = try Request.make(headers: ["Cookie": "django_language=de; lang=fr"])
        #expect(request.language(among: Self.django, cookie: "lang") == "fr")
        #expect(request.language(among: Self.django, cookie: nil) == "en")
    }

    static let variants = SiteLanguages(["en", "ar-dz", "de", "de-at", "pt-BR"], default: "en")

    // test_get_supported_language_variant_real
    @Test(
        arguments: [
            ("en", false, "en"), ("en-gb", false, "en"), ("de", false, "de"), ("de-at", false, "de-at"),
            ("de-ch", false, "de"), ("pt", false, "pt-BR"), ("pt-pt", false, "pt-BR"), ("ar-dz", false, "ar-dz"),
            // Django gives back the case that was asked for; here a language has one code, the site's.
            ("pt-br", false, "pt-BR"), ("ar-DZ", false, "ar-dz"),
            ("pt", true, nil), ("pt-pt", true, nil), ("xyz", false, nil), ("xy-zz", false, nil), ("", false, nil),
        ] as [(String, Bool, String?)])
    func `a code finds its language, or one near it`(_ code: String, _ strict: Bool, _ language: String?) {
        #expect(Self.variants.variant(of: code, strict: strict) == language)
    }

    // A text of its own, so that the names of the cases stay short.
    @Test(
        arguments: [
            ("x", 500, false, nil), ("x", 501, false, nil), ("en-", 167, false, "en"), ("en-", 167, true, nil),
            ("en-", 30_000, false, "en"),
        ] as [(String, Int, Bool, String?)])
    func `of a code without end the beginning counts`(
        _ part: String, _ count: Int, _ strict: Bool, _ language: String?
    ) {
        #expect(Self.variants.variant(of: String(repeating: part, count: count), strict: strict) == language)
    }

    static let prefixes = SiteLanguages(
        ["en", "en-latn-us", "de", "de-1996", "de-at", "de-ch-1901", "i-mingo", "kl-tunumiit", "nan-hani-tw", "pl"],
        default: "en")

    // test_get_language_from_path_real; a language has one code here, whatever case the path has.
    @Test(
        arguments: [
            ("/pl/", "pl"), ("/pl", "pl"), ("/xyz/", nil), ("/en/", "en"), ("/en-gb/", "en"),
            ("/en-latn-us/", "en-latn-us"),
            ("/en-Latn-US/", "en-latn-us"), ("/de/", "de"), ("/de-1996/", "de-1996"), ("/de-at/", "de-at"),
            ("/de-AT/", "de-at"), ("/de-ch/", "de"), ("/de-ch-1901/", "de-ch-1901"), ("/de-simple-page-test/", nil),
            ("/i-mingo/", "i-mingo"), ("/kl-tunumiit/", "kl-tunumiit"), ("/nan-hani-tw/", "nan-hani-tw"),
            ("/", nil), ("", nil), ("//de/", nil),
            ("/de-/", nil),
        ] as [(String, String?)])
    func `a path may begin with a language`(_ path: String, _ language: String?) {
        #expect(Self.prefixes.language(ofPath: path) == language)
    }

    @Test func `the default is written as the site writes it`() {
        #expect(SiteLanguages(["en", "de"], default: "en-us").default == "en")
        #expect(SiteLanguages(["de"], default: "fr").default == "fr")
    }
}
