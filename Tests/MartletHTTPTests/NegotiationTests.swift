import MartletHTTP
import Testing

@Suite struct NegotiationTests {
    // RFC 9110 §12.5.1; tests/requests_tests/test_accept_header.py
    @Test(arguments: [
        ("application/json", true), ("text/html", false), ("*/*", false), ("", false),
        ("text/html, application/json;q=0.9", false), ("text/html;q=0.8, application/json;q=0.9", true),
        ("text/*, application/json", false), ("text/*;q=0.5, */*;q=0.7", true), ("application/*, text/html;q=0", true),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false),
        ("APPLICATION/JSON ; Q=1, text/html; q=0.2", true), ("nonsense", false),
        ("application/json;q=2, text/html", false),
        ("/, ;;, application/json", true), ("*/json", false),
    ])
    func `JSON is preferred when the client says so`(_ accept: String, _ prefersJSON: Bool) throws {
        let request = try Request.make(headers: ["Accept": accept])
        #expect(request.prefers(.json, over: .html) == prefersJSON)
    }

    @Test func `without Accept everything is accepted and nothing preferred`() throws {
        let request = try Request.make()
        #expect(request.accepted.contains(.json))
        #expect(!request.prefers(.json, over: .html))
        #expect(try !Request.make(headers: ["Accept": "text/html"]).accepted.contains(.json))
    }

    @Test func `a list without end is read to a limit`() throws {
        let accept = String(repeating: "a/b,", count: 20_000) + "application/json"
        #expect(try !Request.make(headers: ["Accept": accept]).accepted.contains(.json))
    }
}

@Suite struct RedirectTests {
    @Test(arguments: [
        ("/posts/", "/posts/"), ("/é/?q=ü#ß", "/%C3%A9/?q=%C3%BC#%C3%9F"), ("/a%20b", "/a%20b"),
        ("https://example.com/x", "https://example.com/x"), ("?page=2", "?page=2"), ("/a b", "/a%20b"), ("", ""),
        ("/x:y", "/x:y"),
    ])
    func `a redirect says where to go`(_ target: String, _ location: String) throws {
        let response = try Response.redirect(to: target)
        #expect(response.status == .found)
        #expect(response.headers[.location] == location)
    }

    @Test(arguments: [
        "/a\r\nSet-Cookie: x=1", "/a\u{0}", "javascript:alert(1)", "JavaScript:x", "data:text/html,x", " ftp://x",
    ])
    func `a target that splits the header or runs a script is refused`(_ target: String) throws {
        let error = try #require(throws: HTTPError.self) { try Response.redirect(to: target) }
        #expect(error.status == .badRequest)
    }

    @Test func `a literal makes a header name without an optional`() {
        #expect(HeaderName(literal: "X-Powered-By") == HeaderName("x-powered-by"))
    }
}
