import MartletHTTP
import MartletRouting
import MartletValues
import Testing

@Suite struct ProblemTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let urls: URLs
        let id: String
        let message: String
    }

    static let cases = [
        Case(
            testDescription: "a slash at the beginning", urls: URLs { path("/a/", empty) }, id: "urls.E001",
            message: "The pattern '/a/' begins with '/'."),
        Case(
            testDescription: "an open bracket", urls: URLs { path("a/<int:b/", one) }, id: "urls.E001",
            message: "The pattern 'a/<int:b/' has an unmatched '<'."),
        Case(
            testDescription: "a closing bracket", urls: URLs { path("a/b>/", empty) }, id: "urls.E001",
            message: "The pattern 'a/b>/' has an unmatched '>'."),
        Case(
            testDescription: "white space in brackets", urls: URLs { path("a/<str: b>/", text) }, id: "urls.E001",
            message: "The pattern 'a/<str: b>/' has white space in '<str: b>'."),
        Case(
            testDescription: "a name that is no identifier", urls: URLs { path("a/<int:1b>/", one) }, id: "urls.E001",
            message: "The pattern 'a/<int:1b>/' has a parameter '<int:1b>' whose name '1b' is no identifier."),
        Case(
            testDescription: "an unknown converter", urls: URLs { path("foo/<nonexistent:var>/", text) },
            id: "urls.E002",
            message: "The pattern 'foo/<nonexistent:var>/' uses the converter 'nonexistent', which nothing defines."),
        Case(
            testDescription: "a parameter twice, once in a prefix",
            urls: URLs { include("<int:a>/", URLs { path("<int:a>/", { (_, _: Int, _: Int) in Response("") }) }) },
            id: "urls.E003", message: "The pattern '<int:a>/<int:a>/' has the parameter 'a' twice."),
        Case(
            testDescription: "a parameter that the view does not take", urls: URLs { path("a/<int:b>/", empty) },
            id: "urls.E004", message: "The pattern 'a/<int:b>/' has the parameters b, but the view takes none."),
        Case(
            testDescription: "a parameter that the pattern does not have", urls: URLs { path("a/", one) },
            id: "urls.E004", message: "The pattern 'a/' has no parameter, but the view takes Int."),
        Case(
            testDescription: "another type", urls: URLs { path("a/<slug:b>/", one) }, id: "urls.E005",
            message: "The pattern 'a/<slug:b>/' has '<slug:b>', but the view takes Int there."),
        Case(
            testDescription: "a colon in a name", urls: URLs { path("a/", empty, name: "a:b") }, id: "urls.E008",
            message: "The name 'a:b' has a ':', which separates namespaces."),
    ]

    @Test(arguments: cases)
    func `a mistake is found when the table is built`(_ example: Case) throws {
        let error = try #require(throws: RouteTableError.self) { try RouteTable(example.urls) }
        #expect(error.problems.map(\.id) == [example.id])
        #expect(error.problems.first?.message == example.message)
        #expect(error.problems.first?.file == "MartletRoutingTests/ProblemTests.swift")
        #expect(error.problems.allSatisfy { !$0.remedy.isEmpty && $0.line > 10 })
    }

    @Test func `all mistakes are told at once, with file and line`() throws {
        let urls = URLs {
            path("a/<int:b>/", empty, line: 100)
            path("x/", empty, name: "x", line: 200)
            path("y/", empty, name: "x", line: 300)
        }
        let error = try #require(throws: RouteTableError.self) { try RouteTable(urls) }
        #expect(error.problems.map(\.line) == [100, 300])
        #expect(
            error.description.hasPrefix(
                """
                The URL table has 2 problems:
                MartletRoutingTests/ProblemTests.swift:100: error urls.E004: The pattern 'a/<int:b>/' has the parameters b
                """))
        #expect(
            error.description.contains("The name 'x' is taken by 'x/' (MartletRoutingTests/ProblemTests.swift:200)"))
    }

    @Test func `one name may stand for patterns with different numbers of parameters`() throws {
        let table = try RouteTable(
            URLs {
                path("archive/", empty, name: "archive")
                path("archive/<int:year>/", one, name: "archive")
            })
        #expect(try table.reverse("archive") == "/archive/")
        #expect(try table.reverse("archive", 2026) == "/archive/2026/")
    }

    struct Shadow: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let first: Route
        let second: Route
        let isHidden: Bool
    }

    enum Kind: String, PathParameter { case new, old }

    static let shadows = [
        Shadow(
            testDescription: "the same pattern", first: path("a/", empty), second: path("a/", empty), isHidden: true),
        Shadow(
            testDescription: "a text behind a slug", first: path("p/<slug:s>/", text), second: path("p/new/", empty),
            isHidden: true),
        Shadow(
            testDescription: "a text before a slug", first: path("p/new/", empty), second: path("p/<slug:s>/", text),
            isHidden: false),
        Shadow(
            testDescription: "a number behind a str", first: path("<a>/", text), second: path("<int:n>/", one),
            isHidden: true),
        Shadow(
            testDescription: "a str behind a number", first: path("<int:n>/", one), second: path("<a>/", text),
            isHidden: false),
        Shadow(
            testDescription: "everything behind path", first: path("<path:p>", text),
            second: path("a/<int:n>/b/", one), isHidden: true),
        Shadow(
            testDescription: "only texts with a final slash behind path", first: path("<path:p>/", text),
            second: path("a/<int:n>", one), isHidden: false),
        Shadow(testDescription: "a text that is no shortuuid", isHidden: false, of: "new"),
        Shadow(
            testDescription: "a type that refuses most", first: path("<k>/", { (_, _: Kind) in Response("") }),
            second: path("<a>/", text), isHidden: false),
        Shadow(
            testDescription: "a text that this type takes", first: path("<k>/", { (_, _: Kind) in Response("") }),
            second: path("old/", empty), isHidden: true),
        Shadow(
            testDescription: "the same type", first: path("<k>/", { (_, _: Kind) in Response("") }),
            second: path("<l>/", { (_, _: Kind) in Response("") }), isHidden: true),
    ]

    @Test(arguments: shadows)
    func `a route that is never reached is found`(_ example: Shadow) {
        let problems = RouteTable.problems(
            in: URLs {
                example.first
                example.second
            })
        #expect(problems.map(\.id) == (example.isHidden ? ["urls.E007"] : []))
        #expect(problems.allSatisfy { $0.message.contains("'\(example.first.pattern)'") })
    }
}

