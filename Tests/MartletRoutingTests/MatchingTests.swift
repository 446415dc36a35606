import FoundationEssentials
import MartletHTTP
import MartletRouting
import MartletValues
import Testing

func empty(_ request: Request) async throws -> Response { Response("") }
func one(_ request: Request, number: Int) async throws -> Response { Response("\(number)") }
func text(_ request: Request, text: String) async throws -> Response { Response(text) }

/// Expectations of Django's tests/urlpatterns.
@Suite struct MatchingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let path: String
        let name: String?
        var answer = ""
    }

    private static let moreURLs = URLs {
        path("extra/<extra>/", text, name: "inner-extra")
        include("", URLs { path("more/<slug:extra>/", text, name: "inner-more") })
    }

    private static let site = URLs {
        path("articles/2003/", empty, name: "articles-2003")
        path("articles/<int:year>/", one, name: "articles-year")
        path(
            "articles/<int:year>/<int:month>/<int:day>/",
            { (_, year: Int, month: Int, day: Int) in Response("\(year)-\(month)-\(day)") }, name: "articles-day")
        path("users/", empty, name: "users")
        path("users/<id>/", text, name: "user-with-id")
        include("included_urls/", moreURLs)
        path(
            "<lang>/<path:url>/", { (_, lang: String, url: String) in Response("\(lang) \(url)") },
            name: "lang-and-path")
    }

    static let cases = [
        Case(testDescription: "no parameters", path: "/articles/2003/", name: "articles-2003"),
        Case(testDescription: "a number", path: "/articles/2015/", name: "articles-year", answer: "2015"),
        Case(
            testDescription: "three numbers", path: "/articles/2015/04/12/", name: "articles-day", answer: "2015-4-12"),
        Case(testDescription: "no converter is str", path: "/users/1/", name: "user-with-id", answer: "1"),
        Case(testDescription: "two variables first", path: "/en/foo/", name: "lang-and-path", answer: "en foo"),
        Case(testDescription: "a long path", path: "/en/a/b//c/", name: "lang-and-path", answer: "en a/b//c"),
        Case(testDescription: "an include", path: "/included_urls/extra/x/", name: "inner-extra", answer: "x"),
        Case(
            testDescription: "an include in an include", path: "/included_urls/more/v/", name: "inner-more", answer: "v"
        ),
        Case(
            testDescription: "back from the literal branch", path: "/included_urls/z/", name: "lang-and-path",
            answer: "included_urls z"),
        Case(
            testDescription: "too large for Int: the next pattern is tried (Django takes any size)",
            path: "/articles/99999999999999999999/", name: "lang-and-path", answer: "articles 99999999999999999999"),
        Case(testDescription: "a line feed after the slash", path: "/articles/2003/\n", name: nil),
        Case(testDescription: "a line feed in a path parameter", path: "/en/a\nb/", name: nil),
        Case(testDescription: "non-ASCII", path: "/users/é日本/", name: "user-with-id", answer: "é日本"),
        Case(testDescription: "no slash at the beginning", path: "users/", name: nil),
        Case(testDescription: "OPTIONS *", path: "*", name: nil),
        Case(testDescription: "empty", path: "", name: nil),
        Case(testDescription: "the root, which no pattern matches", path: "/", name: nil),
    ]

    @Test(arguments: cases)
    func `a path goes to the first pattern that matches`(_ example: Case) async throws {
        let handler = Dispatcher(try RouteTable(Self.site), appendSlash: false).handler
        let response = try await handler(.get(example.path))
        #expect(response.route?.name == example.name)
        if example.name == nil {
            #expect(response.status == .notFound)
        } else {
            #expect(response.text == example.answer)
        }
    }

    struct Conversion: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let matches: [String]
        let refuses: [String]
    }

    static let conversions = [
        Conversion(
            testDescription: "int", matches: ["0", "1", "01", "1234567890", "9223372036854775807"],
            refuses: ["-1", "+1", "letters", "", "1_0", "١", "9223372036854775808"]),
        Conversion(testDescription: "str", matches: ["abcxyz", "a b", "%", "é"], refuses: ["", "/"]),
        Conversion(testDescription: "path", matches: ["allows.ANY*characters", "a/b", "/"], refuses: [""]),
        Conversion(
            testDescription: "slug", matches: ["abcxyz-ABCXYZ_01234567890"], refuses: ["", "stars*notallowed", "é"]),
        Conversion(
            testDescription: "uuid", matches: ["39da9369-838e-4750-91a5-f7805cd82839"],
            refuses: [
                "", "9da9369-838e-4750-91a5-f7805cd82839", "39da9369-838-4750-91a5-f7805cd82839",
                "39da9369-838e-475-91a5-f7805cd82839", "39da9369-838e-4750-91a-f7805cd82839",
                "39da9369-838e-4750-91a5-f7805cd8283", "39DA9369-838E-4750-91A5-F7805CD82839",
                "39da9369-838e-4750-91a5-f7805cd828399", "------------------------------------",
            ]),
        Conversion(
            testDescription: "shortuuid",
            matches: ["CJjKSiAEjDuLkDyxKUZ4Vy", "2222222222222222222222", "8bRkTzQ4nFyW"],
            refuses: [
                "", "CJjKSiAEjDuLkDyxKUZ4V", "CJjKSiAEjDuLkDyxKUZ4Vyy", "zzzzzzzzzzzzzzzzzzzzzz",
                "CJjKSiAEjDuLkDyxKUZ4V0", "8bRkTzQ4nFy", "8bRkTzQ4nFyWx", "8bRkTzQ4nFy0",
            ]),
    ]

    @Test(arguments: conversions)
    func `a converter matches its texts and no other`(_ example: Conversion) throws {
        let table = try RouteTable(
            URLs {
                path("int/<int:int>/", one, name: "int")
                path("str/<str:str>/", text, name: "str")
                path("path/<path:path>/", text, name: "path")
                path("slug/<slug:slug>/", text, name: "slug")
                path("uuid/<uuid:uuid>/", { (_, uuid: UUID) in Response("\(uuid)") }, name: "uuid")
                path("shortuuid/<shortuuid:id>/", { (_, id: ShortUUID) in Response("\(id)") }, name: "shortuuid")
            })
        let name = example.testDescription
        for match in example.matches {
            #expect(table.match("/\(name)/\(match)/")?.info.name == name, "\(match)")
        }
        for refused in example.refuses {
            #expect(table.match("/\(name)/\(refused)/") == nil, "\(refused)")
        }
    }

    enum Language: String, PathParameter { case en, de }

    struct Year: PathParameter {
        static let converters = [PathConverter("yyyy", bytes: .digits, length: 4...4)]
        let number: Int
        init?(pathSegment: Substring) {
            guard let number = Int(pathSegment) else { return nil }
            self.number = number
        }
        var pathSegment: String { String(number) }
    }

    @Test func `a type of one's own is a converter`() async throws {
        let table = try RouteTable(
            URLs {
                path(
                    "<language>/<yyyy:year>/",
                    { (_, language: Language, year: Year) in
                        Response("\(language) \(year.number)")
                    }, name: "year")
                path("<word>/<word2>/", { (_, _: String, _: String) in Response("words") }, name: "words")
            })
        let handler = Dispatcher(table).handler
        #expect(try await handler(.get("/de/2026/")).text == "de 2026")
        #expect(try await handler(.get("/fr/2026/")).text == "words")
        #expect(try await handler(.get("/de/20266/")).text == "words")
    }

    @Test func `an include prefix is matched once, as Django does`() throws {
        // The prefix takes all digits, and does not give one back for the inner '5/'.
        let table = try RouteTable(
            URLs {
                include("<int:a>", URLs { path("5/", one, name: "greedy") })
                path("<slug:s>/", text, name: "slug")
            })
        #expect(table.match("/15/")?.info.name == "slug")
    }

    @Test func `patterns that could match in many ways are answered in time that grows with the path only`() throws {
        let table = try RouteTable(
            URLs {
                path("<path:a>/x/<path:b>/y/<path:c>/z", { (_, _: String, _: String, _: String) in Response("") })
            })
        let hostile = "/" + String(repeating: "x/y/", count: 2_000)
        #expect(table.match(hostile) == nil)
        #expect(table.match(hostile + "z") != nil)
    }

    @Test func `if and for work in a table`() throws {
        let isDebug = false
        let table = try RouteTable(
            URLs {
                for name in ["a", "b"] { path("\(name)/", empty, name: name) }
                if isDebug { path("debug/", empty) } else { path("live/", empty) }
            })
        #expect(table.routes.map(\.pattern) == ["a/", "b/", "live/"])
    }
}
