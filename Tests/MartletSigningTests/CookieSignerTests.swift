import FoundationEssentials
import MartletSigning
import Testing

/// Django's tests/signed_cookies_tests/tests.py, as far as it knows no request.
@Suite struct CookieSignerTests {
    // Made with Django 5.2.19: get_cookie_signer(salt=_cookie_signer_salt("theme", salt)).sign("dark")
    @Test(arguments: [
        ("", "dark:1vb66i:6KkQ-ZrM_EXIuyEww1mXcWukGutOviVpgkG5cLFFh0w"),
        ("Ünï😀", "dark:1vb66i:3EQIriA47OyG2fLjXu1yxIymtkFa8t5oEcwo1NCDUis"),
    ])
    func `the value is signed for name and salt as Django signs it`(_ salt: String, _ signed: String) throws {
        let signer = try CookieSigner("theme", salt: salt, keys: testKeys)
        #expect(try signer.sign("dark", at: newYear) == signed)
        #expect(try signer.unsign(signed, maxAge: nil) == "dark")
        #expect(throws: BadSignature.self) {
            try CookieSigner("thema", salt: salt, keys: testKeys).unsign(signed, maxAge: nil)
        }
    }

    @Test func `what name and salt have together does not tell where one ends`() throws {
        let signed = try CookieSigner("a", salt: "bc", keys: testKeys).sign("hello")
        #expect(throws: BadSignature.self) {
            try CookieSigner("ab", salt: "c", keys: testKeys).unsign(signed, maxAge: nil)
        }
    }

    @Test func `a value from before Django 5.2.15 is believed where that is switched on`() throws {
        let legacy = "dark:1vb66i:WAyvOjCi4OZ9tAx06BhBeb9CNqjSQGXUuuCt8dy6kRY"
        let strict = try CookieSigner("theme", salt: "", keys: testKeys)
        #expect(throws: BadSignature.self) { try strict.unsign(legacy, maxAge: nil) }
        var keys = testKeys
        keys.acceptsLegacyCookies = true
        let lenient = try CookieSigner("theme", salt: "", keys: keys)
        #expect(try lenient.unsign(legacy, maxAge: nil) == "dark")
        #expect(try lenient.sign("dark", at: newYear) == strict.sign("dark", at: newYear))
    }

    @Test(arguments: [
        "hello:1vb66i:WAyvOjCi4OZ9tAx06BhBeb9CNqjSQGXUuuCt8dy6kRY", "dark:1vb66i:", "dark", "",
    ])
    func `neither salt makes a forged value good`(_ forged: String) throws {
        var keys = testKeys
        keys.acceptsLegacyCookies = true
        let signer = try CookieSigner("theme", salt: "", keys: keys)
        #expect(throws: BadSignature.self) { try signer.unsign(forged, maxAge: nil) }
    }

    @Test(arguments: [
        "dark:1vb66i:6KkQ-ZrM_EXIuyEww1mXcWukGutOviVpgkG5cLFFh0w",
        "dark:1vb66i:WAyvOjCi4OZ9tAx06BhBeb9CNqjSQGXUuuCt8dy6kRY",
    ])
    func `a value of either salt grows old`(_ signed: String) throws {
        var keys = testKeys
        keys.acceptsLegacyCookies = true
        let signer = try CookieSigner("theme", salt: "", keys: keys)
        let later = newYear.addingTimeInterval(11)
        #expect(try signer.unsign(signed, maxAge: .seconds(11), at: later) == "dark")
        let error = try #require(throws: BadSignature.self) {
            try signer.unsign(signed, maxAge: .seconds(10), at: later)
        }
        #expect(error.reason == .expired)
    }
}
