import MartletHTTP
import Testing

@testable import MartletServer

@Suite struct RequestParserTests {
    private static let host = "Host: example.org\r\n"

    static let accepted = [
        ParserCase("RFC 9112 §2.1: the least request", "GET / HTTP/1.1\r\n\(host)\r\n"),
        ParserCase("RFC 9112 §2.2: an empty line before the request", "\r\nGET / HTTP/1.1\r\n\(host)\r\n"),
        ParserCase("RFC 9112 §3.2: an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        ParserCase("RFC 9112 §3.2: IPv6 and a port", "GET / HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n"),
        ParserCase("RFC 9112 §2.5: HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n"),
        ParserCase("RFC 9110 §9.1: a method nobody knows", "BREW /pot HTTP/1.1\r\n\(host)\r\n"),
        ParserCase("RFC 9112 §5.1: no blank after the colon", "GET / HTTP/1.1\r\nHost:example.org\r\n\r\n"),
        ParserCase("RFC 9110 §5.5: an empty value", "GET / HTTP/1.1\r\n\(host)X-Empty: \t \r\n\r\n"),
        ParserCase("RFC 9110 §5.5: a tab in a value", "GET / HTTP/1.1\r\n\(host)X-Tab: a\tb\r\n\r\n"),
        ParserCase(
            "RFC 9110 §5.5: obs-text", bytes: Array("GET / HTTP/1.1\r\n\(host)X: ".utf8) + [0xE9, 13, 10, 13, 10]),
        ParserCase("RFC 9110 §8.6: a length repeated", "POST / HTTP/1.1\r\n\(host)Content-Length: 5, 5\r\n\r\n"),
        ParserCase("RFC 9112 §3.2.4: OPTIONS *", "OPTIONS * HTTP/1.1\r\n\(host)\r\n"),
        ParserCase("RFC 9112 §3.2.2: an absolute target", "GET http://a.example/b?c HTTP/1.1\r\n\(host)\r\n"),
        ParserCase("two requests in a row", "GET /1 HTTP/1.1\r\n\(host)\r\nGET /2 HTTP/1.1\r\n\(host)\r\n"),
        ParserCase("nothing", ""),
    ]

    static let refused = [
        ParserCase("RFC 9112 §2.2: bare LF after the request line", "GET / HTTP/1.1\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §2.2: bare LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400),
        ParserCase("RFC 9112 §2.2: bare LF at the end", "GET / HTTP/1.1\r\n\(host)\n", 400),
        ParserCase("RFC 9112 §2.2: bare CR in a value", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400),
        ParserCase("RFC 9112 §2.2: bare CR in the request line", "GET /\r HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §2.2: two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §2.2: a blank line before the fields", "GET / HTTP/1.1\r\n \(host)\r\n", 400),
        ParserCase("RFC 9112 §3: no version (HTTP/0.9)", "GET /\r\n", 400),
        ParserCase("RFC 9112 §3: two blanks", "GET  / HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3: a blank in the target", "GET /a b HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3: a blank at the end", "GET / HTTP/1.1 \r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3: a blank first", " GET / HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.1: a method that is no token", "G(T / HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.1: an endless method", "\(String(repeating: "A", count: 40)) / HTTP/1.1\r\n", 501),
        ParserCase("RFC 9112 §3.2: a target without '/'", "GET index HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.2: a fragment", "GET /a#b HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.2: '*' for GET", "GET * HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.2: bytes beyond ASCII", "GET /\u{E9} HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.2.2: another scheme", "GET ftp://a/ HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.2.2: a user in the target", "GET http://u@a/ HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.2.3: CONNECT", "CONNECT a:1 HTTP/1.1\r\n\(host)\r\n", 501),
        ParserCase("RFC 9112 §2.3: HTTP/2.0", "PRI * HTTP/2.0\r\n\r\n", 505),
        ParserCase("RFC 9112 §2.3: HTTP/1.2", "GET / HTTP/1.2\r\n\(host)\r\n", 505),
        ParserCase("RFC 9112 §2.3: lower case", "GET / http/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §2.3: three digits", "GET / HTTP/1.10\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.2: no Host", "GET / HTTP/1.1\r\n\r\n", 400),
        ParserCase("RFC 9112 §3.2: two Hosts", "GET / HTTP/1.1\r\n\(host)\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.2: two Hosts on 1.0", "GET / HTTP/1.0\r\n\(host)\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.2: a path in Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        ParserCase("RFC 9112 §3.2: a user in Host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
        ParserCase("RFC 9112 §3.2: a port that is no number", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400),
        ParserCase("RFC 9112 §3.2: brackets that do not close", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400),
        ParserCase("RFC 9112 §3.2: text behind brackets", "GET / HTTP/1.1\r\nHost: [::1]a\r\n\r\n", 400),
        ParserCase("RFC 9112 §3.2: brackets inside", "GET / HTTP/1.1\r\nHost: a[::1]\r\n\r\n", 400),
        ParserCase("RFC 9112 §3.2: a blank in Host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        ParserCase("RFC 9112 §3.2.2: no host in the target", "GET http:///a HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3.2.2: an absolute target and no Host", "GET http://a/ HTTP/1.1\r\n\r\n", 400),
        ParserCase("RFC 9112 §3: a tab between the parts", "GET\t/\tHTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §3: a vertical tab in the target", "GET /\u{0B} HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase("RFC 9112 §2.3: a version without a number", "GET / HTTP/ HTTP/1.1\r\n\(host)\r\n", 400),
        ParserCase(
            "RFC 9112 §2.2: bare LF behind too long a line",
            "GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 990))\n",
            431),
        ParserCase("RFC 9112 §3.2: two ports", "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n", 400),
        ParserCase("RFC 9112 §5.1: a blank before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        ParserCase("RFC 9112 §5.1: an empty name", "GET / HTTP/1.1\r\n\(host): a\r\n\r\n", 400),
        ParserCase("RFC 9112 §5.1: no colon", "GET / HTTP/1.1\r\n\(host)Cookie\r\n\r\n", 400),
        ParserCase("RFC 9110 §5.1: a name that is no token", "GET / HTTP/1.1\r\n\(host)X[]: a\r\n\r\n", 400),
        ParserCase("RFC 9112 §5.2: a folded line", "GET / HTTP/1.1\r\n\(host)X: a\r\n b\r\n\r\n", 400),
        ParserCase("RFC 9110 §5.5: NUL in a value", "GET / HTTP/1.1\r\n\(host)X: a\0b\r\n\r\n", 400),
        ParserCase("RFC 9110 §5.5: DEL in a value", "GET / HTTP/1.1\r\n\(host)X: \u{7F}\r\n\r\n", 400),
        ParserCase("RFC 9110 §10.1.1: an expectation", "GET / HTTP/1.1\r\n\(host)Expect: coffee\r\n\r\n", 417),
        ParserCase(
            "RFC 9110 §15.5.15: a long target", "GET /\(String(repeating: "a", count: 100)) HTTP/1.1\r\n\(host)\r\n",
            414
        ),
        ParserCase("RFC 9110 §15.5.15: a target without end", "GET /\(String(repeating: "a", count: 200))", 414),
        ParserCase(
            "RFC 6585 §5: a long head", "GET / HTTP/1.1\r\n\(host)X: \(String(repeating: "a", count: 1_000))", 431),
        ParserCase(
            "RFC 6585 §5: many fields", "GET / HTTP/1.1\r\n\(host)\(String(repeating: "X: 1\r\n", count: 8))\r\n", 431),
    ]

    // RFC 9112 §6: what decides where the content ends.
    static let framing = [
        ParserCase("two lengths in two fields", fields("Content-Length: 5", "Content-Length: 6"), 400),
        ParserCase("two lengths in one field", fields("Content-Length: 5, 6"), 400),
        ParserCase("a sign", fields("Content-Length: +5"), 400),
        ParserCase("a negative length", fields("Content-Length: -1"), 400),
        ParserCase("hexadecimal", fields("Content-Length: 0x5"), 400),
        ParserCase("an empty length", fields("Content-Length: "), 400),
        ParserCase("a trailing comma", fields("Content-Length: 5,"), 400),
        ParserCase("a blank inside", fields("Content-Length: 5 5"), 400),
        ParserCase("a length that overflows", fields("Content-Length: 9223372036854775808"), 400),
        ParserCase("a length that overflows far", fields("Content-Length: \(String(repeating: "9", count: 90))"), 400),
        ParserCase("length and chunked", fields("Content-Length: 5", "Transfer-Encoding: chunked"), 400),
        ParserCase("chunked and length", fields("Transfer-Encoding: chunked", "Content-Length: 5"), 400),
        ParserCase("chunked not last", fields("Transfer-Encoding: chunked, gzip"), 400),
        ParserCase("chunked not last, two fields", fields("Transfer-Encoding: chunked", "Transfer-Encoding: x"), 400),
        ParserCase("chunked twice", fields("Transfer-Encoding: chunked, chunked"), 400),
        ParserCase("no chunked", fields("Transfer-Encoding: gzip"), 400),
        ParserCase("identity", fields("Transfer-Encoding: identity"), 400),
        ParserCase("an empty coding", fields("Transfer-Encoding:"), 400),
        ParserCase("xchunked", fields("Transfer-Encoding: xchunked"), 400),
        ParserCase("a quoted coding", fields("Transfer-Encoding: \"chunked\""), 400),
        ParserCase("gzip before chunked", fields("Transfer-Encoding: gzip, chunked"), 501),
        ParserCase("chunked on 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ParserCase("chunked in capitals", fields("Transfer-Encoding: CHUNKED")),
        // Ways that have hidden a coding from a proxy or from the server behind it.
        ParserCase("an empty item before chunked", fields("Transfer-Encoding: , chunked"), 400),
        ParserCase("an empty item behind chunked", fields("Transfer-Encoding: chunked,"), 400),
        ParserCase("a parameter of chunked", fields("Transfer-Encoding: chunked;a=b"), 400),
        ParserCase("chunked in two fields", fields("Transfer-Encoding: chunked", "transfer-encoding: chunked"), 400),
        ParserCase("identity and chunked", fields("Transfer-Encoding: identity, chunked"), 501),
        ParserCase("two codings in one word", fields("Transfer-Encoding: chunked identity"), 400),
        ParserCase("a form feed behind chunked", fields("Transfer-Encoding: chunked\u{0C}"), 400),
        ParserCase("a no-break space before chunked", fields("Transfer-Encoding: \u{A0}chunked"), 400),
        ParserCase("NUL behind chunked", fields("Transfer-Encoding: chunked\0"), 400),
        ParserCase("a bare CR before chunked", fields("Transfer-Encoding:\rchunked"), 400),
        ParserCase("a bare LF before chunked", fields("X: y\nTransfer-Encoding: chunked"), 400),
        ParserCase("a folded coding", fields("Transfer-Encoding:", " chunked"), 400),
        ParserCase("a blank before the colon", fields("Transfer-Encoding : chunked"), 400),
        ParserCase("a blank before the name", fields(" Transfer-Encoding: chunked"), 400),
        ParserCase("a vertical tab in the name", fields("Transfer-Encoding\u{0B}: chunked"), 400),
        ParserCase("a coding under a name with '_'", fields("Transfer_Encoding: chunked", "Content-Length: 0")),
        ParserCase("a length and an empty coding", fields("Content-Length: 5", "Transfer-Encoding:"), 400),
        ParserCase("an equal length in two fields", fields("Content-Length: 5", "Content-Length: 5")),
        ParserCase("equal lengths written differently", fields("Content-Length: 5, 05")),
        ParserCase("a fraction", fields("Content-Length: 5.0"), 400),
        ParserCase("an exponent", fields("Content-Length: 1e1"), 400),
        ParserCase("an underscore in the length", fields("Content-Length: 1_0"), 400),
        ParserCase("a blank behind the sign", fields("Content-Length: - 1"), 400),
        ParserCase("a quoted length", fields("Content-Length: \"5\""), 400),
        ParserCase("digits beyond ASCII", fields("Content-Length: \u{FF15}"), 400),
        ParserCase("NUL behind the length", fields("Content-Length: 5\0"), 400),
        ParserCase("a vertical tab before the length", fields("Content-Length: \u{0B}5"), 400),
        ParserCase("two lengths on 1.0", "POST / HTTP/1.0\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        ParserCase("a vertical tab around chunked", fields("Transfer-Encoding: \u{0B}chunked"), 400),
    ]

    private static func fields(_ lines: String...) -> String {
        "POST / HTTP/1.1\r\n\(host)\(lines.joined(separator: "\r\n"))\r\n\r\n"
    }

    @Test(arguments: accepted + refused + framing)
    func `a head is taken or refused, however it is cut`(_ example: ParserCase) {
        #expect(ParserRun.status([example.bytes[...]]) == example.status)
        for pieces in ParserRun.splits(example.bytes) {
            #expect(ParserRun.status(pieces) == example.status, "cut into \(pieces.map(\.count))")
        }
    }

    @Test func `a request is the same however it is cut`() throws {
        let text = "POST /a%20b/?q=%41 HTTP/1.1\r\nHost: h:1\r\nX-One:  1 \r\nx-one: 2\r\nContent-Length: 7\r\n\r\n"
        let bytes = Array(text.utf8)
        for pieces in ParserRun.splits(bytes) + [[bytes[...]]] {
            let heads = try ParserRun.heads(pieces)
            let head = try #require(heads.first)
            #expect(heads.count == 1)
            #expect(head.method == .post)
            #expect(head.target.path == "/a b/")
            #expect(head.target.query == "q=%41")
            #expect(head.target.raw == "/a%20b/?q=%41")
            #expect(head.headers[.host] == "h:1")
            #expect(head.headers.map(\.name.rawName) == ["Host", "X-One", "x-one", "Content-Length"])
            #expect(head.headers.values(HeaderName(unchecked: "X-ONE")) == ["1", "2"])
            #expect(head.framing == .length(7))
        }
    }

    @Test func `an absolute target stands above the Host field`() throws {
        let bytes = Array("GET HTTP://a.example:81?x=1 HTTP/1.1\r\nHost: b\r\n\r\n".utf8)
        let head = try #require(try ParserRun.heads([bytes[...]]).first)
        #expect(head.headers[.host] == "a.example:81")
        #expect(head.target.path == "/")
        #expect(head.target.query == "x=1")
    }

    // RFC 9112 §9.3
    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
        ("HTTP/1.1", "Connection: x, Close\r\n", false), ("HTTP/1.0", "", false),
        ("HTTP/1.0", "Connection: Keep-Alive\r\n", true),
        ("HTTP/1.0", "Connection: keep-alive, close\r\n", false),
    ])
    func `the connection stays or closes`(_ version: String, _ field: String, _ stays: Bool) throws {
        let bytes = Array("GET / \(version)\r\n\(Self.host)\(field)\r\n".utf8)
        #expect(try ParserRun.heads([bytes[...]]).first?.keepsAlive == stays)
    }

    @Test func `a head that drips in costs no more than one pass`() throws {
        // 900 bytes, one at a time: a parser that began anew each time would look at 400,000.
        let bytes = Array("GET / HTTP/1.1\r\n\(Self.host)X: \(String(repeating: "a", count: 850))\r\n\r\n".utf8)
        #expect(try ParserRun.heads(bytes.indices.map { bytes[$0...$0] }).count == 1)
    }
}
