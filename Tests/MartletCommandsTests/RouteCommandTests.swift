import FoundationEssentials
import MartletCommands
import MartletHTTP
import MartletJSON
import MartletRouting
import MartletSite
import Testing

@Suite struct RouteCommandTests {
    private static let view: Handler = { _ in Response("") }

    private static let blogURLs = URLs(namespace: "blog") {
        path("", view, name: "list", file: "Blog/URLs.swift", line: 3)
        path(
            "posts/<int:id>/", { (_, _: Int) in Response("") }, name: "post", file: "Blog/URLs.swift", line: 4
        ).methods(.get, .post).cached(for: .seconds(60)).csrfExempt()
        rePath(/old\/(\d+)\//, { (_, _: Int) in Response("") }, file: "Blog/URLs.swift", line: 5)
    }

    private func manage(_ line: String..., urls: URLs, template: String? = nil) async throws -> CommandResult {
        let desk = try CommandSite()
        var site = desk.site
        site.urls = urls
        if let template {
            try Data(template.utf8).write(to: desk.folder.appendingPathComponent("page.html"))
            site.templates = ["."]
        }
        return await desk.manage(line, of: site)
    }

    private static let site = URLs {
        host("api.example.org", URLs { path("", view, file: "Site/URLs.swift", line: 20) }).bodyLimit(9)
        include("blog/", blogURLs)
    }

    @Test func `showurls prints the routes in columns`() async throws {
        let result = try await manage("showurls", urls: Self.site)
        #expect(result.status == 0)
        #expect(
            result.output == #"""
                METHODS   PATH                   NAME       DECLARED AT         MODIFIERS
                any       //api.example.org/     -          Site/URLs.swift:20  bodyLimit(9)
                any       /blog/                 blog:list  Blog/URLs.swift:3
                GET,POST  /blog/posts/<int:id>/  blog:post  Blog/URLs.swift:4   cached(60 s), csrfExempt
                any       /blog/old/(\d+)/       -          Blog/URLs.swift:5
                """#)
    }

    @Test func `showurls speaks to programs, too`() async throws {
        let result = try await manage("showurls", "--json", urls: Self.site)
        let entries = try JSON.parse(result.output)
        #expect(
            entries[2]
                == [
                    "methods": ["GET", "POST"], "pattern": "/blog/posts/<int:id>/", "parameters": ["id"],
                    "name": "blog:post", "file": "Blog/URLs.swift", "line": 4,
                    "modifiers": ["cached(60 s)", "csrfExempt"],
                ])
    }

    @Test func `showurls of a site without routes says so`() async throws {
        #expect(try await manage("showurls", urls: URLs {}).output == "The site has no routes.")
        #expect(try await manage("showurls", "all", urls: URLs {}).status == 2)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var urls = RouteCommandTests.site
        var template = ""
        let line: String?
    }

    static let cases = [
        Case(testDescription: "nothing is wrong", template: "{% url 'blog:post' 3 %}{% url 'blog:list' %}", line: nil),
        Case(testDescription: "by name", template: "{% url 'blog:post' id=3 %}", line: nil),
        Case(
            testDescription: "a view that takes no parameter",
            urls: URLs { path("a/<int:b>/", view, file: "Blog/URLs.swift", line: 12) },
            line:
                "Blog/URLs.swift:12: error urls.E004: The pattern 'a/<int:b>/' has the parameters b, but the view takes "
                + "none. Give the view one argument for each parameter after the request, in the order of the pattern."),
        Case(
            testDescription: "a name twice",
            urls: URLs {
                path("a/", view, name: "a", file: "Blog/URLs.swift", line: 12)
                path("b/", view, name: "a", file: "Blog/URLs.swift", line: 13)
            },
            line:
                "Blog/URLs.swift:13: error urls.E006: The name 'a' is taken by 'a/' (Blog/URLs.swift:12) with as many "
                + "parameters (0), so it cannot be reversed. Rename one of them, or include one table under another "
                + "namespace."),
        Case(
            testDescription: "a route that is never reached",
            urls: URLs {
                path("<slug:s>/", { (_, _: String) in Response("") }, file: "Blog/URLs.swift", line: 12)
                path("new/", view, file: "Blog/URLs.swift", line: 13)
            },
            line: "Blog/URLs.swift:13: error urls.E007: The pattern 'new/' is never reached: '<slug:s>/' "
                + "(Blog/URLs.swift:12) matches everything that it matches, and comes first. Declare this route before "
                + "that one, or remove it. Views that differ only in the method are one view that looks at "
                + "request.method."),
        Case(
            testDescription: "a namespace of no use",
            urls: URLs {
                include("a/", URLs(namespace: "n") { path("", view) }, file: "Blog/URLs.swift", line: 12)
            },
            line: "Blog/URLs.swift:12: warning urls.W003: The namespace 'n' is unused: no route in it has a name. "
                + "Name the routes that others link to, or remove the namespace."),
        Case(
            testDescription: "a slash at the beginning",
            urls: URLs { path("/a/", view, file: "Blog/URLs.swift", line: 12) },
            line:
                "Blog/URLs.swift:12: error urls.E001: The pattern '/a/' begins with '/'. Remove the slash: patterns are "
                + "relative to the root or to the prefix they are included under."),
        Case(
            testDescription: "a template that names no route", template: "\n{% url 'blog:posts' %}",
            line:
                "page.html, line 2: error templates.E002: no route is named 'blog:posts'. Did you mean 'blog:post'? Correct "
                + "the name, or name the route so."),
        Case(
            testDescription: "a template with an argument too few", template: "{% url 'blog:post' %}",
            line:
                "page.html, line 1: error templates.E003: 'blog:post' cannot be reversed with no arguments. It stands for "
                + "'blog/posts/<int:id>/'. Give one argument for each parameter, all by name or all in order."),
        Case(
            testDescription: "a template with another name", template: "{% url 'blog:post' pk=3 %}",
            line: "page.html, line 1: error templates.E003: 'blog:post' cannot be reversed with pk=…. It stands for "
                + "'blog/posts/<int:id>/'. Give one argument for each parameter, all by name or all in order."),
        Case(
            testDescription: "a template that mixes them", template: "{% url 'blog:post' 3 id=3 %}",
            line:
                "page.html, line 1: error templates.E003: 'blog:post' cannot be reversed with id=…, argument 1. It stands for "
                + "'blog/posts/<int:id>/'. Give one argument for each parameter, all by name or all in order."),
        Case(testDescription: "a template that only asks", template: "{% url 'nowhere' 1 as there %}", line: nil),
    ]

    @Test(arguments: cases)
    func `check finds what is wrong with routes, with file, line and remedy`(_ example: Case) async throws {
        let result = try await manage(
            "check", "--tag", "urls,templates", urls: example.urls, template: example.template)
        let isWarning = example.line?.contains(": warning ") == true
        #expect(result.status == (example.line == nil || isWarning ? 0 : 1))
        let output = example.line.map { isWarning ? "\($0)\n1 problem found." : $0 }
        #expect(result.output == output ?? "No problems found.")
    }
}
