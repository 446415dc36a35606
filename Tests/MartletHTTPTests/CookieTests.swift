import FoundationEssentials
import MartletHTTP
import Testing

@Suite struct CookieTests {
    struct Quoting: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let value: String
        let sent: String
    }

    // Made with Python's http.cookies, which Django uses.
    static let quotings = [
        Quoting(testDescription: "plain", value: "plain", sent: "plain"),
        Quoting(testDescription: "a colon, as signed values have it", value: "a:b", sent: "a:b"),
        Quoting(testDescription: "a space", value: "a b", sent: "\"a b\""),
        Quoting(testDescription: "a semicolon", value: "a;b", sent: "\"a\\073b\""),
        Quoting(testDescription: "a comma", value: "a,b", sent: "\"a\\054b\""),
        Quoting(testDescription: "quotes", value: "say \"hi\"", sent: "\"say \\\"hi\\\"\""),
        Quoting(testDescription: "a backslash", value: "back\\slash", sent: "\"back\\\\slash\""),
        Quoting(testDescription: "Latin 1", value: "é", sent: "\"\\351\""),
        Quoting(testDescription: "beyond Latin 1", value: "日本", sent: "\"日本\""),
        Quoting(testDescription: "a line break that would split the header", value: "a\r\nb", sent: "\"a\\015\\012b\""),
        Quoting(testDescription: "legal in quotes", value: "<x>@[]{}()=/?", sent: "\"<x>@[]{}()=/?\""),
        Quoting(
            testDescription: "a combining mark first", value: "\u{5A3}a", sent: "\"\u{5A3}a\""),
        Quoting(testDescription: "empty", value: "", sent: "\"\""),
        Quoting(testDescription: "delete", value: "\u{7F}", sent: "\"\\177\""),
        Quoting(testDescription: "every other legal byte", value: "~!#$%&'*+-.^_`|", sent: "~!#$%&'*+-.^_`|"),
    ]

    @Test(arguments: quotings)
    func `a value is sent as Django sends it, and read back`(_ example: Quoting) throws {
        var response = Response("")
        try response.setCookie(Cookie("n", example.value))
        #expect(response.headers[.setCookie] == "n=\(example.sent); Path=/")
        #expect(try Request.make(headers: ["Cookie": "n=\(example.sent)"]).cookies["n"] == example.value)
    }

    // tests/requests_tests and tests/httpwrappers; the results are those of django.http.parse_cookie.
    @Test(arguments: [
        ("a=b; c=e; d=; f=g=h", ["a=b", "c=e", "d=", "f=g=h"]),
        ("bare", ["=bare"]),
        ("=v", ["=v"]),
        ("a=\"x\\073y\"; b=\"q\\\"q\"", ["a=x;y", "b=q\"q"]),
        ("a=\"x", ["a=\"x"]),
        (" a = b ; ; c", ["a=b", "=c"]),
        ("chips=ahoy; vegetable", ["chips=ahoy", "=vegetable"]),
        ("a=\"\\400\\x\"", ["a=400x"]),
        ("a=\"x;y\"", ["a=\"x", "=y\""]),
        ("key=\"back\\\\\"", ["key=back\\"]),
        ("", []),
        (";;;", []),
    ])
    func `cookies are read as leniently as Django reads them`(_ field: String, _ pairs: [String]) throws {
        let cookies = try Request.make(headers: ["Cookie": field]).cookies
        #expect(cookies.map { "\($0.name)=\($0.value)" } == pairs)
    }

    @Test func `the last of two cookies of a name counts`() throws {
        #expect(try Request.make(headers: ["Cookie": "a=1; a=2"]).cookies["a"] == "2")
        #expect(try Request.make(headers: ["Cookie": "a=1", "Cookie": "a=3; b=2"]).cookies["a"] == "3")
        #expect(try Request.make().cookies["a"] == nil)
    }

    @Test func `a cookie has all attributes`() throws {
        var response = Response("")
        var cookie = Cookie(
            "id", "1", maxAge: .seconds(3_600), expires: Date(timeIntervalSince1970: 784_111_777), path: "/a/",
            domain: "example.com", isSecure: true, isHTTPOnly: true, sameSite: .strict)
        cookie.isPartitioned = true
        try response.setCookie(cookie)
        #expect(
            response.headers[.setCookie] == """
                id=1; Domain=example.com; expires=Sun, 06 Nov 1994 08:49:37 GMT; HttpOnly; Max-Age=3600; Path=/a/; \
                SameSite=Strict; Secure; Partitioned
                """)
    }

    @Test func `a cookie set twice is sent once`() throws {
        var response = Response("")
        try response.setCookie(Cookie("a", "1"))
        try response.setCookie(Cookie("ab", "2"))
        try response.setCookie(Cookie("a", "3"))
        #expect(response.headers.values(.setCookie) == ["ab=2; Path=/", "a=3; Path=/"])
    }

    @Test func `a deleted cookie ends in the past`() throws {
        var response = Response("")
        try response.deleteCookie("__Host-id")
        #expect(
            response.headers[.setCookie] == """
                __Host-id=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; Secure
                """)
    }

    static let refused = [
        Cookie("", "x"), Cookie("a b", "x"), Cookie("a;b", "x"), Cookie("a\r\nX", "x"), Cookie("é", "x"),
        Cookie("a", "x", path: "/;Domain=evil.example"), Cookie("a", "x", path: "/\r\n"),
        Cookie("a", "x", domain: "a;b"), Cookie("a", "x", sameSite: Cookie.SameSite.none), Cookie("__Secure-a", "x"),
        Cookie("__Host-a", "x", path: "/a/", isSecure: true), Cookie("a", String(repeating: "x", count: 5_000)),
    ]

    @Test(arguments: refused)
    func `a cookie that a browser would refuse is an error`(_ cookie: Cookie) throws {
        var response = Response("")
        let error = try #require(throws: CookieError.self) { try response.setCookie(cookie) }
        #expect(error.description.contains("browsers would refuse it. "))
        #expect(!response.headers.contains(.setCookie))
    }
}
