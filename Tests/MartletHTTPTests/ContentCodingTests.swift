import MartletHTTP
import Testing

@Suite struct ContentCodingTests {
    // RFC 9110 §12.5.3; there is br, gzip and the plain content.
    @Test(arguments: [
        ("gzip, deflate, br", "br"), ("gzip", "gzip"), ("GZip", "gzip"), ("x-gzip", "gzip"), ("br;q=0.5, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.5", "br"), ("*", "br"), ("br;q=0, *", "gzip"), ("*;q=0", "identity"), ("", "identity"),
        ("deflate", "identity"), ("identity", "identity"), ("gzip;q=0", "identity"),
        ("gzip;q=0.2, identity", "identity"),
        ("gzip;q=0.2, identity;q=0.1", "gzip"), ("gzip, identity", "gzip"), ("gzip;q=0.001", "gzip"),
        ("gzip ; q=1.0", "gzip"), ("identity;q=0, gzip;q=0.1", "gzip"), ("gzip;q=2", "identity"),
        ("gzip;q=nan", "identity"), ("gzip;level=9", "identity"), (";;;,,,br", "br"), ("gzip;", "identity"),
    ])
    func `the coding a client wants most is chosen`(_ field: String, _ coding: String) throws {
        let accepted = try Request.make(headers: ["Accept-Encoding": field]).acceptedCodings
        #expect(accepted.best(among: [.brotli, .gzip]).description == coding)
    }

    @Test func `a client that says nothing gets plain content`() throws {
        #expect(try Request.make().acceptedCodings.best(among: [.brotli, .gzip]) == .identity)
    }

    @Test func `several fields are one list`() throws {
        let accepted = try Request.make(headers: ["Accept-Encoding": "gzip;q=0.5", "Accept-Encoding": "br"])
            .acceptedCodings
        #expect(accepted.best(among: [.gzip, .brotli]) == .brotli)
        #expect(accepted.quality(of: .gzip) == 0.5)
        #expect(accepted.quality(of: .identity) == nil)
    }

    @Test func `a list without end is read to a limit`() throws {
        let field = String(repeating: "x,", count: 20_000) + "gzip"
        let accepted = try Request.make(headers: ["Accept-Encoding": field]).acceptedCodings
        #expect(accepted.best(among: [.gzip]) == .identity)
    }

    @Test(arguments: [
        ("a.css", "text/css; charset=utf-8"), ("a.HTML", "text/html; charset=utf-8"),
        ("a.b.js", "text/javascript; charset=utf-8"),
        ("a.tar.gz", "application/gzip"), ("a.svg", "image/svg+xml"), ("a.json", "application/json"),
        ("a", "application/octet-stream"), ("a.", "application/octet-stream"),
        ("a.unknown", "application/octet-stream"),
        ("", "application/octet-stream"), ("html", "application/octet-stream"), ("a.woff2", "font/woff2"),
    ])
    func `a file's type is told by the ending of its name`(_ name: String, _ type: String) {
        #expect(MediaType(fileName: name).description == type)
    }
}
