import MartletHTTP
import MartletMiddleware
import Testing

@testable import MartletRouting

@Suite struct HostTests {
    private static let tenantURLs = URLs(namespace: "tenant") {
        path("", { (request: Request, tenant: String) in Response("tenant \(tenant)") }, name: "home")
        path(
            "posts/<int:id>/",
            { (request: Request, tenant: String, id: Int) in
                Response(try request.reverse("tenant:post", id + 1))
            }, name: "post")
        path("links/", { (request: Request, _: String) in Response(try Self.links(request)) })
    }

    private static let site = URLs {
        host(
            "api.example.org",
            URLs(namespace: "api") {
                path("", { _ in Response("api") }, name: "root")
                path("posts/<int:id>/", { (_, id: Int) in Response("api \(id)") }, name: "post")
                path("write/", { _ in Response("written") }, name: "write").csrfExempt().bodyLimit(3)
            })
        host("admin.example.org:8443", URLs { path("", { _ in Response("admin") }, name: "admin") })
        host("[::1]", URLs { path("", { _ in Response("loopback") }, name: "loopback") })
        host("<slug:tenant>.example.org", tenantURLs)
        host("*.cdn.example.net", URLs { path("<path:file>", text, name: "file") })
        host(".example.com", URLs { path("", { _ in Response("com") }, name: "com") })
        path("", { _ in Response("main") }, name: "main")
        path("about/", { _ in Response("about") }, name: "about")
        path("links/", { request in Response(try Self.links(request)) }, name: "links")
        path("write/", { _ in Response("main write") }, name: "main-write")
    }

    @Sendable private static func links(_ request: Request) throws -> String {
        try [
            request.reverse("api:post", 1), request.reverse("tenant:home", "ann"), request.reverse("about"),
            request.reverse("com"), request.reverse("admin"),
        ].joined(separator: " ")
    }

    private static func get(
        _ host: String?, _ path: String, method: HTTPMethod = .get, port: String = "", body: String = "",
        encrypted: Bool = false, middleware: [any Middleware] = [], fields: [(HeaderName, String)] = []
    ) async throws -> Response {
        var headers = Headers()
        if let host { try headers.add(.host, host) }
        for (name, value) in fields { try headers.add(name, value) }
        let request = Request.make(method, path, headers: headers, body: body)
        return try await Dispatcher(try RouteTable(site), middleware: middleware).handler(request)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let host: String?
        let path: String
        var status = HTTPStatus.ok
        let answer: String
    }

    static let cases = [
        Case(testDescription: "a host of its own", host: "api.example.org", path: "/", answer: "api"),
        Case(testDescription: "at any port", host: "api.example.org:8000", path: "/posts/4/", answer: "api 4"),
        Case(testDescription: "in capitals, with a dot", host: "API.Example.ORG.", path: "/", answer: "api"),
        Case(testDescription: "at one port", host: "admin.example.org:8443", path: "/", answer: "admin"),
        Case(
            testDescription: "at another port it is a tenant", host: "admin.example.org", path: "/",
            answer: "tenant admin"),
        Case(testDescription: "a parameter", host: "ann.example.org", path: "/", answer: "tenant ann"),
        Case(testDescription: "two labels for a parameter", host: "a.b.example.org", path: "/", answer: "main"),
        Case(testDescription: "the parent", host: "example.org", path: "/", answer: "main"),
        Case(testDescription: "an address", host: "[::1]:8000", path: "/", answer: "loopback"),
        Case(testDescription: "every host below", host: "a.b.cdn.example.net", path: "/x/y.css", answer: "x/y.css"),
        Case(
            testDescription: "but not the host itself", host: "cdn.example.net", path: "/x", status: .notFound,
            answer: "There is no page at '/x' on 'cdn.example.net'."),
        Case(testDescription: "a host and all below: itself", host: "example.com", path: "/", answer: "com"),
        Case(testDescription: "a host and all below: below", host: "a.b.example.com", path: "/", answer: "com"),
        Case(testDescription: "only alike", host: "notexample.com", path: "/", answer: "main"),
        Case(testDescription: "an unknown host gets what has no host", host: "evil.test", path: "/", answer: "main"),
        Case(
            testDescription: "what has no host is on every host", host: "api.example.org", path: "/about/",
            answer: "about"),
        Case(
            testDescription: "a table that has no such path", host: "api.example.org", path: "/x/", status: .notFound,
            answer: "There is no page at '/x/' on 'api.example.org'."),
        Case(testDescription: "no host", host: nil, path: "/", answer: "main"),
        Case(
            testDescription: "no host and no page", host: nil, path: "/x/", status: .badRequest,
            answer: "The request has no Host."),
        Case(
            testDescription: "a host that is none", host: "a b", path: "/x/", status: .badRequest,
            answer: "The Host \"a b\" is no host name with a port."),
        Case(
            testDescription: "an empty label", host: ".example.org", path: "/x/", status: .notFound,
            answer: "There is no page at '/x/' on '.example.org'."),
    ]

