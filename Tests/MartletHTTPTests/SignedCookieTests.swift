import FoundationEssentials
import MartletHTTP
import MartletSigning
import Testing

/// Django's tests/signed_cookies_tests/tests.py. Martlet returns `nil` for a cookie that was not sent, where Django
/// raises KeyError; old signatures (before Django 5.2.15) are believed only where that is switched on.
@Suite struct SignedCookieTests {
    private let keys = SigningKeys("swift-framework-test-key")
    private let start = Date(timeIntervalSince1970: 123_456_789)

    /// Sets a cookie, and sends back what was set.
    private func request(
        name: String = "c", value: String = "hello", salt: String = "", sentAs sentName: String? = nil,
        change: (String) -> String = { $0 }
    ) throws -> Request {
        var response = Response()
        try response.setSignedCookie(Cookie(name, value), salt: salt, keys: keys, at: start)
        let field = try #require(response.headers[.setCookie])
        let pair = try #require(field.split(separator: ";").first).dropFirst(name.count + 1)
        return try Request.make(headers: ["Cookie": "\(sentName ?? name)=\(change(String(pair)))"])
    }

    @Test(arguments: ["hello", "", "a:b", "\u{FC}ber; \"quoted\" 😀"])
    func `a signed cookie is read back`(_ value: String) throws {
        #expect(try request(value: value).signedCookie("c", keys: keys) == value)
    }

    @Test func `the value stands in front of its signature`() throws {
        var response = Response()
        try response.setSignedCookie(
            Cookie("theme", "dark", maxAge: .seconds(7_200), isSecure: true, sameSite: .lax), keys: keys,
            at: Date(timeIntervalSince1970: 1_767_225_600))
        #expect(
            response.headers[.setCookie]
                == "theme=dark:1vb66i:6KkQ-ZrM_EXIuyEww1mXcWukGutOviVpgkG5cLFFh0w; Max-Age=7200; Path=/; "
                + "SameSite=Lax; Secure")
    }

    @Test func `another salt is another signature`() throws {
        let request = try request(salt: "one")
        #expect(try request.signedCookie("c", salt: "one", keys: keys) == "hello")
        #expect(throws: BadSignature.self) { try request.signedCookie("c", salt: "two", keys: keys) }
    }

    @Test func `the value of one cookie is worth nothing as another`() throws {
        let request = try request(name: "a", salt: "bc", sentAs: "ab")
        #expect(throws: BadSignature.self) { try request.signedCookie("ab", salt: "c", keys: keys) }
    }

    @Test func `a cookie that was not sent is no error`() throws {
        #expect(try Request.make().signedCookie("c", keys: keys) == nil)
        // Not even the keys are asked for.
        #expect(try Request.make().signedCookie("c") == nil)
    }

    @Test(arguments: ["$$", "", ":", "a:b:c", "hello", "%00", "\"\\000\""])
    func `a forged cookie is a 400 that names it and not its value`(_ end: String) throws {
        let request = try request(change: { $0.dropLast(2) + end })
        let error = try #require(throws: BadSignature.self) { try request.signedCookie("c", keys: keys) }
        #expect(error.reason == .mismatch)
        let response: any HTTPResponseError = error
        #expect(response.status == .badRequest)
        #expect(response.message == "The cookie 'c': The signature does not match.")
    }

    @Test(arguments: [(12, true), (11, true), (10, false)])
    func `a cookie that is too old is refused`(_ seconds: Int, _ isBelieved: Bool) throws {
        let request = try request()
        let later = start.addingTimeInterval(11)
        if isBelieved {
            #expect(try request.signedCookie("c", maxAge: .seconds(seconds), keys: keys, at: later) == "hello")
        } else {
            let error = try #require(throws: BadSignature.self) {
                try request.signedCookie("c", maxAge: .seconds(seconds), keys: keys, at: later)
            }
            #expect(error.reason == .expired)
        }
    }

    @Test func `without keys nothing is signed`() throws {
        var response = Response()
        let error = try #require(throws: SigningError.self) { try response.setSignedCookie(Cookie("c", "hello")) }
        #expect(error.code == .noKeys)
        #expect(response.headers[.setCookie] == nil)
    }

    @Test func `the keys of the task are those that sign`() throws {
        let value = try SigningKeys.$current.withValue(keys) { try request().signedCookie("c") }
        #expect(value == "hello")
    }
}
