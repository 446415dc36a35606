import MartletHTTP
import MartletRouting
import Testing

/// Expectations of Django's tests/urlpatterns_reverse, NamespaceTests.
@Suite struct NamespaceTests {
    private static let table = try? RouteTable(namespaceURLs(depth: 0))

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let name: String
        var arguments: [Int] = []
        var named: [String: Int] = [:]
        var currentApp: String?
        let path: String?

        init(
            _ testDescription: String, _ name: String, _ arguments: [Int] = [], named: [String: Int] = [:],
            currentApp: String? = nil, gives path: String?
        ) {
            self.testDescription = testDescription
            self.name = name
            self.arguments = arguments
            self.named = named
            self.currentApp = currentApp
            self.path = path
        }
    }

    static let cases = [
        Case("a name below a namespace needs it", "urlobject-view", gives: nil),
        Case("also with arguments", "urlobject-view", [37, 42], gives: nil),
        Case("a namespace that does not exist", "blahblah:urlobject-view", gives: nil),
        Case("a namespace that does not exist in another", "test-ns1:blahblah:urlobject-view", gives: nil),
        Case("an empty namespace", ":urlobject-view", gives: nil),
        Case("an empty name", "test-ns1:", gives: nil),
        Case("a plain name", "normal-view", gives: "/normal/"),
        Case("a plain name in order", "normal-view", [37, 42], gives: "/normal/37/42/"),
        Case("a plain name by name", "normal-view", named: ["arg1": 42, "arg2": 37], gives: "/normal/42/37/"),
        Case("special characters", "special-view", gives: "/+%5C$*/"),
        Case("an application", "included_namespace_urls:inc-normal-view", gives: "/included/normal/"),
        Case(
            "an application in order", "included_namespace_urls:inc-normal-view", [37, 42],
            gives: "/included/normal/37/42/"),
        Case("an instance", "test-ns1:urlobject-view", gives: "/test1/inner/"),
        Case("an instance in order", "test-ns1:urlobject-view", [37, 42], gives: "/test1/inner/37/42/"),
        Case(
            "an instance by name", "test-ns1:urlobject-view", named: ["arg1": 42, "arg2": 37],
            gives: "/test1/inner/42/37/"),
        Case("an instance of another application", "new-ns1:urlobject-view", gives: "/newapp1/inner/"),
        Case("the instance called like the application", "newapp:urlobject-view", gives: "/new-default/inner/"),
        Case(
            "an instance in an application", "included_namespace_urls:test-ns3:urlobject-view",
            gives: "/included/test3/inner/"),
        Case("a table included under a namespace", "inc-ns1:inc-normal-view", gives: "/ns-included1/normal/"),
        Case("a parameter in the prefix", "inc-outer:inc-normal-view", [42], gives: "/ns-outer/42/normal/"),
        Case(
            "a parameter in the prefix by name", "inc-outer:inc-normal-view",
            named: ["outer": 42, "arg1": 37, "arg2": 4], gives: "/ns-outer/42/normal/37/4/"),
        Case("namespaces in namespaces", "inc-ns1:test-ns3:urlobject-view", gives: "/ns-included1/test3/inner/"),
        Case(
            "deeper", "inc-ns1:inc-ns4:inc-ns1:test-ns3:urlobject-view", [37, 42],
            gives: "/ns-included1/ns-included4/ns-included1/test3/inner/37/42/"),
        Case("an application with a default instance", "testapp:urlobject-view", gives: "/default/inner/"),
        Case(
            "the default, where the page is in no instance of this level", "testapp:urlobject-view",
            currentApp: "test-ns3", gives: "/default/inner/"),
        Case(
            "an application without a default: the last instance", "nodefault:urlobject-view", gives: "/other2/inner/"),
        Case(
            "the instance of the page", "nodefault:urlobject-view", currentApp: "other-ns1", gives: "/other1/inner/"),
        Case(
            "the instance of the page, in order", "nodefault:urlobject-view", [37, 42], currentApp: "other-ns1",
            gives: "/other1/inner/37/42/"),
        Case("an application in an instance", "inc-ns1:testapp:urlobject-view", gives: "/ns-included1/test4/inner/"),
        Case(
            "the instance of the page, deeper", "inc-ns1:testapp:urlobject-view", currentApp: "inc-ns1:test-ns3",
            gives: "/ns-included1/test3/inner/"),
        Case(
            "the page is in another branch", "inc-ns1:testapp:urlobject-view", currentApp: "inc-ns2:test-ns3",
            gives: "/ns-included1/test4/inner/"),
        Case(
            "the page is deeper than the name", "testapp:urlobject-view", currentApp: "test-ns1:more:still",
            gives: "/test1/inner/"),
        Case("a prefix with a parameter", "inc-ns5:inner-nothing", [70], gives: "/inc70/"),
    ]

    @Test(arguments: cases)
    func `a name is found by instance and by application`(_ example: Case) throws {
        let table = try #require(Self.table)
        let made: String?
        if example.named.isEmpty {
            made = try? Self.reverse(table, example)
        } else {
            made = try? table.reverse(example.name, example.named, currentApp: example.currentApp)
        }
        #expect(made == example.path)
    }

    private static func reverse(_ table: RouteTable, _ example: Case) throws -> String {
        let values = example.arguments
        return switch values.count {
        case 0: try table.reverse(example.name, currentApp: example.currentApp)
        case 1: try table.reverse(example.name, values[0], currentApp: example.currentApp)
        default: try table.reverse(example.name, values[0], values[1], currentApp: example.currentApp)
        }
    }

    @Test func `a request reverses to the instance that it is in, unless told otherwise`() async throws {
        let polls = URLs(namespace: "polls") {
            path("", { request in Response(try request.reverse("polls:detail", 7)) }, name: "index")
            path("other/", { Response(try $0.reverse("polls:detail", 7, currentApp: "publisher")) }, name: "other")
            path("<int:number>/", one, name: "detail")
        }
        let table = try RouteTable(
            URLs {
                path("", { request in Response(try request.reverse("polls:detail", 7)) })
                include("author/", polls, namespace: "author")
                include("publisher/", polls, namespace: "publisher")
            })
        let handler = Dispatcher(table).handler
        #expect(try await handler(.get("/author/")).text == "/author/7/")
        #expect(try await handler(.get("/publisher/")).text == "/publisher/7/")
        #expect(try await handler(.get("/author/other/")).text == "/publisher/7/")
        #expect(try await handler(.get("/")).text == "/publisher/7/")
    }

    @Test func `a route knows its namespaces`() throws {
        let table = try #require(Self.table)
        let route = try #require(table.match("/ns-included1/test3/inner/")?.info)
        #expect(route.name == "inc-ns1:test-ns3:urlobject-view")
        #expect(route.namespaces == ["inc-ns1", "test-ns3"])
        #expect(route.appNames == ["included_namespace_urls", "testapp"])
        #expect(table.match("/ns-outer/4/normal/1/2/")?.info.parameterNames == ["outer", "arg1", "arg2"])
    }
}

