import MartletHTTP
import MartletMiddleware
import MartletRouting
import Testing

/// Expectations of Django's tests/middleware/tests.py, CommonMiddlewareTest; what the dispatcher does of it is tested there,
/// and `Content-Length` with the server.
@Suite struct CommonRulesTests {
    private static func site(_ layer: CommonRules) throws -> Handler {
        let table = try RouteTable(
            URLs {
                path("slash/", echo)
                path("noslash", echo)
                path("path/", echo)
                path("needsquoting#/", echo)
            })
        return Dispatcher(table, middleware: [layer]).handler
    }

    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var host = "testserver"
        var method = HTTPMethod.get
        let path: String
        var query = ""
        var isSecure = false
        var appendsSlash = true
        let location: String?
        var status = HTTPStatus.movedPermanently
    }

    static let examples = [
        Example(
            testDescription: "test_prepend_www", path: "/path/", appendsSlash: false,
            location: "http://www.testserver/path/"),
        Example(
            testDescription: "test_prepend_www_append_slash_have_slash", path: "/slash/",
            location: "http://www.testserver/slash/"),
        Example(
            testDescription: "test_prepend_www_append_slash_slashless", path: "/slash",
            location: "http://www.testserver/slash/"),
        Example(
            testDescription: "a path that needs no slash", path: "/noslash", location: "http://www.testserver/noslash"),
        Example(
            testDescription: "a path that nobody knows", path: "/unknown", location: "http://www.testserver/unknown"),
        Example(
            testDescription: "no slash where none is wanted", path: "/slash", appendsSlash: false,
            location: "http://www.testserver/slash"),
        Example(
            testDescription: "query, quoting and scheme", path: "/needsquoting#", query: "a=1/&b=caf%C3%A9",
            isSecure: true, location: "https://www.testserver/needsquoting%23/?a=1/&b=caf%C3%A9"),
        Example(
            testDescription: "a port", host: "testserver:8000", path: "/path/",
            location: "http://www.testserver:8000/path/"),
        Example(
            testDescription: "a path that could be taken for a host", path: "//evil.com/x",
            location: "http://www.testserver/%2Fevil.com/x"),
        // Django answers 301, after which clients send a GET without the content.
        Example(
            testDescription: "a form keeps its content", method: .post, path: "/path/",
            location: "http://www.testserver/path/", status: .permanentRedirect),
        Example(testDescription: "www is there", host: "www.testserver", path: "/path/", location: nil, status: .ok),
        Example(
            testDescription: "www in capitals is there", host: "WWW.testserver", path: "/path/", location: nil,
            status: .ok),
        Example(
            testDescription: "a malformed host goes nowhere", host: "a@evil.com", path: "/path/", location: nil,
            status: .badRequest),
    ]

    @Test(arguments: examples)
    func `clients are sent to the host with www`(_ example: Example) async throws {
        let handler = try Self.site(CommonRules(prependsWWW: true, appendsSlash: example.appendsSlash))
        let request = try Request.make(
            example.method, example.path, query: example.query, headers: ["Host": example.host],
            isEncrypted: example.isSecure)
        let response = try await handler(request)
        #expect(response.status == example.status)
        #expect(response.headers[.location] == example.location)
    }

    // test_disallowed_user_agents
    @Test func `a disallowed user agent is refused`() async throws {
        let handler = try Self.site(CommonRules(disallowedUserAgents: [TextPattern("foo"), TextPattern("^Bot")]))
        for (agent, status) in [("foo", HTTPStatus.forbidden), ("a foo b", .forbidden), ("Bot/1", .forbidden)] {
            #expect(try await handler(.make(.get, "/slash/", headers: ["User-Agent": agent])).status == status)
        }
        #expect(try await handler(.make(.get, "/slash/", headers: ["User-Agent": "A Bot"])).status == .ok)
        #expect(try await handler(.make(.get, "/slash/")).status == .ok)
    }
}
