import MartletHTTP
import MartletRouting
import MartletSigning
import MartletSite
import Testing

/// What a site signs with: `SECRET_KEY` and its fallbacks.
@Suite struct SiteSigningTests {
    private func site(_ variables: [String: String]) throws -> RunningSite {
        let urls = URLs {
            path("sign/", { _ in Response(try Signing.dumps("hello", salt: "page")) })
            path(
                "read/",
                { request in Response(try Signing.loads(String.self, from: request.queryString, salt: "page")) })
            path("theme/", { request in Response(try request.signedCookie("theme") ?? "light") })
        }
        let complete = [
            "SECRET_KEY": "the-key-of-today", "ALLOWED_HOSTS": "example.org",
            "DATABASE_URL": "sqlite:///unused.sqlite3",
        ]
        let settings = try Settings(Environment(complete.merging(variables) { $1 }))
        return try RunningSite(Site(apps: [], urls: urls, templates: []), settings: settings)
    }

    private func get(
        _ path: String, query: String = "", headers: KeyValuePairs<String, String> = ["Host": "example.org"],
        from site: RunningSite
    ) async throws -> (status: HTTPStatus, text: String) {
        let request = Request(
            method: .get, target: path, path: path, queryString: query, headers: try Headers(headers),
            body: RequestBody(), peerAddress: "127.0.0.1", isEncrypted: false)
        let response = try await site.handle(request)
        return (response.status, String(decoding: try await response.body.collect(), as: UTF8.self))
    }

    @Test func `views sign with SECRET_KEY and need not name it`() async throws {
        let site = try site([:])
        let signed = try await get("/sign/", from: site).text
        #expect(
            try Signing.loads(String.self, from: signed, salt: "page", keys: SigningKeys("the-key-of-today")) == "hello"
        )
        #expect(try await get("/read/", query: signed, from: site).text == "hello")
        await site.close()
    }

    @Test func `what an earlier key signed is believed while the key is a fallback`() async throws {
        let before = try site(["SECRET_KEY": "the-key-of-yesterday"])
        let signed = try await get("/sign/", from: before).text
        let after = try site(["SECRET_KEY_FALLBACKS": "an-older-one, the-key-of-yesterday"])
        #expect(try await get("/read/", query: signed, from: after).text == "hello")
        let later = try site([:])
        #expect(try await get("/read/", query: signed, from: later).status == .badRequest)
        for site in [before, after, later] { await site.close() }
    }

    @Test func `old signatures of cookies are believed where that is switched on`() async throws {
        // Made with Django 5.2.19: get_cookie_signer(salt=_cookie_signer_legacy_salt("theme")).sign("dark")
        let cookie = "theme=dark:1vb66i:WAyvOjCi4OZ9tAx06BhBeb9CNqjSQGXUuuCt8dy6kRY"
        let key = ["SECRET_KEY": "swift-framework-test-key"]
        let strict = try site(key)
        let lenient = try site(key.merging(["SIGNED_COOKIE_LEGACY_SALT_FALLBACK": "true"]) { $1 })
        let headers: KeyValuePairs = ["Host": "example.org", "Cookie": cookie]
        #expect(try await get("/theme/", headers: headers, from: lenient).text == "dark")
        let refused = try await get("/theme/", headers: headers, from: strict)
        #expect(refused.status == .badRequest)
        #expect(refused.text.contains("The cookie 'theme'") || refused.text.contains("The cookie &#x27;theme&#x27;"))
        for site in [strict, lenient] { await site.close() }
    }

    @Test func `no setting and no error shows a key`() throws {
        let settings = try Settings(
            Environment([
                "SECRET_KEY": "hunter2", "SECRET_KEY_FALLBACKS": "hunter1,hunter0", "ALLOWED_HOSTS": "example.org",
            ]))
        #expect(!"\(settings) \(settings.signingKeys)".contains("hunter"))
        let error = #expect(throws: SettingsError.self) {
            try Settings(Environment(["SECRET_KEY_FALLBACKS": "hunter1", "ALLOWED_HOSTS": "example.org"]))
        }
        #expect(error?.description.contains("hunter") == false)
    }
}
