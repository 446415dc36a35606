import MartletValues
import Testing

@testable import MartletHTTP

/// RFC 7239, and which of two families of headers is believed.
@Suite struct ForwardedTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var peer = "10.0.0.1"
        let fields: [String]
        let client: String
        var isSecure = false
        var host: String? = nil
    }

    static let cases = [
        Case(testDescription: "nothing", fields: [], client: "10.0.0.1"),
        Case(
            testDescription: "all parameters, in any letters",
            fields: ["For=192.0.2.60;PROTO=https;By=203.0.113.43;hOst=a.example"], client: "192.0.2.60", isSecure: true,
            host: "a.example"),
        Case(testDescription: "quoted with a port", fields: [#"for="192.0.2.43:47011""#], client: "192.0.2.43"),
        Case(testDescription: "a port without quotes", fields: ["for=192.0.2.43:47011"], client: "192.0.2.43"),
        Case(
            testDescription: "IPv6 in brackets", fields: [#"for="[2001:DB8:cafe::17]:4711";proto=https"#],
            client: "2001:db8:cafe::17", isSecure: true),
        Case(testDescription: "a zone", fields: [#"for="[fe80::1%25eth0]""#], client: "fe80::1"),
        Case(testDescription: "IPv4 as IPv6", fields: [#"for="[::ffff:192.0.2.1]""#], client: "192.0.2.1"),
        Case(testDescription: "a hidden port", fields: [#"for="192.0.2.43:_gazonk""#], client: "192.0.2.43"),
        Case(testDescription: "an escaped quotation", fields: [#"for="192\.0.2.1""#], client: "192.0.2.1"),
        Case(
            testDescription: "a client that is no proxy is not believed", peer: "8.8.8.8",
            fields: ["for=192.0.2.1;proto=https;host=evil"], client: "8.8.8.8"),
        Case(
            testDescription: "a trusted proxy whose address is written as IPv6", peer: "::ffff:10.0.0.1",
            fields: ["for=192.0.2.1"], client: "192.0.2.1"),
        Case(
            testDescription: "what the client has invented stands left of its address",
            fields: ["for=6.6.6.6;proto=https;host=evil, for=192.0.2.1;proto=http"], client: "192.0.2.1"),
        Case(
            testDescription: "two proxies",
            fields: ["for=192.0.2.1;proto=https;host=a, for=10.0.0.7;proto=http;host=b"],
            client: "192.0.2.1", isSecure: true, host: "a"),
        Case(
            testDescription: "two fields are one list", fields: ["for=192.0.2.1;proto=https", "for=10.0.0.7"],
            client: "192.0.2.1", isSecure: true),
        Case(
            testDescription: "only proxies: the first of them asked", fields: ["for=10.0.0.8, for=10.0.0.7"],
            client: "10.0.0.8"),
        Case(
            testDescription: "a proxy that hides its client", fields: ["for=6.6.6.6, for=_hidden;proto=https"],
            client: "10.0.0.1", isSecure: true),
        Case(
            testDescription: "a proxy that does not know its client",
            fields: ["for=6.6.6.6, for=unknown;proto=https, for=10.0.0.7"], client: "10.0.0.7", isSecure: true),
        Case(
            testDescription: "a proxy that tells only the scheme", fields: ["for=6.6.6.6, proto=https"],
            client: "10.0.0.1", isSecure: true),
        Case(
            testDescription: "a quotation that the client has opened does not swallow the proxy's element",
            fields: [#"for="6.6.6.6"#, "for=192.0.2.1;proto=https"], client: "192.0.2.1", isSecure: true),
        Case(
            testDescription: "the same in one field", fields: [#"by="x, for=192.0.2.1"#], client: "192.0.2.1"),
        Case(
            testDescription: "an escape at the client's end", fields: [#"for="6.6.6.6\"#, "for=192.0.2.1"],
            client: "192.0.2.1"),
        Case(
            testDescription: "commas and semicolons in quotation marks",
            fields: [#"for=192.0.2.1;proto=https, for=10.0.0.7;by="_a,b;c=\"d,e""#], client: "192.0.2.1",
            isSecure: true),
        Case(
            testDescription: "a broken element ends the chain", fields: ["for=192.0.2.1, for=, for=10.0.0.7"],
            client: "10.0.0.7"),
        Case(
            testDescription: "a repeated name is no element", fields: ["for=192.0.2.1;for=6.6.6.6"],
            client: "10.0.0.1"),
        Case(testDescription: "no pair", fields: ["192.0.2.1"], client: "10.0.0.1"),
        Case(testDescription: "no value", fields: ["for=192.0.2.1;proto="], client: "10.0.0.1"),
        Case(testDescription: "blanks around the sign", fields: ["for = 192.0.2.1"], client: "10.0.0.1"),
        Case(testDescription: "text behind the quotation", fields: [#"for="192.0.2.1"x"#], client: "10.0.0.1"),
        Case(
            testDescription: "empty elements and pairs", fields: [" , ;for=192.0.2.1;; , ,\t,"], client: "192.0.2.1"),
        Case(testDescription: "an address in letters", fields: ["for=localhost"], client: "10.0.0.1"),
        Case(testDescription: "a port that is none", fields: [#"for="192.0.2.1:123456""#], client: "10.0.0.1"),
        Case(testDescription: "brackets without an end", fields: [#"for="[2001:db8::1""#], client: "10.0.0.1"),
        Case(testDescription: "IPv4 in brackets", fields: [#"for="[192.0.2.1]""#], client: "10.0.0.1"),
        Case(
            testDescription: "commas beyond measure",
            fields: ["for=192.0.2.1", "by=\"" + String(repeating: ",", count: 10_000) + "\""], client: "10.0.0.1"),
    ]

    @Test(arguments: cases)
    func `the client is the right-most one that is not trusted`(_ example: Case) throws {
        let fields = example.fields.map { ("Forwarded", $0) }
        var request = try make(fields + [("Host", "own.example")], peer: example.peer)
        request.believe(
            ForwardedSettings(
                proxies: ["10.0.0.0/8"].compactMap(AddressRange.init), usesForwardedHost: true, source: .forwarded))
        #expect(request.clientAddress == example.client)
        #expect(request.isSecure == example.isSecure)
        #expect(try request.host.name == example.host ?? "own.example")
    }

    @Test func `only the chosen headers count`() throws {
        let fields = [
            ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "http"), ("Forwarded", "for=192.0.2.2;proto=https"),
        ]
        let proxies = ["10.0.0.1"].compactMap(AddressRange.init)
        var request = try make(fields, peer: "10.0.0.1")
        request.believe(ForwardedSettings(proxies: proxies))
        #expect(request.clientAddress == "192.0.2.1")
        #expect(!request.isSecure)
        request.believe(ForwardedSettings(proxies: proxies, source: .forwarded))
        #expect(request.clientAddress == "192.0.2.2")
        #expect(request.isSecure)
    }

    @Test(
        arguments: [
            ("192.0.2.1:80", "192.0.2.1"), ("[2001:db8::1]:80", "2001:db8::1"), ("2001:db8::1", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("192.0.2.1:", nil), ("192.0.2.1:x", nil),
            ("192.0.2.1:80:80", nil), ("192.0.2.1%eth0", nil), ("::1%", nil), ("::1%a b", nil),
            ("::1%x\u{600}", nil), ("[::1%x\u{301}]", nil), ("::\u{301}1", nil), ("192.0.2.1:\u{301}80", nil),
            ("[::1]x", nil), ("[]", nil), ("", nil), ("_", nil),
            ("unknown", nil), ("2001:db8::1:x", nil),
        ] as [(String, String?)])
    func `an address is read as proxies write it`(_ text: String, _ address: String?) {
        #expect(IPAddress(node: text)?.description == address)
    }

    @Test func `X-Forwarded-For may have ports`() throws {
        var request = try make(
            [("X-Forwarded-For", "6.6.6.6, [2001:db8::5]:4711, 10.0.0.7:80")], peer: "10.0.0.1")
        request.believe(ForwardedSettings(proxies: ["10.0.0.0/8"].compactMap(AddressRange.init)))
        #expect(request.clientAddress == "2001:db8::5")
    }

    private func make(_ fields: [(String, String)], peer: String) throws -> Request {
        var headers = Headers()
        for (name, value) in fields { try headers.add(try #require(HeaderName(name)), value) }
        return Request(
            method: .get, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(),
            peerAddress: peer, isEncrypted: false)
    }
}