extension ProblemTests.Shadow {
    fileprivate init(testDescription: String, isHidden: Bool, of text: String) {
        self.init(
            testDescription: testDescription,
            first: path("posts/<shortuuid:id>/", { (_, _: ShortUUID) in Response("") }),
            second: path("posts/\(text)/", empty), isHidden: isHidden)
    }
}

/// Namespaces that are of no use, or of two uses.
@Suite struct NamespaceProblemTests {
    private static let polls = URLs(namespace: "polls") { path("", empty, name: "index") }
    private static let nameless = URLs(namespace: "nameless") { path("", empty) }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let urls: URLs
        let problems: [String]
    }

    // tests/check_framework/test_urls.py, CheckUniqueNamespaces
    static let cases = [
        Case(
            testDescription: "two instances",
            urls: URLs {
                include("a/", polls, namespace: "a")
                include("b/", polls, namespace: "b")
            }, problems: []),
        Case(
            testDescription: "the same name in two namespaces",
            urls: URLs {
                include("a/", URLs { include("polls/", polls) }, namespace: "a")
                include("b/", URLs { include("polls/", polls) }, namespace: "b")
            }, problems: []),
        Case(
            testDescription: "a namespace twice",
            urls: URLs {
                include("a/", polls)
                include("b/", URLs(namespace: "polls") { path("other/", empty, name: "other") })
            },
            problems: [
                "urls.W004 The namespace 'polls' is used by 'a/' (MartletRoutingTests/ProblemTests.swift:1) already: "
                    + "their names are mixed."
            ]),
        Case(
            testDescription: "no name",
            urls: URLs { include("a/", nameless) },
            problems: ["urls.W003 The namespace 'nameless' is unused: no route in it has a name."]),
        Case(
            testDescription: "no name in an instance",
            urls: URLs { include("a/", URLs { path("", empty) }, namespace: "instance") },
            problems: ["urls.W003 The namespace 'instance' is unused: no route in it has a name."]),
        Case(
            testDescription: "no name in a namespace in a namespace",
            urls: URLs {
                include(
                    "a/",
                    URLs(namespace: "outer") {
                        path("", empty, name: "index")
                        include("b/", nameless)
                    })
            },
            problems: ["urls.W003 The namespace 'outer:nameless' is unused: no route in it has a name."]),
        Case(
            testDescription: "a host without names",
            urls: URLs { host("a.org", nameless) },
            problems: ["urls.W003 The namespace 'nameless' is unused: no route in it has a name."]),
    ]

    @Test(arguments: cases)
    func `a namespace that misleads is a warning`(_ example: Case) throws {
        let found = RouteTable.problems(in: example.urls)
        let messages = found.map { "\($0.id) \($0.message)".replacing(/swift:\d+/, with: "swift:1") }
        #expect(messages == example.problems)
        #expect(
            found.allSatisfy { $0.isWarning && $0.file == "MartletRoutingTests/ProblemTests.swift" && $0.line > 100 })
        // A warning keeps no site from starting.
        _ = try RouteTable(example.urls)
    }
}
