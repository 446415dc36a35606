import FoundationEssentials
import MartletHTTP
import MartletORM
import MartletRouting
import MartletSessions
import Testing

/// Expectations of Django's `SessionMiddlewareTests` (tests/sessions_tests/tests.py).
@Suite struct SessionMiddlewareTests {
    @Test(arguments: StoreKind.allCases)
    func `a request that does not touch its session gets nothing and asks nothing`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            for client in [bench.browser(), browser, bench.browser(cookie: "unknownkey"), bench.browser(cookie: "1")] {
                let log = StatementLog()
                let response = try await log.observing { try await client.visit() }
                #expect(response.headers.isEmpty)
                #expect(log.statements.isEmpty)
            }
        }
    }

    @Test func `a session costs one statement to read and one to write`() async throws {
        try await StoreBench.with(.database) { bench async throws in
            let browser = bench.browser()
            func count(_ view: @escaping @Sendable (RequestSession) async throws -> Void) async throws -> Int {
                let log = StatementLog()
                try await log.observing { _ = try await browser.visit(view) }
                return log.statements.count
            }
            #expect(try await count { _ = try await $0["a"] } == 0)
            #expect(try await count { try $0.set("a", 1) } == 1)
            #expect(try await count { _ = try await ($0["a"], $0["b"]) } == 1)
            #expect(try await count { try $0.set("a", 2) } == 2)
        }
    }

    struct CookieCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var change: @Sendable (inout SessionSettings) -> Void = { _ in }
        var expiry = SessionExpiry.standard
        let attributes: String
    }

    static let date = "expires=Thu, 15 Jan 2026 00:00:00 GMT"

    static let cookies = [
        CookieCase(
            testDescription: "as Django", attributes: "\(date); HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax"),
        CookieCase(
            testDescription: "secure", change: { $0.cookie.isSecure = true },
            attributes: "\(date); HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax; Secure"),
        CookieCase(
            testDescription: "strict", change: { $0.cookie.sameSite = .strict },
            attributes: "\(date); HttpOnly; Max-Age=1209600; Path=/; SameSite=Strict"),
        CookieCase(
            testDescription: "for scripts", change: { $0.cookie.isHTTPOnly = false },
            attributes: "\(date); Max-Age=1209600; Path=/; SameSite=Lax"),
        CookieCase(
            testDescription: "domain and path",
            change: {
                $0.cookie.domain = ".example.local"
                $0.cookie.path = "/example/"
            },
            attributes:
                "Domain=.example.local; \(date); HttpOnly; Max-Age=1209600; Path=/example/; SameSite=Lax"),
        CookieCase(
            testDescription: "until the browser is closed", expiry: .atBrowserClose,
            attributes: "HttpOnly; Path=/; SameSite=Lax"),
        CookieCase(
            testDescription: "for ten seconds", expiry: .seconds(10),
            attributes: "expires=Thu, 01 Jan 2026 00:00:10 GMT; HttpOnly; Max-Age=10; Path=/; SameSite=Lax"),
    ]

    @Test(arguments: cookies) func `the cookie has the attributes of the settings`(_ example: CookieCase) async throws {
        var settings = SessionSettings()
        settings.cookie.name = "sid"
        settings.lifetime = SessionLifetime(now: { SessionExpiryTests.start })
        example.change(&settings)
        let store = try SignedCookieSessionStore(keys: StoreBench.keys, lifetime: settings.lifetime)
        let browser = Browser(Sessions(settings, store: store))
        let response = try await browser.visit { session async throws in
            try session.set("hello", "world")
            try await session.setExpiry(example.expiry)
        }
        let cookie = try #require(browser.cookie)
        #expect(response.headers[.setCookie] == "sid=\(cookie); \(example.attributes)")
        #expect(response.headers[.vary] == "Cookie")
    }

    @Test func `the cookie is deleted with its path and domain`() async throws {
        var settings = SessionSettings()
        settings.cookie.domain = ".example.local"
        settings.cookie.path = "/example/"
        try await StoreBench.with(.database, settings) { bench async throws in
            let response = try await bench.browser(cookie: "abc").visit { try await $0.flush() }
            #expect(
                response.headers[.setCookie]
                    == "sessionid=\"\"; Domain=.example.local; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; "
                    + "Path=/example/; SameSite=Lax")
            #expect(response.headers[.vary] == "Cookie")
        }
    }

    @Test func `an empty session without a cookie gets none`() async throws {
        try await StoreBench.with(.database) { bench async throws in
            let response = try await bench.browser().visit { try await $0.flush() }
            #expect(response.headers[.setCookie] == nil)
            #expect(response.headers[.vary] == "Cookie")
        }
    }

    @Test(arguments: [500, 503]) func `a server error saves nothing`(_ code: Int) async throws {
        try await StoreBench.with(.database) { bench async throws in
            let response = try await bench.browser().visit(status: HTTPStatus(code)) { try $0.set("hello", "world") }
            #expect(response.headers[.setCookie] == nil)
            #expect(try await Session.objects.count() == 0)
        }
    }

    @Test(arguments: [200, 302, 404, 499]) func `any other answer saves`(_ code: Int) async throws {
        try await StoreBench.with(.database) { bench async throws in
            try await bench.browser().visit(status: HTTPStatus(code)) { try $0.set("hello", "world") }
            #expect(try await Session.objects.count() == 1)
        }
    }

    @Test func `a session without values that was not flushed is kept`() async throws {
        try await StoreBench.with(.database) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.set("foo", "bar") }
            let key = browser.cookie
            let response = try await browser.visit { try await $0.remove("foo") }
            #expect(response.headers[.setCookie]?.hasPrefix("sessionid=\(key ?? "none");") == true)
            #expect(try await Session.objects.count() == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `saving every request renews the cookie of a session that was not touched`(_ kind: StoreKind) async throws {
        var settings = SessionSettings()
        settings.savesEveryRequest = true
        settings.lifetime.age = .seconds(100)
        try await StoreBench.with(kind, settings) { bench async throws in
            #expect(try await bench.browser().visit().headers.isEmpty)
            let browser = bench.browser()
            try await browser.visit { try $0.set("a", "b") }
            bench.clock.advance(90)
            let response = try await browser.visit()
            #expect(response.headers[.setCookie] != nil)
            #expect(response.headers[.vary] == "Cookie")
            bench.clock.advance(90)
            #expect(try await browser.values() == ["a": "b"])
            let unknown = bench.browser(cookie: "someunknownkey")
            try await unknown.visit()
            #expect(unknown.cookie == nil)
        }
    }

    @Test func `a session that does not fit into a cookie is told, and so is what to do`() async throws {
        try await StoreBench.with(.signedCookies) { bench async throws in
            let noise = (0..<5_000).map { _ in String(UInt8.random(in: 0...9)) }.joined()
            let long = (0..<6_000).map { String(($0 &* 7_919) % 1_000_003, radix: 36) }.joined()
            let error = try await #require(throws: SessionError.self) {
                try await bench.browser().visit { try $0.set("long", noise + long) }
            }
            #expect("\(error)".contains("a cookie holds 4096. Keep less in it, or choose another SESSION_ENGINE."))
        }
    }

    @Test func `a database without the table says how to get it`() async throws {
        try await StoreBench.with(.database) { bench async throws in
            try await Database.current.execute(Statement("DROP TABLE django_session"))
            let error = try await #require(throws: SessionError.self) {
                try await bench.browser().visit { try $0.set("a", 1) }
            }
            #expect(error == .noTable)
            #expect("\(error)".contains("Add sessionsApp to the site's apps and run manage migrate"))
        }
    }

    @Test func `a removed session becomes the answer 400 of the layers further out`() async throws {
        try await StoreBench.with(.database) { bench async throws in
            let store = bench.store
            let table = try RouteTable(
                URLs {
                    path("") { request in
                        let session = try request.session
                        try session.set("a", 1)
                        try await session.save()
                        if let key = try await session.key { try await store.delete(key) }
                        try session.set("a", 2)
                        return Response("")
                    }
                })
            let dispatcher = Dispatcher(table, middleware: [Sessions(bench.settings, store: store)])
            let request = Request(
                method: .get, target: "/", path: "/", queryString: "", headers: Headers(), body: RequestBody(),
                peerAddress: "", isEncrypted: false)
            #expect(try await dispatcher.handler(request).status == .badRequest)
        }
    }

    @Test func `a folder that is not there is told when the site starts`() throws {
        #expect(
            throws: SessionError.folder(
                path: "/nowhere/at/all", reason: "could not find the folder: No such file or directory")
        ) {
            try FileSessionStore(folder: "/nowhere/at/all", keys: StoreBench.keys)
        }
    }
}
