import Foundation
import MartletCrypto
import MartletHTTP
import MartletJSON
import MartletSite
import Testing

@Suite struct DebugPageTests {
    @Test func `the page shows the error, the line that threw it, and the route's declaration`() async throws {
        let site = try FailingSite.debugging()
        let (response, page) = try await site.answer("/broken/")
        #expect(response.status == .internalServerError)
        #expect(page.contains("<h1>MartletSiteTests.FailingSite.Broken</h1>"))
        #expect(page.contains("/Tests/MartletSiteTests/Errors/FailingSite.swift:\(FailingSite.throwingLine)</code>"))
        #expect(page.contains("<span class=\"here\"><i>\(FailingSite.throwingLine)</i>        throw Broken()</span>"))
        #expect(
            page.contains("The route <code>/broken/</code> is declared at <code>MartletSiteTests/FailingSite.swift:"))
        await site.running.close()
    }

    @Test func `the line of an error that a function throws by its type is known too`() async throws {
        let site = try FailingSite.debugging()
        let (_, page) = try await site.answer("/typed/")
        #expect(page.contains("<span class=\"here\"><i>\(FailingSite.typedLine)</i>        throw Broken()</span>"))
        #expect(page.contains("typedFailure()"))
        await site.running.close()
    }

    @Test func `the page of a path without a route shows the routes in order, and how far each agreed`() async throws {
        let site = try FailingSite.debugging()
        let (response, page) = try await site.answer("/posts/2026/")
        #expect(response.status == .notFound)
        #expect(page.contains("No pattern matches <code>/posts/2026/</code>."))
        let broken = try #require(page.firstRange(of: "<td class=\"mono\">/broken/</td>"))
        let post = try #require(
            page.firstRange(of: "<td class=\"mono\">/posts/&lt;int:year&gt;/&lt;slug:slug&gt;/</td>"))
        #expect(broken.lowerBound < post.lowerBound)
        #expect(page[post.upperBound...].prefix(120).contains("<span class=\"part\">/posts/2026/</span>"))
        #expect(page.contains("FailingSite.swift:"))
        #expect(!page.contains("id=\"source\""))
        await site.running.close()
    }

    @Test func `the page shows the statements of the request without their values`() async throws {
        let site = try FailingSite.debugging()
        let (_, page) = try await site.answer("/query/")
        #expect(page.contains("3 statements, "))
        #expect(page.contains("2 of them have the text of another one."))
        #expect(page.contains("SELECT 1 + ?") && page.contains("INSERT INTO nowhere VALUES (1)"))
        #expect(page.contains("one of 2 alike"))
        #expect(page.contains("no such table: nowhere"))
        #expect(!page.contains("90417"))
        #expect(page.contains("<span class=\"here\"><i>\(FailingSite.failingStatementLine)</i>"))
        await site.running.close()
    }

    @Test func `the page shows the template's line with those around it`() async throws {
        let text = "<h1>Title</h1>\n<p>{{ value|date:\"Y\"|nosuch }}</p>\n"
        let site = try FailingSite.debugging(templates: ["page.html": text])
        let (response, page) = try await site.answer("/page/")
        #expect(response.status == .internalServerError)
        #expect(page.contains("<code>page.html</code>, line 2"))
        #expect(page.contains("<span><i>1</i>&lt;h1&gt;Title&lt;/h1&gt;</span>"))
        #expect(
            page.contains(
                "<span class=\"here\"><i>2</i>&lt;p&gt;{{ value|date:&quot;Y&quot;|nosuch }}&lt;/p&gt;</span>"))
        await site.running.close()
    }

    @Test func `secrets of the request and the settings are hidden`() async throws {
        let variables = [
            "DEBUG": "true", "SECRET_KEY": "hush-1", "EMAIL_HOST_PASSWORD": "hush-2",
            "SENTRY_DSN": "http://hush3@127.0.0.1:9/42",
        ]
        let site = try FailingSite(variables: variables)
        let (_, page) = try await site.answer(
            "/form/", method: .post, query: "token=hush-4&page=2",
            headers: [
                "Authorization": "hush-5", "Cookie": "sessionid=hush-6; csrftoken=hush-7; mysession=hush-8; theme=dark",
                "X-Api-Key": "hush-9", "Content-Type": "application/x-www-form-urlencoded",
            ], body: "password=hush-10&pin=hush-11&title=shown")
        #expect(!page.contains("hush"))
        #expect(page.contains("[hidden]") && page.contains("shown") && page.contains("dark"))
        #expect(page.contains("<tr><th>secretKey</th><td class=\"mono\">[hidden]</td></tr>"))
        #expect(page.contains("<tr><th>reports.mailPassword</th><td class=\"mono\">[hidden]</td></tr>"))
        #expect(page.contains("<tr><th>debug</th><td class=\"mono\">true</td></tr>"))
        await site.running.close()
    }

    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</style><script>", "</pre></td>", "&lt;",
        "'\u{202E}",
        "\u{1B}[31mred", "{{ 7|add:7 }}", "</title><script>",
    ]

    @Test(arguments: hostile) func `what a client sends is text on the page`(_ text: String) async throws {
        let site = try FailingSite.debugging()
        let encoded = text.utf8.map { String(format: "%%%02x", $0) }.joined()
        for path in ["/\(text)", "/broken/"] {
            let (_, page) = try await site.answer(
                path, query: "\(encoded)=\(encoded)",
                headers: ["X-Hostile": text.replacing("\u{1B}", with: ""), "Cookie": "theme=\(encoded)"])
            for mark in ["<script>", "<img", "</style><", "</pre></td>"] { #expect(!page.contains(mark)) }
            #expect(!page.contains(">14<"))
            #expect(page.components(separatedBy: "</title>").count == 2)
        }
        await site.running.close()
    }

    @Test func `the page needs nothing from elsewhere, and its policy lets in nothing else`() async throws {
        let site = try FailingSite.debugging()
        let (response, page) = try await site.answer("/broken/")
        let style = try #require(page.split(separator: "<style>").last?.split(separator: "</style>").first)
        let hash = Data(try Digest.sha256(of: Array(style.utf8))).base64EncodedString()
        #expect(response.headers[.contentSecurityPolicy]?.contains("style-src 'sha256-\(hash)'") == true)
        for mark in ["<script", "src=", "url(", "@import", "<link", "style=\""] { #expect(!page.contains(mark)) }
        await site.running.close()
    }

    @Test func `a terminal gets text, and no control characters`() async throws {
        let site = try FailingSite.debugging()
        let (response, text) = try await site.answer("/broken/\u{1B}[31m", accept: "*/*")
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(
            text.hasPrefix("404 Not Found\n") && text.contains("\nRoutes tried\n")
                && text.contains("\n  /broken/  agreed"))
        #expect(!text.contains("\u{1B}"))
        let failed = try await site.answer("/broken/", accept: "*/*").text
        #expect(failed.contains("> \(FailingSite.throwingLine)          throw Broken()"))
        await site.running.close()
    }

    @Test func `a client of an API gets what it would get, and the report beside it`() async throws {
        let site = try FailingSite.debugging()
        let (response, text) = try await site.answer("/api/broken/", accept: "*/*")
        #expect(response.headers[.contentType] == "application/json")
        let json = try JSON.parse(text)
        #expect(json["detail"]?.stringValue == "Internal Server Error")
        #expect(json["debug"]?["error"]?.stringValue == "MartletSiteTests.FailingSite.Broken")
        #expect(
            json["debug"]?["location"]?.stringValue?.hasSuffix("FailingSite.swift:\(FailingSite.throwingLine)") == true)
        await site.running.close()
    }

    @Test func `answers that are given on purpose are the site's own pages in debug mode too`() async throws {
        let site = try FailingSite.debugging(templates: ["429.html": "slow down"])
        #expect(try await site.answer("/http/429/").text == "slow down")
        #expect(try await site.answer("/http/503/").text.contains("<h1>Service Unavailable</h1>"))
        await site.running.close()
    }

    @Test(arguments: ["text/html", "application/json", "*/*"])
    func `nothing of it is told without debug mode`(_ accept: String) async throws {
        let site = try FailingSite(templates: ["page.html": "{{ value|nosuch }}"], variables: ["DEBUG_PAGE": "true"])
        for path in ["/broken/", "/typed/", "/query/", "/page/", "/nowhere/", "/api/broken/", "/api/nowhere/"] {
            let (_, text) = try await site.answer(path, accept: accept)
            let marks = [
                "Broken", "inside-of-the-error", ".swift", "SELECT", "INSERT", "nosuch", "secret", "FailingSite",
            ]
            for mark in marks { #expect(!text.contains(mark), "\(path) tells \(mark)") }
            #expect(text.utf8.count < 400)
        }
        await site.running.close()
    }
}
