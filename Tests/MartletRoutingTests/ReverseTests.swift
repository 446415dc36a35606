import FoundationEssentials
import MartletHTTP
import MartletRouting
import MartletValues
import Testing

@Suite struct ReverseTests {
    private static let blog = URLs(namespace: "blog") {
        path("", empty, name: "post-list")
        path("posts/<shortuuid:id>/", { (_, id: ShortUUID) in Response("\(id)") }, name: "post-detail")
        path("archive/<int:year>/", one, name: "archive")
        path("tag/<str:tag>/", text, name: "tag")
        path("files/<path:file>", text, name: "file")
    }

    private let table: RouteTable

    init() throws {
        table = try RouteTable(
            URLs {
                path("", empty, name: "home")
                include("blog/", Self.blog)
                include(
                    "journal/<slug:owner>/",
                    URLs(namespace: "blog") {
                        path("<int:year>/", { (_, _: String, _: Int) in Response("") }, name: "year")
                    }, namespace: "journal")
                path("odd/%<str:a>\"/", text, name: "odd")
            })
    }

    @Test func `values make a path`() throws {
        #expect(try table.reverse("home") == "/")
        #expect(try table.reverse("blog:post-list") == "/blog/")
        #expect(try table.reverse("blog:archive", 2026) == "/blog/archive/2026/")
        #expect(try table.reverse("blog:archive", ["year": 2026]) == "/blog/archive/2026/")
        #expect(try table.reverse("blog:archive", "0042") == "/blog/archive/0042/")
        #expect(try table.reverse("journal:year", "ann", 2026) == "/journal/ann/2026/")
        let id = ShortUUID(try #require(UUID(uuidString: "39da9369-838e-4750-91a5-f7805cd82839")))
        #expect(try table.reverse("blog:post-detail", id) == "/blog/posts/CJjKSiAEjDuLkDyxKUZ4Vy/")
    }

    // Django: quote(…, safe="!$&'()*+,;=" "/~:@")
    @Test(arguments: [
        ("a b", "a%20b"), ("é", "%C3%A9"), ("a%b", "a%25b"), ("?#[]", "%3F%23%5B%5D"), ("!$&'()*+,;=", "!$&'()*+,;="),
        ("~:@", "~:@"), ("\"<>\\^`{|}", "%22%3C%3E%5C%5E%60%7B%7C%7D"), ("a\r\nb", "a%0D%0Ab"),
    ])
    func `a value is percent-encoded`(_ value: String, _ encoded: String) throws {
        #expect(try table.reverse("blog:tag", value) == "/blog/tag/\(encoded)/")
        #expect(table.match("/blog/tag/\(value)/")?.info.name == "blog:tag")
    }

    @Test func `a path may have slashes and a literal is encoded`() throws {
        #expect(try table.reverse("blog:file", "a/b c") == "/blog/files/a/b%20c")
        #expect(try table.reverse("odd", "x") == "/odd/%25x%22/")
    }

    @Test func `a path that would name a host is defused`() throws {
        let table = try RouteTable(URLs { path("<path:rest>", text, name: "all") })
        #expect(try table.reverse("all", "/evil.example/") == "/%2Fevil.example/")
    }

    @Test(arguments: [
        ("nope", [], "No route is named 'nope'. Names include their namespace, as in 'blog:post-detail'."),
        ("archive", ["1"], "No route is named 'archive'. Did you mean 'blog:archive'?"),
        (
            "blog:archive", [],
            "'blog:archive' cannot be reversed with no arguments. It stands for 'blog/archive/<int:year>/'."
        ),
        (
            "blog:archive", ["x"],
            "'blog:archive' cannot be reversed with 'x'. It stands for 'blog/archive/<int:year>/'."
        ),
        (
            "blog:archive", ["-1"],
            "'blog:archive' cannot be reversed with '-1'. It stands for 'blog/archive/<int:year>/'."
        ),
        ("blog:tag", ["a/b"], "'blog:tag' cannot be reversed with 'a/b'. It stands for 'blog/tag/<str:tag>/'."),
        ("blog:tag", [""], "'blog:tag' cannot be reversed with ''. It stands for 'blog/tag/<str:tag>/'."),
    ])
    func `what cannot be reversed names the candidates`(_ name: String, _ arguments: [String], _ message: String) throws
    {
        let error = try #require(throws: ReverseError.self) {
            switch arguments.first {
            case let argument?: try table.reverse(name, argument)
            case nil: try table.reverse(name)
            }
        }
        #expect(error.description == message)
    }

