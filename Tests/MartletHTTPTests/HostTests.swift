import MartletHTTP
import MartletValues
import Testing

@Suite struct HostTests {
    // tests/requests_tests/tests.py: HostValidationTests
    @Test(
        arguments: [
            ("example.com", "example.com", nil), ("Example.COM:8080", "example.com", 8080),
            ("12.34.56.78:80", "12.34.56.78", 80),
            ("[2001:19f0:feee::dead:beef:cafe]", "[2001:19f0:feee::dead:beef:cafe]", nil),
            ("[2001:19f0::1]:8080", "[2001:19f0::1]", 8080), ("xn--4ca9at.com", "xn--4ca9at.com", nil),
            ("anything.multitenant.com.", "anything.multitenant.com.", nil), ("example.com:0", "example.com", 0),
        ] as [(String, String, Int?)])
    func `a host is read`(_ field: String, _ name: String, _ port: Int?) throws {
        let host = try Request.make(headers: ["Host": field]).host
        #expect(host.name == name)
        #expect(host.port == port)
    }

    @Test(arguments: [
        "example.com@evil.tld", "example.com:dr.frankenstein@evil.tld", "example.com:80/badpath",
        "example.com: recovermypassword.com",
        "example.com:99999", "example.com:", "example.com:+80", "", " ", "ex_ample.com", "example.com/", "exa mple.com",
        "[::1", "[::1]x", "[127.0.0.1]", "[fe80::1%25eth0]", "é.com", "a\u{0}b", "example.com?x",
    ])
    func `a malformed host is a 400`(_ field: String) throws {
        #expect(RequestHost(field) == nil)
        var request = try Request.make()
        #expect(throws: HTTPError.self) { try request.host }
        if field.utf8.allSatisfy({ $0 >= 0x20 }) {
            request = try Request.make(headers: ["Host": field])
            #expect(throws: HTTPError.self) { try request.host }
        }
    }

    @Test func `two hosts are a 400`() throws {
        let request = try Request.make(headers: ["Host": "a.example", "Host": "b.example"])
        #expect(throws: HTTPError.self) { try request.host }
    }

    // tests/requests_tests/tests.py: BuildAbsoluteURITests
    @Test(arguments: [
        ("/absolute/path/", "https://testserver/absolute/path/"), ("/p/?q=é#f", "https://testserver/p/?q=%C3%A9#f"),
        ("http://example.com/é", "http://example.com/%C3%A9"), ("relative", "https://testserver/foo/relative"),
        // As a browser reads it. Never give it a path that a client has chosen.
        ("//example.com/?foo=bar", "https://example.com/?foo=bar"), ("///foo/bar/", "https://testserver/foo/bar/"),
        ("/foo/bar/", "https://testserver/foo/bar/"), ("/foo/./bar/", "https://testserver/foo/bar/"),
        ("/foo/../bar/", "https://testserver/bar/"), ("/../../x", "https://testserver/x"),
        ("/a/..", "https://testserver/"),
        ("../x", "https://testserver/x"), ("./x?a=../b", "https://testserver/foo/x?a=../b"),
        ("/path/with:colons", "https://testserver/path/with:colons"), ("?a=1", "https://testserver/foo/bar?a=1"),
        ("#top", "https://testserver/foo/bar#top"), ("", "https://testserver/foo/bar"),
        ("mailto:ann@example.com", "mailto:ann@example.com"),
        // A slash with a mark above it is a slash with something behind it.
        ("/\u{301}x", "https://testserver/%CC%81x"), ("//\u{301}x/", "https://%CC%81x/"),
    ])
    func `a path becomes a whole URL`(_ location: String, _ url: String) throws {
        let request = try Request.make(.get, "/foo/bar", headers: ["Host": "testserver"], isEncrypted: true)
        #expect(try request.absoluteURL(for: location) == url)
    }
}

@Suite struct OwnURLTests {
    @Test(arguments: [
        ("/foo/bar", "", "https://testserver/foo/bar"), ("/foo/", "a=1&b=%2F", "https://testserver/foo/?a=1&b=%2F"),
        ("//absolute-uri", "", "https://testserver//absolute-uri"), ("/é/?#", "", "https://testserver/%C3%A9/%3F%23"),
    ])
    func `a request knows its own URL`(_ path: String, _ query: String, _ url: String) throws {
        let request = try Request.make(.get, path, query: query, headers: ["Host": "testserver"], isEncrypted: true)
        #expect(try request.absoluteURL() == url)
    }

    @Test func `without a host there is no URL`() throws {
        #expect(throws: HTTPError.self) { try Request.make().absoluteURL() }
        #expect(throws: HTTPError.self) { try Request.make().absoluteURL(for: "/x") }
    }
}

