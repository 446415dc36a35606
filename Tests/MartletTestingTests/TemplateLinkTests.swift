import FoundationEssentials
import MartletHTTP
import MartletRouting
import MartletShortcuts
import MartletSite
import MartletTesting
import Testing

/// What `{% url %}` and `{% querystring %}` know of the request that a page is made for.
@Suite struct TemplateLinkTests {
    private static let pollsURLs = URLs(namespace: "polls") {
        path("", page, name: "index")
        path("<int:id>/", { (request: Request, _: Int) in try await page(request) }, name: "detail")
    }

    @Sendable private static func page(_ request: Request) async throws -> Response {
        try render(request, "page.html")
    }

    private static let urls = URLs {
        host("shop.example", URLs(namespace: "shop") { path("cart/", page, name: "cart") })
        include("author/", pollsURLs, namespace: "author")
        include("publisher/", pollsURLs, namespace: "publisher")
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let template: String
        var target = "/author/"
        var host = "testserver"
        let text: String
    }

    static let cases = [
        Case(
            testDescription: "the instance of the page", template: "{% url 'polls:detail' 7 %}", text: "/author/7/"),
        Case(
            testDescription: "the instance of another page", template: "{% url 'polls:detail' 7 %}",
            target: "/publisher/3/", text: "/publisher/7/"),
        Case(
            testDescription: "an instance by name", template: "{% url 'publisher:detail' id=7 %}", text: "/publisher/7/"
        ),
        Case(
            testDescription: "another host", template: "{% url 'shop:cart' %}", text: "http://shop.example/cart/"),
        Case(
            testDescription: "the same host", template: "{% url 'shop:cart' %}", target: "/cart/", host: "shop.example",
            text: "/cart/"),
        Case(
            testDescription: "arguments of both kinds (Django: ValueError)",
            template: "{% url 'polls:detail' 7 id=7 as there %}[{{ there }}]", text: "[]"),
        Case(
            testDescription: "the query of the page", template: "{% querystring page=3 %}",
            target: "/author/?page=2&tag=a&tag=b%20c", text: "?page=3&amp;tag=a&amp;tag=b+c"),
    ]

    @Test(arguments: cases)
    func `a page knows where it is`(_ example: Case) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(example.template.utf8).write(to: folder.appendingPathComponent("page.html"))
        let site = Site(apps: [], urls: Self.urls, templates: [folder.path], staticFiles: [])
        let running = try await TestSite(site, variables: ["ALLOWED_HOSTS": "*"]).makeSite()
        let headers = try Headers(["Host": example.host])
        let response = try await TestClient(running).get(example.target, headers: headers)
        #expect(response.text == example.text)
        await running.close()
    }
}