@Sendable private func two(_ request: Request, _ a: Int, _ b: Int) async throws -> Response { Response("") }
@Sendable private func three(_ request: Request, _ a: Int, _ b: Int, _ c: Int) async throws -> Response { Response("") }

/// tests/urlpatterns_reverse/utils.py, URLObject.
private func object(_ app: String, under prefixes: Int = 0) -> URLs {
    URLs(namespace: app) {
        if prefixes == 0 {
            path("inner/", empty, name: "urlobject-view")
            path("inner/<int:arg1>/<int:arg2>/", two, name: "urlobject-view")
        } else {
            path("inner/", one, name: "urlobject-view")
            path("inner/<int:arg1>/<int:arg2>/", three, name: "urlobject-view")
        }
    }
}

/// tests/urlpatterns_reverse/included_namespace_urls.py, below a number of prefixes with a parameter.
private func includedURLs(depth: Int, under prefixes: Int = 0) -> URLs {
    URLs(namespace: "included_namespace_urls") {
        if prefixes == 0 {
            path("normal/", empty, name: "inc-normal-view")
            path("normal/<int:arg1>/<int:arg2>/", two, name: "inc-normal-view")
        } else {
            path("normal/", one, name: "inc-normal-view")
            path("normal/<int:arg1>/<int:arg2>/", three, name: "inc-normal-view")
        }
        include("test3/", object("testapp", under: prefixes), namespace: "test-ns3")
        include("test4/", object("testapp", under: prefixes), namespace: "test-ns4")
        if depth < 2, prefixes == 0 {
            include("ns-included4/", namespaceURLs(depth: depth + 1), namespace: "inc-ns4")
        }
    }
}

/// tests/urlpatterns_reverse/namespace_urls.py; where Django's includes itself, to some depth.
private func namespaceURLs(depth: Int) -> URLs {
    URLs {
        path("normal/", empty, name: "normal-view")
        path("normal/<int:arg1>/<int:arg2>/", two, name: "normal-view")
        path("+\\$*/", empty, name: "special-view")
        include("test1/", object("testapp"), namespace: "test-ns1")
        include("test2/", object("testapp"), namespace: "test-ns2")
        include("default/", object("testapp"))
        include("other1/", object("nodefault"), namespace: "other-ns1")
        include("other2/", object("nodefault"), namespace: "other-ns2")
        include("newapp1/", object("newapp"), namespace: "new-ns1")
        include("new-default/", object("newapp"))
        include("ns-included1/", includedURLs(depth: depth), namespace: "inc-ns1")
        include("ns-included2/", includedURLs(depth: 2), namespace: "inc-ns2")
        include("included/", includedURLs(depth: 2))
        include(
            "inc<int:outer>/", URLs(namespace: "included_urls") { path("", one, name: "inner-nothing") },
            namespace: "inc-ns5")
        include("ns-outer/<int:outer>/", includedURLs(depth: 2, under: 1), namespace: "inc-outer")
    }
}
