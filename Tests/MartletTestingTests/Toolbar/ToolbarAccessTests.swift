import MartletHTTP
import MartletORM
import MartletRouting
import MartletSite
import MartletTesting
import Testing

/// Who may look, and what hostile texts become.
@Suite(.timeLimit(.minutes(10))) struct ToolbarAccessTests {
    struct Asking: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fields: [String: String]
        let get: Int
        let post: Int

        init(_ name: String, _ fields: [String: String], get: Int, post: Int) {
            testDescription = name
            self.fields = fields
            self.get = get
            self.post = post
        }
    }

    static let askings = [
        Asking(
            "the page itself", ["Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"], get: 200, post: 200),
        Asking("a form of an older browser", ["Origin": "http://testserver"], get: 200, post: 200),
        Asking("a browser without an origin", ["Sec-Fetch-Site": "same-origin"], get: 200, post: 200),
        Asking("nobody knows", [:], get: 200, post: 403),
        Asking(
            "an address that was typed", ["Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"], get: 200, post: 403),
        Asking(
            "a link of another site", ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"], get: 200,
            post: 403),
        Asking(
            "a script of another site", ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"], get: 403, post: 403),
        Asking(
            "another site of the same domain", ["Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"], get: 403,
            post: 403),
        Asking("another origin", ["Origin": "http://evil.example"], get: 403, post: 403),
        Asking("another port", ["Origin": "http://testserver:81"], get: 403, post: 403),
        Asking("another scheme", ["Origin": "https://testserver"], get: 403, post: 403),
        Asking("no origin at all", ["Origin": "null"], get: 403, post: 403),
        Asking(
            "another origin that says it is the same",
            ["Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"], get: 403, post: 403),
        Asking(
            "another name of this machine", ["Host": "evil.example", "Origin": "http://evil.example"], get: 400,
            post: 400),
        Asking("through a stranger", ["X-Forwarded-For": "127.0.0.1"], get: 404, post: 404),
    ]

    @Test(arguments: askings)
    func `only the site's own pages are answered`(_ asking: Asking) async throws {
        // Without any layer of the site's own.
        try await ToolbarSite(layers: { _ in [] }).using { running in
            let client = TestClient(running, enforceCSRFChecks: true)
            let id = try #require(try await client.get("/count/1/").recordID)
            var headers = Headers()
            for (name, value) in asking.fields { headers.setUnchecked(HeaderName(unchecked: name), value) }
            let page = try await client.get("/__debug__/requests/\(id)/sql/", headers: headers)
            #expect(page.status.code == asking.get)
            let plan = try await client.send(
                .post, "/__debug__/requests/\(id)/statements/1/explain/", headers: headers)
            #expect(plan.status.code == asking.post)
            #expect(plan.text.contains("<pre class=\"plan\">") == (asking.post == 200))
        }
    }

    @Test func `the plan is that of the statement that was run, with its values`() async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running, enforceCSRFChecks: true)
            let answer = try await client.get("/count/2/")
            let id = try #require(answer.recordID)
            let headers = try Headers(["Origin": "http://testserver"])
            let plan = try await client.send(
                .post, "/__debug__/requests/\(id)/statements/2/explain/", headers: headers,
                body: Array("sql=DROP TABLE aviary_bird".utf8))
            #expect(plan.text.contains("<pre class=\"plan\">SEARCH aviary_bird USING INTEGER PRIMARY KEY"))
            #expect(
                try await client.panel("sql", of: answer).contains(
                    "action=\"/__debug__/requests/\(id)/statements/2/explain/\""))
            let count = try await client.get("/count/2/")
            #expect(count.status == .ok, "the table is still there")
        }
    }

    @Test func `a statement that writes is explained and not run`() async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            let answer = try await client.get("/write/")
            let id = try #require(answer.recordID)
            for number in 1...5 {
                _ = try await client.send(
                    .post, "/__debug__/requests/\(id)/statements/\(number)/explain/",
                    headers: Headers(["Origin": "http://testserver"]))
            }
            let rows = try await running.bound { try await Bird.objects.count() }
            #expect(rows == 1)
        }
    }

    @Test(arguments: ["0", "99", "-1", "99999999999999999999", "1;DROP", "%27"])
    func `a number without a statement is not found`(_ number: String) async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            let id = try #require(try await client.get("/count/2/").recordID)
            let answer = try await client.send(
                .post, "/__debug__/requests/\(id)/statements/\(number)/explain/",
                headers: Headers(["Origin": "http://testserver"]))
            #expect(answer.status == .notFound)
        }
    }

    @Test func `what has no plan says so`() async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            let id = try #require(try await client.get("/write/").recordID)
            let answer = try await client.send(
                .post, "/__debug__/requests/\(id)/statements/1/explain/",
                headers: Headers(["Origin": "http://testserver"]))
            #expect(answer.status == .badRequest)
            let get = try await client.get("/__debug__/requests/\(id)/statements/1/explain/")
            #expect(get.status == .methodNotAllowed)
        }
    }

    static let hostile = [
        "</script><img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "' onmouseover='alert(1)",
        "<!--", "]]>", "{{ 7|add:7 }}", "javascript:alert(1)", "😀\u{202E}<b>", "\u{0}\u{1B}[31m<b>", "&lt;b&gt;<i>",
        "</body><body onload=alert(1)>", String(repeating: "<", count: 3_000),
    ]

    @Test(arguments: hostile)
    func `a hostile text stays text, wherever it comes from`(_ text: String) async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            let encoded = PercentCoding.encode(text.utf8, keeping: \.isUnreservedByte)
            var headers = Headers()
            if text.utf8.allSatisfy(\.isFieldValueByte) {
                try headers.set(HeaderName(literal: "X-Echo"), text)
                try headers.set(.userAgent, text)
            }
            let answer = try await client.get("/echo/?text=\(encoded)", headers: headers)
            let missing = try await client.get("/missing/\(encoded)/")
            let pages = [
                answer.text, missing.text, try await client.panel("", of: answer),
                try await client.panel("", of: missing),
                try await client.get("/__debug__/requests/").text,
                try await client.get("/__debug__/requests/\(encoded)/").text,
                try await client.get("/__debug__/latest/?target=\(encoded)").text,
            ]
            #expect(pages[2].contains("echoed"))
            for page in pages {
                #expect(!page.contains("<img") && !page.contains("<svg onload") && !page.contains("<b>\u{202E}"))
                #expect(page.matches(of: /<[a-z]+[^>]* on[a-z]+=/).isEmpty)
                #expect(!page.contains("<<"))
                #expect(!page.contains("<i>") && !page.contains("<!--"))
            }
        }
    }
}
