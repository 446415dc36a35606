import MartletHTTP
import MartletMiddleware
import MartletORM
import MartletRouting
import MartletSessions
import MartletSite
import MartletTesting
import TestPrograms
import Testing

// MARK: The views of Docs/sessions.md

private struct Cart: Codable {
    var items: [String: Int] = [:]
}

@Sendable private func addToCart(_ request: Request) async throws -> Response {
    let session = try request.session
    var cart = try await session.get("cart", as: Cart.self) ?? Cart()
    cart.items[try await request.form().require("item"), default: 0] += 1
    try session.set("cart", cart)
    return try Response.redirect(to: "/cart/")
}

@Sendable private func showCart(_ request: Request) async throws -> Response {
    let cart = try await request.session.get("cart", as: Cart.self) ?? Cart()
    return Response(cart.items.sorted { $0.key < $1.key }.map { "\($0.key)×\($0.value)" }.joined(separator: " "))
}

@Sendable private func logIn(_ request: Request) async throws -> Response {
    let name = try await request.form().require("name")
    let session = try request.session
    try session.cycleKey()
    try session.set("user", name)
    try request.rotateCSRFToken()
    return Response("Hello, \(name)")
}

@Sendable private func logOut(_ request: Request) async throws -> Response {
    try await request.session.flush()
    return Response("Goodbye")
}

private let shop = Site(
    apps: [sessionsApp],
    urls: URLs {
        path("", { _ in Response("Welcome") })
        path("cart/", showCart)
        path("cart/add/", addToCart)
        path("login/", logIn)
        path("logout/", logOut)
        path("token/", { request in Response(try request.csrfToken) })
    })

/// Sessions and CSRF protection as every site has them, over the test client.
@Suite struct SessionTests {
    private static let engines = [
        "database", "cache", "cached_database", "signed_cookies", "file", "django.contrib.sessions.backends.db",
    ]

    /// Runs a test on the shop with some settings.
    private func with(_ variables: [String: String], _ test: (RunningSite) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let sites = TestSite(shop, variables: variables.merging(["SESSION_FILE_PATH": folder.path]) { $1 })
        let site = try await sites.makeSite()
        try await test(site)
        await site.close()
        // The folder of the database goes with the last reference.
        withExtendedLifetime(sites) {}
    }

    @Test(arguments: engines) func `a cart is kept by every engine`(_ engine: String) async throws {
        try await with(["SESSION_ENGINE": engine]) { site async throws in
            let (ann, bob) = (TestClient(site), TestClient(site))
            for item in ["apple", "pear", "apple"] {
                #expect(try await ann.post("/cart/add/", form: ["item": item]).status == .found)
            }
            #expect(try await ann.get("/cart/").text == "apple×2 pear×1")
            #expect(try await bob.get("/cart/").text == "")
            let before = ann.cookie("sessionid")
            #expect(try await ann.post("/login/", form: ["name": "Ann"]).text == "Hello, Ann")
            #expect(ann.cookie("sessionid") != before)
            #expect(try await ann.get("/cart/").text == "apple×2 pear×1")
            #expect(try await ann.post("/logout/", form: [:]).text == "Goodbye")
            #expect(ann.cookie("sessionid") == nil)
            #expect(try await ann.get("/cart/").text == "")
        }
    }

    @Test func `a page that does not ask for its session is for every cache, and asks nothing`() async throws {
        try await with([:]) { site async throws in
            let client = TestClient(site)
            _ = try await client.post("/cart/add/", form: ["item": "apple"])
            let log = StatementLog()
            let response = try await log.observing { try await client.get("/") }
            #expect(log.statements.isEmpty)
            #expect(response.headers[.vary] == nil)
            #expect(response.headers[.setCookie] == nil)
        }
    }

    @Test(arguments: ["false", "true"]) func `a login makes earlier tokens worthless`(_ inSessions: String) async throws
    {
        try await with(["CSRF_USE_SESSIONS": inSessions]) { site async throws in
            let client = TestClient(site, enforceCSRFChecks: true)
            #expect(try await client.post("/login/", form: ["name": "Ann"]).status == .forbidden)
            let token = try await client.get("/token/").text
            #expect((client.cookie("csrftoken") == nil) == (inSessions == "true"))
            let login = try await client.post("/login/", form: ["name": "Ann", "csrfmiddlewaretoken": token])
            #expect(login.text == "Hello, Ann")
            let again = try await client.post("/login/", form: ["name": "Ann", "csrfmiddlewaretoken": token])
            #expect(again.status == .forbidden)
            #expect(again.text.contains("CSRF verification failed: the CSRF token in the form field"))
            let next = try await client.get("/token/").text
            let last = try await client.post("/cart/add/", form: ["item": "pear", "csrfmiddlewaretoken": next])
            #expect(last.status == .found)
        }
    }

    @Test func `the cookies are as Django's settings say`() async throws {
        let variables = [
            "SESSION_COOKIE_NAME": "sid", "SESSION_COOKIE_AGE": "60", "SESSION_COOKIE_PATH": "/shop/",
            "SESSION_COOKIE_DOMAIN": ".example.org", "SESSION_COOKIE_SECURE": "true",
            "SESSION_COOKIE_HTTPONLY": "false", "SESSION_COOKIE_SAMESITE": "None", "CSRF_COOKIE_NAME": "forms",
            "CSRF_COOKIE_AGE": "browser", "CSRF_COOKIE_HTTPONLY": "true", "CSRF_COOKIE_SAMESITE": "Strict",
            "CSRF_HEADER_NAME": "HTTP_X_FORMS",
        ]
        try await with(variables) { site async throws in
            let client = TestClient(site)
            let added = try await client.post("/cart/add/", form: ["item": "pear"])
            let session = try #require(added.headers[.setCookie])
            #expect(session.hasPrefix("sid="))
            #expect(session.contains("; Domain=.example.org; expires="))
            #expect(session.hasSuffix("; Max-Age=60; Path=/shop/; SameSite=None; Secure"))
            let page = try await client.get("/token/")
            let secret = try #require(page.headers[.setCookie])
            #expect(secret.hasPrefix("forms="))
            #expect(secret.hasSuffix("; HttpOnly; Path=/; SameSite=Strict"))
            let strict = TestClient(site, enforceCSRFChecks: true)
            let token = try await strict.get("/token/").text
            let headers = try Headers(["X-Forms": token, "Content-Type": "application/x-www-form-urlencoded"])
            let sent = try await strict.send(.post, "/cart/add/", headers: headers, body: Array("item=pear".utf8))
            #expect(sent.status == .found)
        }
    }

    @Test func `a site without the table says how to get it`() async throws {
        let sites = TestSite(Site(apps: [], urls: shop.urls), variables: ["DEBUG": "true", "DEBUG_PAGE": "true"])
        let site = try await sites.makeSite()
        let response = try await TestClient(site).get("/cart/")
        #expect(response.status == .ok, "nobody has a session yet")
        let added = try await TestClient(site).post("/cart/add/", form: ["item": "pear"])
        #expect(added.status == .internalServerError)
        #expect(added.text.contains("Add sessionsApp to the site"))
        await site.close()
        withExtendedLifetime(sites) {}
    }
}
