import Foundation
import MartletHTTP
import MartletORM
import MartletRouting
import MartletSite
import MartletTesting
import Testing

/// What the panels tell of a request.
@Suite(.timeLimit(.minutes(20))) struct ToolbarPanelTests {
    @Test func `the SQL panel has each statement with its values, its line, and marks on those that are alike`()
        async throws
    {
        try await ToolbarSite(["LOG_N_PLUS_ONE": "5"]).using { running in
            let panel = try await TestClient(running).panelWithLines(of: "/")
            #expect(panel.contains("8 statements, "))
            #expect(panel.contains("<span class=\"badge\">1 duplicate</span>"))
            #expect(panel.contains("<span class=\"badge\">N+1: 1 statement run again and again</span>"))
            #expect(panel.components(separatedBy: "N+1: one of 6 of this shape").count == 7)
            #expect(panel.components(separatedBy: "Duplicate: one of 2 the same").count == 3)
            #expect(panel.contains("<li>5</li>"))
            #expect(panel.components(separatedBy: "ToolbarSite.swift:\(ToolbarSite.lineOfTheLoop)</p>").count == 7)
            #expect(panel.contains("0 rows") && panel.contains("1 row</td>"))
        }
    }

    @Test(arguments: [("5", 7), ("7", 1), ("0", 1)])
    func `N+1 is marked from as many statements on as the log tells of`(_ threshold: String, _ parts: Int) async throws
    {
        try await ToolbarSite(["LOG_N_PLUS_ONE": threshold]).using { running in
            let panel = try await TestClient(running).panel("sql", of: "/")
            #expect(panel.components(separatedBy: "N+1: one of 6 of this shape").count == parts)
        }
    }

    @Test func `transactions are marked, and values of secret columns hidden`() async throws {
        try await ToolbarSite().using { running in
            let panel = try await TestClient(running).panel("sql", of: "/write/")
            #expect(panel.contains("1 transaction."))
            #expect(panel.components(separatedBy: "In a transaction").count == 3)
            #expect(panel.contains("&#x27;swift&#x27;"))
            #expect(panel.components(separatedBy: "<li>[hidden]</li>").count == 3)
            #expect(!panel.contains("hush-"))
        }
    }

    @Test func `the other panels tell what the request has done`() async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            let answer = try await client.get("/?page=2&token=hush-1")
            let cache = try await client.panel("cache", of: answer)
            #expect(cache.contains("3 calls, ") && cache.contains("1 hit, 2 missed."))
            #expect(cache.contains("<td class=\"mono\">get</td>") && cache.contains("<td class=\"faint\">miss</td>"))
            #expect(cache.contains(">1 of 2</td>") && cache.contains("<td>Memory</td>"))
            #expect(cache.contains(":1:somebody\n:1:nobody</td>"))

            let templates = try await client.panel("templates", of: answer)
            let tree = templates.matches(of: /<span class="mono">([a-z.]+)<\/span>|(<ul>)|(<\/ul>)/).map { match in
                match.1.map(String.init) ?? (match.2 == nil ? "end" : "begin")
            }
            #expect(tree == ["page.html", "begin", "card.html", "card.html", "end", "end"])
            #expect(templates.contains("extends base.html") && templates.contains("sees bird<"))
            #expect(templates.contains("sees ") && templates.contains("birds, "))

            let log = try await client.panel("log", of: answer)
            #expect(log.contains("page_opened") && log.contains("request_finished"))
            #expect(log.contains("place=&lt;b&gt;front&lt;/b&gt;") && log.contains("api_key=[redacted]"))

            let request = try await client.panel("request", of: answer)
            #expect(request.contains("<td class=\"mono\">front</td>"))
            #expect(request.contains("MartletTestingTests/ToolbarSite.swift:"))
            #expect(request.contains("<th>page</th><td class=\"mono\">2</td>"))
            #expect(request.contains("<th>token</th><td class=\"mono\">[hidden]</td>"))
            #expect(request.contains("The session was not asked for."))

            let headers = try await client.panel("headers", of: answer)
            #expect(headers.contains("<th>Content-Type</th>") && headers.contains("<th>Host</th>"))

            let settings = try await client.panel("settings", of: answer)
            #expect(settings.contains("<th class=\"mono\">DEBUG</th><td class=\"mono\">true</td>"))
            #expect(settings.contains("SECRET_KEY</th>") && !settings.contains("a-key-for-tests"))

            let time = try await client.panel("time", of: answer)
            #expect(time.contains("<th>SQL</th>") && time.contains("<th>Processor, program</th>"))
            for panel in [cache, templates, log, request, headers, settings, time] {
                #expect(!panel.contains("hush-"))
            }
        }
    }

    /// The milliseconds that stand in a text.
    private static func times(_ text: Substring) -> [Double] {
        text.matches(of: /([0-9]+\.[0-9]+)\u{A0}ms/).compactMap { Double($0.1) }
    }

    @Test func `each template has its time, and the whole is no less than its parts`() async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            let answer = try await client.get("/")
            let panel = try await client.panel("templates", of: answer)
            let tree = try #require(panel.firstRange(of: "<ul class=\"tree\">").map { panel[$0.upperBound...] })
            // The page, and the two cards that it includes.
            let times = Self.times(tree)
            try #require(times.count == 3)
            // Each is cut off behind the hundredth.
            #expect(times[0] + 0.015 >= times[1] + times[2])
            let summary = try #require(Self.times(panel[..<tree.startIndex]).last)
            #expect(abs(summary - times[0]) <= 0.011)
            let timing = try #require(answer.headers[HeaderName(literal: "Server-Timing")])
            let told = timing.firstMatch(of: /template;dur=([0-9.]+)/).flatMap { Double($0.1) }
            #expect(abs(try #require(told) - times[0]) <= 0.011)
        }
    }

    @Test func `arguments, form, cookies and the keys of the session are shown, secrets hidden`() async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            let bird = try await client.panel("request", of: "/birds/7/swift/")
            #expect(bird.contains("<th>id</th><td class=\"mono\">7</td>"))
            #expect(bird.contains("<th>name</th><td class=\"mono\">swift</td>"))
            #expect(bird.contains("/birds/&lt;int:id&gt;/&lt;slug:name&gt;/"))
            let posted = try await client.post(
                "/form/", form: ["title": "Swifts", "password": "hush-form"],
                headers: Headers(["Cookie": "theme=dark; sessionid=hush-cookie", "Authorization": "hush-header"]))
            let form = try await client.panel("request", of: posted)
            #expect(form.contains("<th>title</th><td class=\"mono\">Swifts</td>"))
            #expect(form.contains("<th>password</th><td class=\"mono\">[hidden]</td>"))
            #expect(form.contains("<th>theme</th><td class=\"mono\">dark</td>"))
            let headers = try await client.panel("headers", of: posted)
            #expect(!form.contains("hush-") && !headers.contains("hush-"))
            let session = try await client.panel("request", of: "/session/")
            #expect(session.contains("<th>Keys</th><td class=\"mono\">cart</td>"))
        }
    }

    @Test func `answers of an API and redirects are in the history, files and the toolbar itself are not`() async throws
    {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            let data = try await client.get("/data/", headers: Headers(["Sec-Fetch-Dest": "empty"]))
            let moved = try await client.get("/data")
            let missing = try await client.get("/nowhere/")
            _ = try await client.get("/static/nothing.css")
            let history = try await client.get("/__debug__/requests/").text
            for answer in [data, moved, missing] {
                #expect(history.contains("href=\"/__debug__/requests/\(answer.recordID ?? "none")/\""))
            }
            #expect(history.contains("<td>script</td>"))
            #expect(history.contains("404</td>") && history.contains("301</td>"))
            #expect(!history.contains("nothing.css") && !history.contains("GET /__debug__/"))
            let panel = try await client.panel("request", of: data)
            #expect(panel.contains("GET /data/"))
        }
    }

    @Test func `the last fifty are kept, and one that is gone says so`() async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            let first = try await client.get("/data/")
            for _ in 0..<49 { _ = try await client.get("/data/") }
            #expect(try await client.panel("time", of: first).contains("GET /data/"))
            _ = try await client.get("/data/")
            let gone = try await client.get("/__debug__/requests/\(first.recordID ?? "none")/")
            #expect(gone.status == .notFound)
            #expect(gone.text.contains("This request is not known, or not known any more"))
            let history = try await client.get("/__debug__/requests/").text
            #expect(history.components(separatedBy: "data-request").count == 51)
        }
    }

    @Test func `what is beyond the room of one request is counted, and not kept`() async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            let few = try await client.get("/count/900/")
            let panel = try await client.panel("sql", of: few)
            #expect(panel.contains("900 statements, "))
            #expect(panel.contains("more, counted and timed but not kept"))
            #expect(few.headers[HeaderName(literal: "Server-Timing")]?.contains("desc=\"900 statements\"") == true)
        }
    }

    @Test func `requests at the same time never mix`() async throws {
        try await ToolbarSite(["DATABASE_POOL_SIZE": "4"]).using { running in
            let client = TestClient(running)
            let counts = [3, 5, 7, 11, 13, 17]
            let answers = try await withThrowingTaskGroup(of: (Int, TestResponse).self) { group in
                for count in counts { group.addTask { (count, try await client.get("/count/\(count)/")) } }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for count in counts {
                let answer = try #require(answers[count])
                let (sql, cache, log) = (
                    try await client.panel("sql", of: answer), try await client.panel("cache", of: answer),
                    try await client.panel("log", of: answer)
                )
                #expect(sql.contains("\(count) statements, "))
                #expect(sql.components(separatedBy: "<li>&#x27;count-\(count)&#x27;</li>").count == count + 1)
                #expect(cache.components(separatedBy: ":aviary:count:\(count):n</td>").count == count + 1)
                #expect(log.components(separatedBy: "<td class=\"mono\">counted</td>").count == count + 1)
                for other in counts where other != count {
                    #expect(!sql.contains("count-\(other)&") && !cache.contains(":count:\(other):"))
                    #expect(!log.contains("count=\(other)<"))
                }
            }
        }
    }

    @Test func `what a stream does after its head is recorded, too`() async throws {
        let urls = URLs {
            path(
                "stream/",
                { _ in
                    Response(
                        body: .stream { writer in
                            _ = try await Bird.objects.count()
                            try await writer.write("x")
                        })
                })
        }
        try await ToolbarSite(urls: urls).using { running in
            let client = TestClient(running)
            let panel = try await client.panel("sql", of: "/stream/")
            #expect(panel.contains("1 statement, ") && panel.contains("aviary_bird"))
        }
    }

    @Test func `the page of an error has the toolbar, and lets it in`()
        async throws
    {
        try await ToolbarSite(["DEBUG_PAGE": "true"]).using { running in
            let client = TestClient(running)
            let answer = try await client.get("/failing/", headers: Headers(["Accept": "text/html"]))
            #expect(answer.status == .internalServerError)
            #expect(answer.text.contains("martlet-toolbar"))
            #expect(answer.headers[.contentSecurityPolicy]?.contains("script-src 'self'") == true)
            #expect(try await client.panel("log", of: answer).contains("request_failed"))
        }
    }

    // W3C Server Timing: metrics with commas between them, each a token with `dur` and `desc`.
    @Test func `Server-Timing tells the times of what was done`() async throws {
        try await ToolbarSite().using { running in
            let answer = try await TestClient(running).get("/")
            let field = try #require(answer.headers[HeaderName(literal: "Server-Timing")])
            let form =
                #/total;dur=\d+\.\d\d, sql;dur=\d+\.\d\d;desc="8 statements", cache;dur=\d+\.\d\d;desc="3 calls",/#
            #expect(field.prefixMatch(of: form) != nil)
            #expect(field.contains("template;dur=") && field.contains("desc=\"1 rendering\", martlet;desc=\""))
        }
    }
}