@Suite struct ForwardingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var peer = "10.0.0.1"
        var headers: KeyValuePairs<String, String> = [:]
        let client: String
        var isSecure = false
    }

    static let cases = [
        Case(testDescription: "nothing forwarded", client: "10.0.0.1"),
        Case(
            testDescription: "one proxy", headers: ["X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https"],
            client: "1.2.3.4", isSecure: true),
        Case(
            testDescription: "a client that is no proxy is not believed", peer: "8.8.8.8",
            headers: ["X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https"], client: "8.8.8.8"),
        Case(
            testDescription: "what the client has invented stands left of its address",
            headers: ["X-Forwarded-For": "6.6.6.6, 1.2.3.4, 10.0.0.7"], client: "1.2.3.4"),
        Case(
            testDescription: "two fields are one list",
            headers: ["X-Forwarded-For": "1.2.3.4", "X-Forwarded-For": "10.0.0.7"],
            client: "1.2.3.4"),
        Case(
            testDescription: "only proxies: the first of them asked",
            headers: ["X-Forwarded-For": "10.0.0.8, 10.0.0.7"],
            client: "10.0.0.8"),
        Case(
            testDescription: "no address", headers: ["X-Forwarded-For": "1.2.3.4, <script>, 10.0.0.7"],
            client: "10.0.0.7"),
        // A letter that joins what follows, and a mark that joins what is before it, make another character of a comma.
        Case(
            testDescription: "a comma that a letter joins", headers: ["X-Forwarded-For": "6.6.6.6\u{600}, 1.2.3.4"],
            client: "1.2.3.4"),
        Case(
            testDescription: "a comma that a letter joins, behind a zone",
            headers: ["X-Forwarded-For": "::ffff:10.0.0.5%x\u{600}, 1.2.3.4"], client: "1.2.3.4"),
        Case(
            testDescription: "a comma with a mark", headers: ["X-Forwarded-For": "6.6.6.6,\u{301}, 1.2.3.4, 10.0.0.7"],
            client: "1.2.3.4"),
        Case(
            testDescription: "a zone that hides more",
            headers: ["X-Forwarded-For": "6.6.6.6, ::ffff:10.0.0.5%x 1.2.3.4"], client: "10.0.0.1"),
        Case(testDescription: "empty", headers: ["X-Forwarded-For": ""], client: "10.0.0.1"),
        Case(
            testDescription: "IPv6", peer: "::1", headers: ["X-Forwarded-For": "[2001:DB8::1]"], client: "2001:db8::1"),
        Case(
            testDescription: "IPv4 written as IPv6", peer: "::ffff:10.0.0.1", headers: ["X-Forwarded-For": "1.2.3.4"],
            client: "1.2.3.4"),
        Case(
            testDescription: "each hop has its scheme",
            headers: ["X-Forwarded-For": "1.2.3.4, 10.0.0.7", "X-Forwarded-Proto": "https, http"], client: "1.2.3.4",
            isSecure: true),
        Case(
            testDescription: "an invented scheme is not the client's",
            headers: ["X-Forwarded-For": "6.6.6.6, 1.2.3.4", "X-Forwarded-Proto": "https, http"], client: "1.2.3.4"),
    ]

    @Test(arguments: cases)
    func `the client is the right-most address that is not trusted`(_ example: Case) throws {
        var request = try Request.make(headers: example.headers, peer: example.peer)
        request.believe(ForwardedSettings(proxies: ["10.0.0.0/8", "::1"].compactMap(AddressRange.init)))
        #expect(request.clientAddress == example.client)
        #expect(request.isSecure == example.isSecure)
    }

    @Test func `the other end of a Unix socket is believed only where it is listed`() throws {
        for (proxies, client) in [(["unix"], "1.2.3.4"), (["0.0.0.0/0", "::/0"], "unix"), ([], "unix")] {
            var request = try Request.make(headers: ["X-Forwarded-For": "1.2.3.4"], peer: "unix")
            request.believe(ForwardedSettings(proxies: proxies.compactMap(AddressRange.init)))
            #expect(request.clientAddress == client)
        }
        // A name that a client has invented is no socket.
        var request = try Request.make(headers: ["X-Forwarded-For": "6.6.6.6, unix"], peer: "10.0.0.1")
        request.believe(ForwardedSettings(proxies: ["unix", "10.0.0.1"].compactMap(AddressRange.init)))
        #expect(request.clientAddress == "10.0.0.1")
        let unix = try #require(AddressRange("unix"))
        #expect(try !unix.contains(#require(IPAddress("::"))) && unix.description == "unix")
    }

    @Test func `without settings nobody is believed`() throws {
        let request = try Request.make(headers: ["X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https"])
        #expect(request.clientAddress == "127.0.0.1")
        #expect(!request.isSecure)
    }

    @Test func `a forwarded host counts only where it is asked for`() throws {
        var request = try Request.make(headers: ["Host": "in", "X-Forwarded-Host": "out.example"], peer: "10.0.0.1")
        var settings = ForwardedSettings(proxies: ["10.0.0.1"].compactMap(AddressRange.init))
        request.believe(settings)
        #expect(try request.host.name == "in")
        settings.usesForwardedHost = true
        request.believe(settings)
        #expect(try request.host.name == "out.example")
    }

    @Test(arguments: [
        "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/x", "::/129", "", "/8", "host", "10.0.0/8",
    ])
    func `what is no range is refused`(_ text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test func `all of IPv4 is not all of IPv6`() throws {
        let all4 = try #require(AddressRange("0.0.0.0/0"))
        let all6 = try #require(AddressRange("::/0"))
        let one6 = try #require(IPAddress("2001:db8::1"))
        #expect(all4.contains(try #require(IPAddress("8.8.8.8"))))
        #expect(!all4.contains(one6))
        #expect(all6.contains(one6))
    }
}