    @Test(arguments: cases)
    func `a request goes to the table of its host`(_ example: Case) async throws {
        let headers = try Headers(["Accept": "application/json"])
        let response = try await Self.get(example.host, example.path, fields: headers.map { ($0.name, $0.value) })
        #expect(response.status == example.status)
        if example.status == .ok {
            #expect(response.text == example.answer)
        } else {
            #expect((response.storage[ResponseError.self] as? HTTPError)?.message == example.answer)
        }
    }

    @Test func `an unknown host is refused by the allowed hosts`() async throws {
        let layers: [any Middleware] = [AllowedHosts([".example.org"])]
        #expect(try await Self.get("api.example.org", "/", middleware: layers).text == "api")
        #expect(try await Self.get("evil.test", "/", middleware: layers).status == .badRequest)
    }

    @Test(arguments: [
        ("api.example.org", true), ("ann.tenants.example.org", true), ("example.org", false),
        ("tenants.example.org", false),
    ])
    func `a host says in which form its errors are told`(_ name: String, _ isJSON: Bool) async throws {
        let urls = URLs { path("a/", empty) }
        let table = try RouteTable(
            URLs {
                host("api.example.org", urls).errors(as: .json)
                host("<slug:tenant>.tenants.example.org", URLs { path("a/", text) }).errors(as: .json)
                path("b/", empty)
            })
        let request = Request.make(.get, "/none/", headers: try Headers(["Host": name]))
        let response = try await Dispatcher(table).handler(request)
        #expect(response.status == .notFound)
        #expect(response.headers[.contentType]?.hasPrefix(isJSON ? "application/json" : "text/html") == true)
    }

    @Test func `a missing slash is appended on the same host`() async throws {
        let response = try await Self.get("api.example.org", "/posts/4")
        #expect(response.status == .movedPermanently)
        #expect(response.headers[.location] == "/posts/4/")
        #expect(try await Self.get("example.org", "/posts/4").status == .notFound)
    }

