import MartletHTTP
import MartletJSON
import MartletMiddleware
import MartletSessions
import MartletSigning
import Testing

/// The secret in the session. Expectations of Django's `CsrfViewMiddlewareUseSessionsTests`.
@Suite struct CSRFSessionTests {
    private let handlers: [any Middleware]
    private let store: SignedCookieSessionStore

    init() throws {
        var settings = SessionSettings()
        settings.cookie.domain = ".example.com"
        store = try SignedCookieSessionStore(keys: SigningKeys("swift-framework-test-key"))
        var protection = CSRFProtection()
        protection.usesSessions = true
        handlers = [Sessions(settings, store: store), protection]
    }

    private func cookie(_ values: JSONObject) async throws -> String {
        let made = try await store.create("", StoredSession(values: values))
        return "sessionid=\(try #require(made).key)"
    }

    private func answer(_ request: Request, _ view: @escaping Handler = echo) async throws -> Response {
        try await compose(handlers, around: view)(request)
    }

    private func secret(of response: Response) async throws -> String? {
        let field = try #require(response.headers[.setCookie])
        #expect(response.headers.values(.setCookie).count == 1)
        let key = field.dropFirst("sessionid=".utf8.count).prefix { $0 != ";" }
        return try await store.load(String(key))?.values["_csrftoken"]?.stringValue
    }

    // Both forms of the secret, with both forms of the token: test_masked_unmasked_combinations.
    @Test(arguments: [CSRFProtectionTests.secret, CSRFProtectionTests.token])
    func `a token of the session's secret is taken`(_ kept: String) async throws {
        for token in [CSRFProtectionTests.secret, CSRFProtectionTests.token] {
            let headers: KeyValuePairs = [
                "Cookie": try await cookie(["_csrftoken": .string(kept)]), "X-CSRFToken": token,
            ]
            #expect(try await answer(.make(.post, headers: headers)).status == .ok)
        }
        let wrong: KeyValuePairs = [
            "Cookie": try await cookie(["_csrftoken": .string(kept)]), "X-CSRFToken": CSRFProtectionTests.otherToken,
        ]
        await #expect(throws: CSRFFailure.self) { try await answer(.make(.post, headers: wrong)) }
    }

    @Test func `a session without a secret, another cookie and no session are refused`() async throws {
        for cookies in [
            try await cookie([:]), try await cookie(["_csrftoken": 5]), "csrftoken=\(CSRFProtectionTests.secret)",
            "a=b",
        ] {
            let request = try Request.make(
                .post, headers: ["Cookie": cookies, "X-CSRFToken": CSRFProtectionTests.token])
            let failure = try await #require(throws: CSRFFailure.self) { try await answer(request) }
            #expect(failure.reason == "the CSRF cookie is missing.")
        }
    }

    @Test func `asking for a token keeps the secret in the session, once`() async throws {
        let page: Handler = { Response(try $0.csrfToken) }
        let first = try await answer(.make(), page)
        #expect(first.headers[.vary] == "Cookie")
        let made = try await secret(of: first)
        let secret = try #require(made)
        let kept = try await cookie(["_csrftoken": .string(secret), "a": 1])
        let second = try await answer(.make(headers: ["Cookie": kept]), page)
        #expect(second.headers[.setCookie] == nil, "the session already has it")
        #expect(second.headers[.vary] == "Cookie")
        let post = try Request.make(.post, headers: ["Cookie": kept, "X-CSRFToken": second.text])
        #expect(try await answer(post).status == .ok)
    }

    @Test func `a page without a token does not depend on the session`() async throws {
        let kept = try await cookie(["_csrftoken": .string(CSRFProtectionTests.secret)])
        for headers: KeyValuePairs in [[:], ["Cookie": kept]] {
            let response = try await answer(.make(headers: headers))
            #expect(response.headers[.vary] == nil)
            #expect(response.headers[.setCookie] == nil)
        }
    }

    @Test func `rotation makes a new secret in the session`() async throws {
        let kept = try await cookie(["_csrftoken": .string(CSRFProtectionTests.secret)])
        let response = try await answer(.make(headers: ["Cookie": kept])) { request in
            try request.rotateCSRFToken()
            return Response("")
        }
        let made = try await secret(of: response)
        #expect(made?.utf8.count == 32)
        #expect(made != CSRFProtectionTests.secret)
    }

    // test_https_good_referer_matches_cookie_domain, with SESSION_COOKIE_DOMAIN.
    @Test(arguments: [("https://foo.example.com/", true), ("https://foo.example.org/", false)])
    func `a Referer may be of the session cookie's domain`(_ referer: String, _ isAllowed: Bool) async throws {
        let request = try Request.make(
            .post,
            headers: [
                "Host": "www.example.com", "Referer": referer, "X-CSRFToken": CSRFProtectionTests.token,
                "Cookie": try await cookie(["_csrftoken": .string(CSRFProtectionTests.secret)]),
            ], isEncrypted: true)
        let response = try? await answer(request)
        #expect((response?.status == .ok) == isAllowed)
    }

    @Test func `without sessions the layer says what is missing`() async throws {
        await #expect(throws: MissingSessions.self) { try await handlers[1].respond(to: .make(), next: echo) }
    }
}
