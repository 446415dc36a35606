import MartletHTTP
import Testing

@Suite struct SafeTargetTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let target: String
        let isSafe: Bool
        var hosts: Set<String> = ["testserver"]
        var isHTTPS = false

        var testDescription: String { "\(target.prefix(50).debugDescription)\(isHTTPS ? " over HTTPS" : "")" }
    }

    private static func cases(_ isSafe: Bool, _ hosts: Set<String>, isHTTPS: Bool = false, _ targets: [String])
        -> [Case]
    {
        targets.map { Case(target: $0, isSafe: isSafe, hosts: hosts, isHTTPS: isHTTPS) }
    }

    // Django, tests/utils_tests/test_http.py, URLHasAllowedHostAndSchemeTests
    static let bad = cases(
        false, ["testserver", "testserver2"],
        [
            "http://example.com", "http:///example.com", "https://example.com", "ftp://example.com",
            #"\\example.com"#, #"\\\example.com"#, #"/\\/example.com"#, #"\\//example.com"#, #"/\/example.com"#,
            #"\/example.com"#, #"/\example.com"#, #"http:/\//example.com"#, #"http:\/example.com"#,
            #"http:/\example.com"#, "javascript:alert(\"XSS\")", "\njavascript:alert(x)", "java\nscript:alert(x)",
            "\u{8}//example.com", #"http://otherserver\@example.com"#, #"http:\\testserver\@example.com"#,
            #"http://testserver\me:pass@example.com"#, #"http://testserver\@example.com"#,
            #"http:\\testserver\confirm\me@example.com"#, "http:999999999", "ftp:9999999999", "\n",
            "http://[2001:cdba:0000:0000:0000:0000:3257:9652/", "http://2001:cdba:0000:0000:0000:0000:3257:9652]/",
        ])

    static let good = cases(
        true, ["otherserver", "testserver"],
        [
            "/view/?param=http://example.com", "/view/?param=https://example.com", "/view?param=ftp://example.com",
            "view/?param=//example.com", "https://testserver/", "HTTPS://testserver/", "//testserver/",
            "http://testserver/confirm?email=me@example.com", "/url%20with%20spaces/", "path/http:2222222222",
        ])

    static let others =
        cases(true, ["user:pass@testserver"], ["http://user:pass@testserver/"])
        + cases(true, [], ["/confirm/me@example.com"])
        + cases(false, [], [#"http://testserver\@example.com"#, "", "   ", "http://testserver/"])
        + cases(true, ["good.com"], ["http://good.com/good"])
        + cases(false, ["good.com"], ["http://good.co/evil", "http://good.com.evil/", "http://good.com:8080/"])
        + cases(
            true, ["example.com"], isHTTPS: true,
            ["https://example.com/p", "HTTPS://example.com/p", "/view/?param=http://example.com"])
        + cases(
            false, ["example.com"], isHTTPS: true, ["http://example.com/p", "ftp://example.com/p", "//example.com/p"])
        + cases(true, ["example.com"], ["example.com/" + String(repeating: "é", count: 2_036)])
        + cases(false, ["example.com"], ["example.com/" + String(repeating: "é", count: 2_037)])
        // Hosts are the same in any case; Django compares their letters.
        + cases(true, ["Example.COM"], ["http://EXAMPLE.com/"])
        // What Unicode adds to a slash makes another character of it in Swift, and the same slash in a browser.
        + cases(
            false, ["testserver"],
            [
                "//\u{301}example.com", "//\u{FE0F}example.com", "/\\\u{200D}example.com", "///\u{301}example.com",
                "http:\u{FE0F}//example.com", "javascript:\u{301}alert(1)", "\u{200B}//example.com",
                "\u{FEFF}//example.com", "/ok\u{0}", "/ok\r\nSet-Cookie: x=1", "http://testserver@example.com/",
                "http://testserver:80@example.com/", "//testserver\\@example.com", "\t//example.com", "////example.com",
                "data:text/html,x", "blob:https://testserver/x", "http://example.com#@testserver/",
                "http://example.com?@testserver/", "//", "//?x", "//#@example.com",
            ])

    @Test(arguments: bad + good + others)
    func `an address of a client is followed only to hosts that are allowed`(_ example: Case) throws {
        #expect(
            SafeTarget.isSafe(
                example.target, hosts: Set(example.hosts.map { $0.lowercased() }), requiresHTTPS: example.isHTTPS)
                == example.isSafe)
        let request = try Request.make(headers: ["Host": "own.example"], isEncrypted: example.isHTTPS)
        let response = try Response.redirect(
            toUserSupplied: example.target, for: request, allowedHosts: example.hosts, fallback: "/home/")
        #expect((response.headers[.location] == "/home/") != example.isSafe)
        #expect(response.status == .found)
    }

    @Test func `the request's own host is allowed, with its port`() throws {
        let request = try Request.make(headers: ["Host": "own.example:8000"])
        #expect(request.allowsRedirect(to: "http://own.example:8000/next/"))
        #expect(!request.allowsRedirect(to: "http://own.example/next/"))
        #expect(!(try Request.make()).allowsRedirect(to: "http://own.example/next/"))
    }

    @Test func `nothing leads to the fallback, and the status is the caller's`() throws {
        let request = try Request.make(headers: ["Host": "own.example"])
        let response = try Response.redirect(toUserSupplied: nil, for: request, fallback: "/é/", status: .seeOther)
        #expect(response.headers[.location] == "/%C3%A9/")
        #expect(response.status == .seeOther)
    }

    @Test(arguments: [
        (RedirectStatus.movedPermanently, 301), (.found, 302), (.seeOther, 303), (.temporaryRedirect, 307),
        (.permanentRedirect, 308),
    ])
    func `each way of sending elsewhere has its code`(_ status: RedirectStatus, _ code: Int) throws {
        #expect(try Response.redirect(to: "/", status: status).status.code == code)
    }

    // tests/httpwrappers/tests.py: test_redirect_url_max_length, test_unsafe_redirect. Django also takes `ftp`.
    @Test func `a target without end, or of another scheme, is refused`() throws {
        let long = "https://example.com/" + String(repeating: "x", count: 16_384 - 20)
        #expect(try Response.redirect(to: long).headers[.location] == long)
        for target in [
            long + "x", String(repeating: "é", count: 16_385), "mailto:test@example.com", "file:///etc/passwd",
        ] {
            #expect(throws: HTTPError.self) { try Response.redirect(to: target) }
        }
        #expect(throws: HTTPError.self) { try Response.redirect(to: "javascript:\u{FE0F}alert(1)") }
    }
}
