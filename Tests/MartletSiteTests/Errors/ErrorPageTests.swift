import MartletHTTP
import MartletLogging
import MartletReporting
import MartletSite
import Testing

@Suite struct ErrorPageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = HTTPMethod.get
        let path: String
        let status: Int
        let template: String
    }

    static let cases = [
        Case(testDescription: "a view throws 400", path: "/http/400/", status: 400, template: "400.html"),
        Case(testDescription: "a view throws 403", path: "/http/403/", status: 403, template: "403.html"),
        Case(
            testDescription: "a form has no CSRF token", method: .post, path: "/guarded/", status: 403,
            template: "403_csrf.html"),
        Case(testDescription: "no route matches", path: "/nowhere/", status: 404, template: "404.html"),
        Case(
            testDescription: "the method is not allowed", method: .put, path: "/get/", status: 405, template: "405.html"
        ),
        Case(testDescription: "the content is too large", path: "/http/413/", status: 413, template: "413.html"),
        Case(testDescription: "too many requests", path: "/http/429/", status: 429, template: "429.html"),
        Case(testDescription: "a view fails", path: "/broken/", status: 500, template: "500.html"),
        Case(testDescription: "the site is not available", path: "/http/503/", status: 503, template: "503.html"),
    ]

    @Test(arguments: cases)
    func `an error is the site's template of its status`(_ example: Case) async throws {
        let text = "{{ status }} {{ reason }}|{{ path }}|{{ request_id }}|{{ exception }}"
        let site = try FailingSite(templates: [example.template: "ours: " + text])
        let headers: KeyValuePairs = ["X-Request-ID": "abc"]
        let (response, page) = try await site.answer(example.path, method: example.method, headers: headers)
        #expect(response.status.code == example.status)
        #expect(response.headers[.contentType] == "text/html; charset=utf-8")
        #expect(page == "ours: \(example.status) \(response.status.reason)|\(example.path)|abc|")
        await site.running.close()
    }

    @Test(arguments: cases)
    func `without a template there is a small page, and nothing of the inside`(_ example: Case) async throws {
        let site = try FailingSite()
        let (response, page) = try await site.answer(example.path, method: example.method)
        #expect(response.status.code == example.status)
        #expect(page.contains("<h1>"))
        #expect(!page.contains("inside-of-the-error") && !page.contains("Broken"))
        await site.running.close()
    }

    @Test func `a client that prefers JSON gets it, templates or not`() async throws {
        let site = try FailingSite(templates: ["404.html": "ours"])
        let (response, text) = try await site.answer("/nowhere/", accept: "application/json")
        #expect(response.status == .notFound)
        #expect(text == #"{"detail":"There is no page at '/nowhere/'."}"#)
        let api = try await site.answer("/api/broken/", accept: "*/*")
        #expect(api.response.status == .internalServerError)
        #expect(api.text == #"{"detail":"Internal Server Error"}"#)
        await site.running.close()
    }

    @Test func `the message of an error stands in the page escaped`() async throws {
        let site = try FailingSite(templates: ["404.html": "{{ message }}"])
        let (_, text) = try await site.answer("/<script>alert(1)</script>")
        #expect(text == "There is no page at &#x27;/&lt;script&gt;alert(1)&lt;/script&gt;&#x27;.")
        await site.running.close()
    }

    @Test func `an error template that fails gives way to the small page, is logged and reported`() async throws {
        let reporter = CollectingReporter()
        let site = try FailingSite(templates: ["404.html": "{% include 'missing.html' %}"], reporters: [reporter])
        let (response, text) = try await site.answer("/nowhere/")
        #expect(response.status == .notFound)
        #expect(text.contains("<h1>Not Found</h1>"))
        let event = try #require(site.sink.events.first { $0.name == "error_template_failed" })
        #expect(event.level == .error)
        #expect(event["template"] == .string("404.html"))
        await site.running.close()
        #expect(reporter.reports.map(\.context.extra) == [["while rendering": "404.html"]])
    }

    @Test func `templates see the exception in debug mode only, and the debug page can be turned off`() async throws {
        let variables = ["DEBUG": "true", "DEBUG_PAGE": "false"]
        let site = try FailingSite(templates: ["500.html": "{{ exception }}"], variables: variables)
        #expect(try await site.answer("/broken/").text.contains("Broken("))
        await site.running.close()
        let production = try FailingSite(
            templates: ["500.html": "[{{ exception }}]"], variables: ["DEBUG_PAGE": "true"])
        #expect(try await production.answer("/broken/").text == "[]")
        await production.running.close()
    }
}
