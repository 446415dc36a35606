import MartletHTTP
import MartletRouting
import Synchronization
import Testing

@Suite struct DispatcherTests {
    private static func site() throws -> RouteTable {
        try RouteTable(
            URLs {
                path("any/", { request in Response("\(request.method)") }, name: "any")
                path("form/", { request in Response("\(request.method)") }, name: "form").methods(.get, .post)
                path("write/", empty).methods(.post)
                path("own/", { request in Response("\(request.method)") }).methods(.get, .options)
                path("file", empty)
                path("broken/", { _ in throw Broken() })
                path("gone/", { _ in throw HTTPError(.gone, "Moved <away>.") })
                path("small/", count).bodyLimit(4)
                path("large/", count).bodyLimit(3_000_000)
                path("default/", count)
            })
    }

    private static let count: Handler = { request in Response("\(try await request.body.collect().count)") }

    struct Broken: Error {}

    struct MethodCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let method: HTTPMethod
        let path: String
        let status: HTTPStatus
        var allow: String?
        var text: String?
    }

    static let methods = [
        MethodCase(
            testDescription: "any method reaches a view without methods", method: .delete, path: "/any/",
            status: .ok, text: "DELETE"),
        MethodCase(testDescription: "GET", method: .get, path: "/form/", status: .ok, text: "GET"),
        MethodCase(testDescription: "HEAD comes with GET", method: .head, path: "/form/", status: .ok, text: "HEAD"),
        MethodCase(
            testDescription: "another method", method: .put, path: "/form/", status: .methodNotAllowed,
            allow: "GET, HEAD, POST, OPTIONS"),
        MethodCase(
            testDescription: "methods are case-sensitive", method: HTTPMethod(rawValue: "get"), path: "/form/",
            status: .methodNotAllowed, allow: "GET, HEAD, POST, OPTIONS"),
        MethodCase(
            testDescription: "no GET, no HEAD", method: .head, path: "/write/", status: .methodNotAllowed,
            allow: "POST, OPTIONS"),
        MethodCase(
            testDescription: "OPTIONS is answered", method: .options, path: "/form/", status: .ok,
            allow: "GET, HEAD, POST, OPTIONS", text: ""),
        MethodCase(
            testDescription: "OPTIONS reaches a view that takes it", method: .options, path: "/own/", status: .ok,
            text: "OPTIONS"),
        MethodCase(
            testDescription: "OPTIONS reaches a view that takes all", method: .options, path: "/any/",
            status: .ok, text: "OPTIONS"),
    ]

    @Test(arguments: methods)
    func `a route answers its methods`(_ example: MethodCase) async throws {
        let response = try await Dispatcher(Self.site()).handler(.make(example.method, example.path))
        #expect(response.status == example.status)
        #expect(response.headers[.allow] == example.allow)
        if let text = example.text { #expect(response.text == text) }
    }

    struct SlashCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = HTTPMethod.get
        let path: String
        var query = ""
        let status: HTTPStatus
        var location: String?
    }

    // tests/middleware/tests.py, CommonMiddlewareTest
    static let slashes = [
        SlashCase(testDescription: "with a slash", path: "/any/", status: .ok),
        SlashCase(testDescription: "a pattern without a slash", path: "/file", status: .ok),
        SlashCase(testDescription: "a slash too many", path: "/file/", status: .notFound),
        SlashCase(testDescription: "the slash is missing", path: "/any", status: .movedPermanently, location: "/any/"),
        SlashCase(
            testDescription: "the query is kept", path: "/any", query: "a=1&b=%20", status: .movedPermanently,
            location: "/any/?a=1&b=%20"),
        SlashCase(testDescription: "no pattern either way", path: "/unknown", status: .notFound),
        SlashCase(testDescription: "HEAD", method: .head, path: "/any", status: .movedPermanently, location: "/any/"),
        SlashCase(
            testDescription: "POST is told where to go (Django: an error in debug mode, a redirect else)",
            method: .post, path: "/any", status: .notFound),
    ]

    @Test(arguments: slashes)
    func `a missing slash is appended`(_ example: SlashCase) async throws {
        let request = Request.make(example.method, example.path, query: example.query)
        let response = try await Dispatcher(Self.site()).handler(request)
        #expect(response.status == example.status)
        #expect(response.headers[.location] == example.location)
    }

    // test_append_slash_no_redirect_on_POST_in_DEBUG and its neighbours
    @Test(arguments: [HTTPMethod.post, .put, .patch, .delete])
    func `an unsafe request without the slash learns the right path`(_ method: HTTPMethod) async throws {
        let response = try await Dispatcher(Self.site()).handler(.make(method, "/any"))
        #expect(response.text.contains("Send \(method) to &#x27;/any/&#x27;: a redirect would lose its content."))
        #expect(response.storage[ResponseError.self] is MissingSlashError)
    }

    // test_append_slash_leading_slashes
    @Test(arguments: [
        ("//evil.example", "/%2Fevil.example/"), ("///evil.example/x", "/%2F/evil.example/x/"),
        ("/\\evil.example", "/%5Cevil.example/"), ("/\t/evil.example", "/%09/evil.example/"),
        ("/a\r\nX: y", "/a%0D%0AX:%20y/"), ("/@evil.example", "/@evil.example/"),
    ])
    func `a redirect never leaves the host`(_ path: String, _ location: String) async throws {
        // A path parameter has no line feed, so an expression takes everything.
        let table = try RouteTable(URLs { rePath(/((?s:.*))\//, text) })
        let response = try await Dispatcher(table).handler(.get(path))
        #expect(response.status == .movedPermanently)
        #expect(response.headers[.location] == location)
    }

    @Test func `without appendSlash the path is not found`() async throws {
        let response = try await Dispatcher(Self.site(), appendSlash: false).handler(.get("/any"))
        #expect(response.status == .notFound)
    }

    @Test func `a page that is not found names the path, escaped`() async throws {
        let response = try await Dispatcher(Self.site()).handler(.get("/<script>/"))
        #expect(response.status == .notFound)
        #expect(response.text.contains("There is no page at &#x27;/&lt;script&gt;/&#x27;."))
        #expect(!response.text.contains("<script>"))
    }

    @Test func `a client that prefers JSON gets JSON`() async throws {
        let headers = try Headers(["Accept": "application/json, text/html;q=0.5"])
        let response = try await Dispatcher(Self.site()).handler(.make(.get, "/a\"\u{1}b/", headers: headers))
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.text == #"{"detail":"There is no page at '/a\"\u0001b/'."}"#)
        #expect(response.headers[.vary] == "Accept")
    }

    @Test func `a thrown HTTP error becomes its status`() async throws {
        let response = try await Dispatcher(Self.site()).handler(.get("/gone/"))
        #expect(response.status == .gone)
        #expect(response.text.contains("Moved &lt;away&gt;."))
    }

    @Test func `another error becomes 500, is reported, and stays inside`() async throws {
        let reported = Reports()
        let errors = ErrorBoundary { error, request in await reported.add("\(error) at \(request.path)") }
        let response = try await Dispatcher(Self.site(), errors: errors).handler(.get("/broken/"))
        #expect(response.status == .internalServerError)
        #expect(!response.text.contains("Broken"))
        #expect(await reported.texts == ["Broken() at /broken/"])
        #expect(response.storage[ResponseError.self] is Broken)
    }

    actor Reports {
        private(set) var texts: [String] = []
        func add(_ text: String) { texts.append(text) }
    }

    @Test func `an application renders its own error pages`() async throws {
        let pages = ErrorPages { request, page in
            guard page.status == .notFound else { throw Broken() }
            return Response("ours: \(page.message)", status: .notFound)
        }
        let reported = Reports()
        let errors = ErrorBoundary(pages: pages) { error, _ in await reported.add("\(error)") }
        let handler = try Dispatcher(Self.site(), errors: errors).handler
        #expect(try await handler(.get("/x/")).text == "ours: There is no page at '/x/'.")
        // A page that fails is reported, and the client still gets the status.
        #expect(try await handler(.get("/gone/")).status == .gone)
        #expect(await reported.texts == ["Broken()"])
    }

    struct Mark: Middleware {
        let name: String
        func respond(to request: Request, next: Handler) async throws -> Response {
            var response = try await next(request)
            try response.headers.add(HeaderName(unchecked: "X-Mark"), "\(name) \(request.route?.name ?? "-")")
            return response
        }
    }

    enum Colour: RequestStorageKey { typealias Value = String }

    @Test func `layers see the route, and a route has layers and values of its own`() async throws {
        let table = try RouteTable(
            URLs {
                include(
                    "in/",
                    URLs(namespace: "in") {
                        path("red/", { Response($0.route?.storage[Colour.self] ?? "none") }, name: "red")
                            .setting(Colour.self, to: "red").middleware(Mark(name: "own"))
                        path("plain/", { Response($0.route?.storage[Colour.self] ?? "none") }, name: "plain")
                    }
                ).setting(Colour.self, to: "grey").middleware(Mark(name: "include"), Mark(name: "second"))
                path("out/", { Response($0.route?.storage[Colour.self] ?? "none") }, name: "out")
            })
        let handler = Dispatcher(table, middleware: [Mark(name: "outer")]).handler
        let mark = HeaderName(unchecked: "X-Mark")
        let red = try await handler(.get("/in/red/"))
        #expect(red.text == "red")
        #expect(red.headers.values(mark) == ["own in:red", "second in:red", "include in:red", "outer in:red"])
        #expect(try await handler(.get("/in/plain/")).text == "grey")
        #expect(try await handler(.get("/out/")).text == "none")
        #expect(try await handler(.get("/in/plain/")).route?.pattern == "in/plain/")
        #expect(try await handler(.get("/nowhere/")).headers.values(mark) == ["outer -"])
    }

    struct Refuse: Middleware {
        func respond(to request: Request, next: Handler) async throws -> Response {
            throw HTTPError(.forbidden)
        }
    }

    @Test func `an error of a layer is a response to the layers outside of it`() async throws {
        let handler = try Dispatcher(Self.site(), middleware: [Mark(name: "outer"), Refuse()]).handler
        let response = try await handler(.get("/any/"))
        #expect(response.status == .forbidden)
        #expect(response.headers.contains(HeaderName(unchecked: "X-Mark")))
    }

    @Test func `a body over the limit of the route is refused`() async throws {
        let handler = try Dispatcher(Self.site()).handler
        #expect(try await handler(.make(.post, "/small/", body: "1234")).text == "4")
        let response = try await handler(.make(.post, "/small/", body: "12345"))
        #expect(response.status == .contentTooLarge)
        #expect(response.text.contains("The request body is larger than the limit of &#x27;/small/&#x27;: 4 bytes"))
        #expect(response.text.contains("(bodyLimit)"))
    }

    @Test func `a route can take more into memory than the default`() async throws {
        let handler = try Dispatcher(Self.site()).handler
        let body = String(repeating: "x", count: 3_000_000)
        #expect(try await handler(.make(.post, "/large/", body: body)).text == "3000000")
        let response = try await handler(.make(.post, "/default/", body: body))
        #expect(response.status == .contentTooLarge)
        #expect(response.text.contains("limit of &#x27;/default/&#x27;: 2621440 bytes (collectedBytes)"))
    }

    @Test func `a view reverses through its request`() async throws {
        let table = try RouteTable(
            URLs {
                path("go/", { request in Response(try request.reverse("to", 7)) })
                path("to/<int:n>/", one, name: "to")
            })
        #expect(try await Dispatcher(table).handler(.get("/go/")).text == "/to/7/")
    }
}