    @Test func `keyword arguments must be those of the pattern`() throws {
        let error = try #require(throws: ReverseError.self) { try table.reverse("blog:archive", ["month": 1]) }
        #expect(error.description.contains("with month: '1'"))
    }

    @Test func `code without a request uses the table of the application`() throws {
        #expect(throws: ReverseError.self) { try reverse("home") }
        let path = try RouteTable.$current.withValue(table) { try reverse("blog:archive", 2026) }
        #expect(path == "/blog/archive/2026/")
    }
}

/// The query and the fragment: Django's tests/urlpatterns_reverse, URLPatternReverse.test_reverse_with_query and others.
@Suite struct ReverseQueryTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var query: QueryItems = [:]
        var fragment: String?
        let suffix: String
    }

    static let cases = [
        Case(testDescription: "neither", suffix: ""),
        Case(testDescription: "a query", query: ["hello": "world", "foo": 123], suffix: "?hello=world&foo=123"),
        Case(
            testDescription: "a list", query: ["hello": "world", "foo": [123, 456]],
            suffix: "?hello=world&foo=123&foo=456"),
        Case(testDescription: "a name twice", query: ["foo": 1, "bar": 2, "foo": 3], suffix: "?foo=1&bar=2&foo=3"),
        Case(
            testDescription: "what must be encoded",
            query: ["hello world": "django project", "@invalid": ["?", "!", "a b"], "é": "&=+%#"],
            suffix: "?hello+world=django+project&%40invalid=%3F&%40invalid=%21&%40invalid=a+b&%C3%A9=%26%3D%2B%25%23"),
        Case(testDescription: "no value", query: ["a": Int?.none, "b": [Int]()], suffix: ""),
        Case(testDescription: "an empty value", query: ["a": ""], suffix: "?a="),
        Case(testDescription: "a value that may be absent", query: ["a": Int?.some(1)], suffix: "?a=1"),
        Case(testDescription: "truth values are as in JSON (Django: True)", query: ["a": true], suffix: "?a=true"),
        Case(testDescription: "a fragment", fragment: "tab-1", suffix: "#tab-1"),
        Case(testDescription: "an empty fragment", fragment: "", suffix: "#"),
        Case(
            testDescription: "a fragment is encoded (Django leaves it as it is)", fragment: "tab 1 <is> the #best!",
            suffix: "#tab%201%20%3Cis%3E%20the%20%23best!"),
        Case(testDescription: "both", query: ["a": 1], fragment: "b", suffix: "?a=1#b"),
    ]

    @Test(arguments: cases)
    func `a query and a fragment are added`(_ example: Case) throws {
        let table = try RouteTable(URLs { path("test/<int:n>", one, name: "test") })
        let (query, fragment) = (example.query, example.fragment)
        let expected = "/test/1\(example.suffix)"
        #expect(try table.reverse("test", 1, query: query, fragment: fragment) == expected)
        #expect(try table.reverse("test", ["n": 1], query: query, fragment: fragment) == expected)
        let (inOrder, byName) = try RouteTable.$current.withValue(table) {
            (
                try reverse("test", 1, query: query, fragment: fragment),
                try reverse("test", ["n": 1], query: query, fragment: fragment)
            )
        }
        #expect(inOrder == expected)
        #expect(byName == expected)
    }

    @Test func `the query of a request is taken over and changed`() {
        var query = QueryItems(Request.make(.get, "/", query: "a=1&b=2&b=3&c=x+y").query)
        #expect("\(query)" == "a=1&b=2&b=3&c=x+y")
        query.set("b", to: 4)
        query.set("d", to: ["5", "6"])
        #expect("\(query)" == "a=1&b=4&c=x+y&d=5&d=6")
        query.remove("a")
        query.set("c", to: String?.none)
        #expect("\(query)" == "b=4&d=5&d=6")
    }
}
