import MartletHTTP
import MartletRouting
import MartletShortcuts
import Testing

@Suite struct RedirectTests {
    private static let urls = URLs(namespace: "blog") {
        path("", { _ in Response("") }, name: "list")
        path("posts/<int:id>/", { (_: Request, _: Int) in Response("") }, name: "detail")
        path("file.txt", { _ in Response("") }, name: "file.txt")
    }

    private func location(_ make: () throws -> Response) throws -> String? {
        let table = try RouteTable(URLs { include("blog/", Self.urls) })
        return try RouteTable.$current.withValue(table) { try make().headers[.location] }
    }

    private struct Post: HasAbsoluteURL {
        var id: Int
        var absoluteURL: String { get throws { try reverse("blog:detail", id) } }
    }

    // Django, tests/shortcuts and tests/resolve_url.
    @Test(arguments: [
        ("blog:list", "/blog/"), ("/posts/é/", "/posts/%C3%A9/"), ("./next/", "./next/"), ("../", "../"),
        ("https://example.com/x", "https://example.com/x"), ("something/", "something/"),
        ("example.com", "example.com"),
        ("blog:file.txt", "/blog/file.txt"), ("?page=2/", "?page=2/"),
    ])
    func `a name of a route leads to it, and a URL is one`(_ target: String, _ expected: String) throws {
        #expect(try location { try redirect(to: target) } == expected)
    }

    @Test func `a route's parameters are arguments`() throws {
        #expect(try location { try redirect(to: "blog:detail", 7) } == "/blog/posts/7/")
        #expect(try location { try redirect(to: "blog:detail", 7, status: .permanentRedirect) } == "/blog/posts/7/")
    }

    @Test func `something with a page of its own leads there`() throws {
        #expect(try location { try redirect(to: Post(id: 9), status: .seeOther) } == "/blog/posts/9/")
    }

    @Test func `a name that is none, and arguments that do not fit, are errors`() throws {
        #expect(throws: ReverseError.self) { try location { try redirect(to: "blog:gone") } }
        #expect(throws: ReverseError.self) { try location { try redirect(to: "blog:detail") } }
        #expect(throws: ReverseError.self) { try location { try redirect(to: "blog:detail", "x") } }
        #expect(throws: ReverseError.self) { try location { try redirect(to: "/gone/", 7) } }
        #expect(throws: ReverseError.self) { try redirect(to: "blog:list") }
        #expect(throws: HTTPError.self) { try redirect(to: "/a\r\nSet-Cookie: x=1") }
    }

    // The cases of an address are those of MartletHTTPTests/Responses/SafeTargetTests.
    @Test(
        arguments: [
            ("/next/?a=1", "/next/?a=1"), ("http://testserver/next/", "http://testserver/next/"),
            ("https://forms.example/", "https://forms.example/"), ("https://evil.example/", "/blog/"),
            ("//evil.example", "/blog/"),
            ("/\\evil.example", "/blog/"), ("javascript:alert(1)", "/blog/"), ("", "/blog/"), (nil, "/blog/"),
            ("/a\r\nSet-Cookie: x=1", "/blog/"),
        ] as [(String?, String)])
    func `where a client asks to go it goes, unless to another host`(_ next: String?, _ expected: String) throws {
        let request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: try Headers(["Host": "testserver"]),
            body: RequestBody(), peerAddress: "127.0.0.1", isEncrypted: false)
        let found = try location {
            try redirect(
                toUserSupplied: next, request: request, allowedHosts: ["forms.example"], fallback: "blog:list")
        }
        #expect(found == expected)
    }
}
