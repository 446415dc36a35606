import MartletHTTP
import Testing

@testable import MartletServer

@Suite struct RequestTargetTests {
    // RFC 3986 §2.1, §3.3
    @Test(arguments: [
        ("/", "/", ""), ("/a/b.html", "/a/b.html", ""), ("/?", "/", ""), ("/a?b?c=%2F", "/a", "b?c=%2F"),
        ("/%C3%A9t%C3%A9", "/été", ""), ("/a%2fb", "/a/b", ""), ("/a+b", "/a+b", ""), ("/%25", "/%", ""),
        ("/.well-known/x", "/.well-known/x", ""), ("/a..b/", "/a..b/", ""), ("/.../", "/.../", ""),
        ("//a//b", "//a//b", ""), ("/a?/../b", "/a", "/../b"),
    ])
    func `a path is decoded once`(_ target: String, _ path: String, _ query: String) throws {
        let parsed = try Self.parse(target)
        #expect(parsed.path == path)
        #expect(parsed.query == query)
        #expect(parsed.raw == target)
    }

    @Test(arguments: [
        "/%", "/%4", "/%zz", "/%4g", "/%-1", "/%00", "/a%00b", "/%FF", "/%C3", "/%C0%AF", "/%ED%A0%80", "/..", "/.",
        "/../etc/passwd", "/a/../b", "/a/./b", "/a/..", "/%2e%2e/etc", "/a/%2E%2E", "/..%2Fetc", "/a%2F..%2Fb", "/%2e",
    ])
    func `a path that could mean another place is refused`(_ target: String) {
        #expect(throws: ParseFailure.self) { try Self.parse(target) }
    }

    @Test func `an escape is not decoded twice`() throws {
        #expect(try Self.parse("/%252e%252e/").path == "/%2e%2e/")
    }

    private static func parse(_ target: String) throws -> RequestTarget {
        try Array(target.utf8).withUnsafeBytes { try RequestTarget($0, method: .get) }
    }
}
