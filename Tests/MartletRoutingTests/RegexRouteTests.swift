import MartletHTTP
import Testing

@testable import MartletRouting

@Suite struct RegexRouteTests {
    private static let site = URLs {
        path("articles/2003/", empty, name: "special")
        rePath(/articles\/(?<year>\d{4})\//, one, name: "year", reverse: "articles/<year>/")
        path("articles/<slug:slug>/", text, name: "slug")
        // tests/urlpatterns/path_urls.py
        rePath(
            /regex_optional\/(?<arg1>\d+)\/(?:(?<arg2>\d+)\/)?/,
            { (_, a: Int, b: Int?) in Response("\(a) \(b.map(String.init) ?? "-")") }, name: "optional",
            reverse: "regex_optional/<arg1>/<arg2>/")
        rePath(
            /regex_only_optional\/(?:(\d+)\/)?/, { (_, a: Int?) in Response(a.map(String.init) ?? "-") },
            name: "only-optional")
        rePath(/years\/(\d{1,30})/, one, name: "number", reverse: "years/<year>")
        rePath(/(?:de|fr)\/([^\/]+)/, text, name: "segment", reverse: "de/<text>")
        rePath(/é(.)/, text, name: "accent", reverse: "é<letter>")
        include(
            "in/<int:number>/",
            URLs(namespace: "in") {
                rePath(
                    /([a-c]+)-([a-c]+)/, { (_, n: Int, a: String, b: String) in Response("\(n) \(a) \(b)") },
                    name: "pair", reverse: "<first>-<second>")
                path("<str:rest>", { (_, n: Int, rest: String) in Response("\(n) \(rest)") }, name: "rest")
            })
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let path: String
        let name: String?
        var answer = ""
    }

    static let cases = [
        Case(testDescription: "an earlier path wins", path: "/articles/2003/", name: "special"),
        Case(testDescription: "a capture", path: "/articles/2015/", name: "year", answer: "2015"),
        Case(testDescription: "a later path", path: "/articles/20155/", name: "slug", answer: "20155"),
        Case(testDescription: "both captures", path: "/regex_optional/1/2/", name: "optional", answer: "1 2"),
        Case(testDescription: "a capture that is absent", path: "/regex_optional/1/", name: "optional", answer: "1 -"),
        Case(testDescription: "no capture at all", path: "/regex_only_optional/", name: "only-optional", answer: "-"),
        Case(testDescription: "the whole path must match, behind", path: "/regex_optional/1/2/3/", name: nil),
        Case(testDescription: "the whole path must match, before", path: "/x/articles/2015/", name: nil),
        Case(testDescription: "what the type refuses", path: "/years/99999999999999999999", name: nil),
        Case(testDescription: "a digit that Int does not read", path: "/years/١", name: nil),
        Case(testDescription: "behind a prefix", path: "/in/7/ab-cc", name: "in:pair", answer: "7 ab cc"),
        Case(testDescription: "behind a prefix, a later path", path: "/in/7/ab-dd", name: "in:rest", answer: "7 ab-dd"),
        Case(testDescription: "an empty rest", path: "/in/7/", name: nil),
        Case(
            testDescription: "a combining character does not hide a slash", path: "/de/a/\u{301}b", name: nil),
        Case(testDescription: "text beyond ASCII", path: "/é日", name: "accent", answer: "日"),
        Case(testDescription: "the same text spelled otherwise is another path", path: "/e\u{301}日", name: nil),
        Case(
            testDescription: "a path beyond the longest text does not match",
            path: "/de/" + String(repeating: "a", count: 2_048), name: nil),
    ]

    @Test(arguments: cases)
    func `an expression takes part in the order of declaration`(_ example: Case) async throws {
        let response = try await Dispatcher(try RouteTable(Self.site), appendSlash: false).handler(.get(example.path))
        #expect(response.route?.name == example.name)
        if example.name == nil {
            #expect(response.status == .notFound)
        } else {
            #expect(response.text == example.answer)
        }
    }

    @Test func `an expression that comes first wins over paths`() throws {
        let table = RouteTable(
            compiling: URLs {
                rePath(/([a-z]+)\//, text, name: "expression")
                path("about/", empty, name: "about")
                path("42/", empty, name: "number")
            })
        #expect(table.problems.map(\.id).contains("urls.E007"))
        #expect(table.match("/about/")?.info.name == "expression")
        #expect(table.match("/42/")?.info.name == "number")
    }

    @Test func `a name is reversed by its template, and read back`() throws {
        let table = try RouteTable(Self.site)
        #expect(try table.reverse("year", 2026) == "/articles/2026/")
        #expect(try table.reverse("year", ["year": 2026]) == "/articles/2026/")
        #expect(try table.reverse("optional", 1, 2) == "/regex_optional/1/2/")
        #expect(try table.reverse("in:pair", 7, "ab", "c") == "/in/7/ab-c")
        #expect(try table.reverse("in:pair", ["number": 7, "first": "ab", "second": "c"]) == "/in/7/ab-c")
        #expect(try table.reverse("accent", "日", query: ["a": 1]) == "/%C3%A9%E6%97%A5?a=1")
    }

    @Test(arguments: [
        ("year", "20266", "'year' cannot be reversed with '20266'. It stands for 'articles/(?<year>\\d{4})/'."),
        ("segment", "a/b", "'segment' cannot be reversed with 'a/b'. It stands for '(?:de|fr)/([^/]+)'."),
        (
            "only-optional", "1",
            "'only-optional' cannot be reversed: it stands for /regex_only_optional/(?:(\\d+)/)?/, and an expression "
                + "does not tell what it matches. Add reverse: \"…\" to its rePath."
        ),
    ])
    func `what the expression would not read again cannot be reversed`(
        _ name: String, _ value: String, _ message: String
    )
        throws
    {
        let error = try #require(throws: ReverseError.self) { try RouteTable(Self.site).reverse(name, value) }
        #expect(error.description == message)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let route: Route
        let ids: [String]
        let message: String
    }

    static let mistakes = [
        Mistake(
            testDescription: "fewer parameters than captures", route: rePath(/a(b)(c)/, text), ids: ["urls.E004"],
            message: "The pattern 'a(b)(c)' has the parameters 1, 2, but the view takes String."),
        Mistake(
            testDescription: "more parameters than captures", route: rePath(/a/, text), ids: ["urls.E004"],
            message: "The pattern 'a' has no parameter, but the view takes String."),
        Mistake(
            testDescription: "a capture that may be absent", route: rePath(/a(b)?/, text), ids: ["urls.E010"],
            message: "Capture 1 of 'a(b)?' need not take part in a match, but the view takes String there."),
        Mistake(
            testDescription: "an alternative", route: rePath(/(?<x>a)|b/, text), ids: ["urls.E010"],
            message: "Capture 1 of '(?<x>a)|b' need not take part in a match, but the view takes String there."),
        Mistake(
            testDescription: "captures that nobody knows",
            route: rePath((try? Regex("a(b)")) ?? Regex(/x/), text), ids: ["urls.E009"],
            message: "The type of the expression 'a(b)' does not tell its captures."),
        Mistake(
            testDescription: "a template with too few placeholders", route: rePath(/a(b)/, text, reverse: "ab"),
            ids: ["urls.E011"], message: "The 'reverse' of 'a(b)', 'ab', has 0 placeholders for 1 captures."),
        Mistake(
            testDescription: "a template with another name", route: rePath(/a(?<x>b)/, text, reverse: "a<y>"),
            ids: ["urls.E011"],
            message: "The 'reverse' of 'a(?<x>b)', 'a<y>', has '<y>' where the capture is called 'x'."),
        Mistake(
            testDescription: "a template that begins with a slash", route: rePath(/a/, empty, reverse: "/a"),
            ids: ["urls.E011"], message: "The 'reverse' of 'a', '/a', begins with '/'."),
        Mistake(
            testDescription: "the same name twice",
            route: include("<int:x>/", URLs { rePath(/(?<x>a)/, { (_, _: Int, _: String) in Response("") }) }),
            ids: ["urls.E003"], message: "The pattern '<int:x>/(?<x>a)' has the parameter 'x' twice."),
        Mistake(
            testDescription: "a name without a template", route: rePath(/a/, empty, name: "a"), ids: ["urls.W002"],
            message: "The route 'a' cannot be reversed: an expression does not tell what it matches."),
    ]

    @Test(arguments: mistakes)
    func `a mistake is found when the table is built`(_ example: Mistake) {
        let problems = RouteTable.problems(in: URLs { example.route })
        #expect(problems.map(\.id) == example.ids)
        #expect(problems.first?.message == example.message)
    }

    @Test(arguments: [
        (#"(a+)+"#, "(a+)+"), (#"x/(?:[a-z]*/)*y"#, "(?:[a-z]*/)*"), (#"((a|b)*c?){2,}"#, "((a|b)*c?){2,}"),
        (#"(?<n>\w+\s?)+?"#, #"(?<n>\w+\s?)+?"#), (#"([)*]+)*"#, "([)*]+)*"),
        (#"(\p{L}+)+"#, #"(\p{L}+)+"#),
    ])
    func `a repetition of a repetition is found`(_ pattern: String, _ group: String) {
        #expect(RegexHazard(pattern).group == group)
    }

    @Test func `a capture that may be missing can be left out of the address`() throws {
        let urls = URLs {
            rePath(
                /page(\d+)?\//, { (_, number: Int?) in Response(number.map(String.init) ?? "-") }, name: "page",
                reverse: "page<number>/")
        }
        let table = try RouteTable(urls)
        #expect(try table.reverse("page", 7) == "/page7/")
        #expect(try table.reverse("page", nil as Int?) == "/page/")
    }

    @Test func `a repetition of a repetition is reported, and the table can be used`() throws {
        let urls = URLs { rePath(/(?:[a-z]+\/?)+/, empty) }
        let problem = try #require(RouteTable.problems(in: urls).first)
        #expect(problem.id == "urls.W001")
        #expect(problem.message.contains("repeats a repetition, '(?:[a-z]+/?)+'"))
        #expect(problem.description.contains(": warning urls.W001: "))
        #expect(try RouteTable(urls).match("/a/b") != nil)
    }

    @Test(arguments: [
        #"a+b+"#, #"(ab)+"#, #"(a{1,3})+"#, #"(a++)+"#, #"((?>a+))+"#, #"[(a+)+]"#, #"\(a+\)+"#, #"(a+)?"#, #"(a+){2}"#,
        #"[\]+]+"#, #"a{2"#, #"(?=a+)b+"#, #"("#, #"\"#,
    ])
    func `a repetition that gives nothing back is not reported`(_ pattern: String) {
        #expect(RegexHazard(pattern).group == nil)
    }

    @Test func `threads match one expression at the same time`() async throws {
        let table = try RouteTable(Self.site)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 1_000..<1_200 {
                group.addTask { table.match("/articles/\(number)/")?.info.name == "year" }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
