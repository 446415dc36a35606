import Foundation
import MartletHTTP
import MartletMessages
import MartletRouting
import MartletShortcuts
import MartletSite
import MartletTemplates
import MartletTesting
import TestPrograms
import Testing

/// Messages as pages show them, through a whole site.
@Suite struct MessageTemplateTests {
    private static let template = """
        {% if messages %}{{ messages|length }}: {% for message in messages %}\
        <li class="{{ message.tags }}">{% if message.level == DEFAULT_MESSAGE_LEVELS.ERROR %}! {% endif %}\
        {{ message }}|{{ message.message }}|{{ message.level }}|{{ message.level_tag }}|{{ message.extra_tags }}</li>\
        {% endfor %}{% else %}nothing{% endif %}
        """

    private func withSite(_ body: (TestClient) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        try Data(Self.template.utf8).write(to: URL(fileURLWithPath: folder.file("page.html")))
        try Data("{{ messages|length }}".utf8).write(to: URL(fileURLWithPath: folder.file("count.html")))
        let urls = URLs {
            path(
                "add/",
                { request in
                    try request.messages.success("<Saved>", extraTags: "big")
                    try request.messages.add(.error, "<b>Not</b> sent", isHTML: true)
                    return try Response.redirect(to: "/")
                })
            path("", { request in try render(request, "page.html") })
            path("count/", { request in try render(request, "count.html") })
            path("mine/", { request in try render(request, "count.html", ["messages": [1, 2, 3]]) })
        }
        let settings = try Settings(
            Environment(["DEBUG": "true", "ALLOWED_HOSTS": "testserver", "DATABASE_URL": "sqlite:///unused.sqlite3"]))
        let site = try RunningSite(Site(apps: [], urls: urls, templates: [folder.path]), settings: settings)
        try await body(TestClient(site))
        await site.close()
    }

    @Test func `a page shows messages once, escaped unless they are HTML`() async throws {
        // What a closure throws is not seen inside of `#expect`.
        try await withSite { (client: TestClient) async throws in
            #expect(try await client.get("/").text == "nothing")
            #expect(try await client.get("/add/").status == .found)
            #expect(
                try await client.get("/").text == """
                    2: <li class="big success">&lt;Saved&gt;|&lt;Saved&gt;|25|success|big</li>\
                    <li class="error">! <b>Not</b> sent|<b>Not</b> sent|40|error|</li>
                    """)
            #expect(client.cookie("messages") == nil)
            #expect(try await client.get("/").text == "nothing")
        }
    }

    @Test func `a page that only counts them leaves them unread`() async throws {
        try await withSite { client in
            _ = try await client.get("/add/")
            for _ in 0..<2 { #expect(try await client.get("/count/").text == "2") }
        }
    }

    @Test func `what a view calls messages itself is what its page sees`() async throws {
        try await withSite { client in
            _ = try await client.get("/add/")
            #expect(try await client.get("/mine/").text == "3")
            #expect(client.cookie("messages") != nil)
        }
    }
}

/// Django takes the attributes of the session's cookie.
@Suite struct MessageSettingsTests {
    @Test func `the cookie of messages has the attributes of the session's`() async throws {
        let urls = URLs {
            path(
                "",
                { request in
                    try request.messages.info("one")
                    return Response()
                })
        }
        let settings = try Settings(
            Environment([
                "DEBUG": "true", "ALLOWED_HOSTS": "testserver", "DATABASE_URL": "sqlite:///unused.sqlite3",
                "SESSION_COOKIE_DOMAIN": "example.org", "SESSION_COOKIE_SECURE": "true",
                "SESSION_COOKIE_HTTPONLY": "false", "SESSION_COOKIE_SAMESITE": "Strict",
            ]))
        let site = try RunningSite(Site(apps: [], urls: urls, templates: []), settings: settings)
        let field = try #require(try await TestClient(site).get("/").headers[.setCookie])
        #expect(field.hasPrefix("messages="))
        #expect(field.hasSuffix("; Domain=example.org; Path=/; SameSite=Strict; Secure"))
        await site.close()
    }
}