    struct Link: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let host: String
        let links: [String]
    }

    // api:post, tenant:home of ann, about, com, admin
    static let links = [
        Link(
            testDescription: "from another host", host: "example.org",
            links: [
                "http://api.example.org/posts/1/", "http://ann.example.org/", "/about/", "http://example.com/",
                "http://admin.example.org:8443/",
            ]),
        Link(
            testDescription: "at a port", host: "localhost:8000",
            links: [
                "http://api.example.org:8000/posts/1/", "http://ann.example.org:8000/", "/about/",
                "http://example.com:8000/", "http://admin.example.org:8443/",
            ]),
        Link(
            testDescription: "from the tenant's own host", host: "ann.example.org",
            links: [
                "http://api.example.org/posts/1/", "/", "/about/", "http://example.com/",
                "http://admin.example.org:8443/",
            ]),
        Link(
            testDescription: "from another tenant's", host: "bob.example.org",
            links: [
                "http://api.example.org/posts/1/", "http://ann.example.org/", "/about/", "http://example.com/",
                "http://admin.example.org:8443/",
            ]),
    ]

    @Test(arguments: links)
    func `a link to another host is a whole URL`(_ example: Link) async throws {
        #expect(try await Self.get(example.host, "/links/").text == example.links.joined(separator: " "))
    }

    @Test func `the parameters of the page's own host need not be said`() async throws {
        #expect(try await Self.get("ann.example.org", "/posts/4/").text == "/posts/5/")
    }

    @Test func `without a request a link begins with its host`() throws {
        let table = try RouteTable(Self.site)
        #expect(try table.reverse("api:post", 7, query: ["a": 1]) == "//api.example.org/posts/7/?a=1")
        #expect(try table.reverse("tenant:post", ["tenant": "ann", "id": 7]) == "//ann.example.org/posts/7/")
        #expect(try table.reverse("admin") == "//admin.example.org:8443/")
        #expect(try table.reverse("about") == "/about/")
    }

    @Test(arguments: [
        (
            "tenant:home", "a.evil.test/",
            "'tenant:home' cannot be reversed with 'a.evil.test/'. It stands for '//<slug:tenant>.example.org/'."
        ),
        (
            "tenant:home", "a_b",
            "'tenant:home' cannot be reversed with 'a_b'. It stands for '//<slug:tenant>.example.org/'."
        ),
        (
            "file", "x",
            "'file' cannot be reversed here: it answers on every host of '*.cdn.example.net', and this page is on none. "
                + "Use a parameter in the place of the '*'."
        ),
    ])
    func `a value never leads to another host`(_ name: String, _ value: String, _ message: String) throws {
        let error = try #require(throws: ReverseError.self) { try RouteTable(Self.site).reverse(name, value) }
        #expect(error.description == message)
    }

    struct Proxy: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let proxies: [String]
        var usesForwardedHost = true
        let answer: String
        let route: String
    }

    static let proxies = [
        Proxy(
            testDescription: "a trusted proxy tells the host", proxies: ["127.0.0.1"], answer: "written",
            route: "api:write"),
        Proxy(
            testDescription: "a proxy that is not asked for the host", proxies: ["127.0.0.1"], usesForwardedHost: false,
            answer: "main write", route: "main-write"),
        Proxy(
            testDescription: "somebody else is not believed", proxies: ["10.0.0.1"], answer: "main write",
            route: "main-write"),
    ]

    /// Tells the route that a layer sees, on the way in.
    struct Witness: Middleware {
        let name: String
        func respond(to request: Request, next: Handler) async throws -> Response {
            let isExempt = request.route?.storage[CSRFExemption.self] == true
            var response = try await next(request)
            try response.headers.add(HeaderName(unchecked: "X-\(name)"), "\(request.route?.name ?? "-") \(isExempt)")
            return response
        }
    }

    @Test(arguments: proxies)
    func `the host that a trusted proxy tells decides, also for the layers inside`(_ example: Proxy) async throws {
        let settings = ForwardedSettings(
            proxies: example.proxies.compactMap(AddressRange.init), usesForwardedHost: example.usesForwardedHost)
        let response = try await Self.get(
            "internal.example", "/write/", method: .post,
            middleware: [Witness(name: "Outer"), ForwardedHeaders(settings), Witness(name: "Inner")],
            fields: [(.xForwardedHost, "api.example.org")])
        #expect(response.text == example.answer)
        #expect(response.route?.name == example.route)
        #expect(response.headers[HeaderName(unchecked: "X-Outer")] == "main-write false")
        #expect(
            response.headers[HeaderName(unchecked: "X-Inner")] == "\(example.route) \(example.route == "api:write")")
    }

    @Test func `the body limit is that of the route that answers`() async throws {
        let settings = ForwardedSettings(proxies: ["127.0.0.1"].compactMap(AddressRange.init), usesForwardedHost: true)
        func answer(_ host: String, forwarded: String) async throws -> HTTPStatus {
            try await Self.get(
                host, "/write/", method: .post, body: "1234", middleware: [ForwardedHeaders(settings)],
                fields: [(.xForwardedHost, forwarded)]
            ).status
        }
        #expect(try await answer("example.org", forwarded: "api.example.org") == .contentTooLarge)
        #expect(try await answer("api.example.org", forwarded: "example.org") == .ok)
    }

    struct Disguise: Middleware {
        func respond(to request: Request, next: Handler) async throws -> Response {
            var request = request
            request.believe(
                ForwardedSettings(proxies: ["127.0.0.1"].compactMap(AddressRange.init), usesForwardedHost: true))
            return try await next(request)
        }
    }

    @Test func `a layer that changes the host without saying so is an error, not another view`() async throws {
        let response = try await Self.get(
            "example.org", "/write/", middleware: [Disguise()], fields: [(.xForwardedHost, "api.example.org")])
        #expect(response.status == .internalServerError)
        let error = try #require(response.storage[ResponseError.self])
        #expect("\(error)".contains("Let the layer conform to ChangesHost."))
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let pattern: String
        let message: String
    }

    static let mistakes = [
        Mistake(
            testDescription: "a slash", pattern: "example.org/",
            message: "The pattern 'example.org/' has the label 'org/', which no host has."),
        Mistake(
            testDescription: "an empty label", pattern: "a..b",
            message: "The pattern 'a..b' has the label '', which no host has."),
        Mistake(
            testDescription: "nothing", pattern: "", message: "The pattern '' has the label '', which no host has."),
        Mistake(
            testDescription: "a star in the middle", pattern: "a.*.org",
            message: "The pattern 'a.*.org' has the label '*', which no host has."),
        Mistake(
            testDescription: "a part of a label", pattern: "<slug:a>-x.org",
            message: "The pattern '<slug:a>-x.org' has the label '<slug:a>-x', which no host has."),
        Mistake(
            testDescription: "a port that is none", pattern: "a.org:http",
            message: "The pattern 'a.org:http' has the port 'http'."),
    ]

    @Test(arguments: mistakes)
    func `a host that is none is found when the table is built`(_ example: Mistake) {
        let problems = RouteTable.problems(in: URLs { host(example.pattern, URLs { path("", empty) }) })
        #expect(problems.map(\.id) == ["urls.E001"])
        #expect(problems.first?.message == example.message)
    }

    @Test func `a host belongs to the root`() {
        let inner = URLs { host("a.org", URLs { path("", empty) }) }
        #expect(RouteTable.problems(in: URLs { include("", inner) }).isEmpty)
        #expect(RouteTable.problems(in: URLs { include("a/", inner) }).map(\.id) == ["urls.E012"])
        #expect(RouteTable.problems(in: URLs { host("b.org", inner) }).map(\.id) == ["urls.E012"])
    }

    @Test func `the parameters of a host are compared with the view`() {
        let problems = RouteTable.problems(
            in: URLs { host("<slug:tenant>.example.org", URLs { path("<int:id>/", one) }) })
        #expect(problems.map(\.id) == ["urls.E005", "urls.E004"])
        let types = RouteTable.problems(in: URLs { host("<int:n>.example.org", URLs { path("", text) }) })
        #expect(
            types.first?.message
                == "The pattern '//<int:n>.example.org/' has '<int:n>', but the view takes String there.")
    }

    struct Shadow: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let first: Route
        let second: Route
        let isHidden: Bool
    }

    private static func tenant(_ pattern: String) -> Route {
        host(pattern, URLs { path("a/", text) })
    }

    static let shadows = [
        Shadow(
            testDescription: "a route of any host before it", first: path("a/", empty),
            second: host("b.org", URLs { path("a/", empty) }), isHidden: true),
        Shadow(
            testDescription: "a route of any host behind it", first: host("b.org", URLs { path("a/", empty) }),
            second: path("a/", empty), isHidden: false),
        Shadow(
            testDescription: "another host", first: host("c.org", URLs { path("a/", empty) }),
            second: host("b.org", URLs { path("a/", empty) }), isHidden: false),
        Shadow(
            testDescription: "the same host twice", first: host("b.org", URLs { path("<x>/", text) }),
            second: host("B.org", URLs { path("a/", empty) }), isHidden: true),
        Shadow(
            testDescription: "a pattern that the host matches", first: tenant("<slug:x>.b.org"),
            second: host("a.b.org", URLs { path("a/", empty) }), isHidden: true),
        Shadow(
            testDescription: "a pattern behind the host", first: host("a.b.org", URLs { path("a/", empty) }),
            second: tenant("<slug:x>.b.org"), isHidden: false),
    ]

    @Test(arguments: shadows)
    func `a route that its host never reaches is found`(_ example: Shadow) {
        let problems = RouteTable.problems(
            in: URLs {
                example.first
                example.second
            })
        #expect(problems.map(\.id) == (example.isHidden ? ["urls.E007"] : []))
    }
}
