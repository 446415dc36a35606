import FoundationEssentials
import MartletHTTP
import Testing

/// Source of the expectations: Django's tests/cache/tests.py, `CacheUtils`, and tests/decorators/test_cache.py.
@Suite struct CacheControlTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let before: String?
        let added: [CacheDirective]
        let after: String
        var testDescription: String { "\(before ?? "nothing") and \(added)" }
    }

    // test_patch_cache_control
    static let examples = [
        Example(before: nil, added: [.private], after: "private"),
        Example(before: "", added: [.private], after: "private"),
        Example(before: "private", added: [.private], after: "private"),
        Example(before: "private", added: [.public], after: "public"),
        Example(before: "public", added: [.public], after: "public"),
        Example(before: "public", added: [.private], after: "private"),
        Example(
            before: "must-revalidate,max-age=60,private", added: [.public], after: "must-revalidate, max-age=60, public"
        ),
        Example(
            before: "must-revalidate,max-age=60,public", added: [.private],
            after: "must-revalidate, max-age=60, private"),
        Example(
            before: "must-revalidate,max-age=60", added: [.public], after: "must-revalidate, max-age=60, public"),
        Example(before: "max-age=60", added: [.maxAge(.seconds(30))], after: "max-age=30"),
        Example(before: "max-age=60", added: [.maxAge(.seconds(90))], after: "max-age=60"),
        Example(before: "max-age=x", added: [.maxAge(.seconds(90))], after: "max-age=90"),
        Example(before: "Private , No-Cache", added: [.noTransform], after: "private, no-cache, no-transform"),
        Example(
            before: "no-cache=\"Set-Cookie, X\"", added: [.immutable], after: "no-cache=\"Set-Cookie, X\", immutable"),
        Example(
            before: nil, added: [.sharedMaxAge(.seconds(-1)), .staleWhileRevalidate(.seconds(5))],
            after: "s-maxage=0, stale-while-revalidate=5"),
    ]

    @Test(arguments: examples) func `directives are added to those that are there`(_ example: Example) throws {
        var response = Response()
        if let before = example.before { try response.headers.set(.cacheControl, before) }
        response.patchCacheControl(example.added)
        #expect(response.headers[.cacheControl] == example.after)
    }

    // test_get_max_age
    @Test(arguments: [("max-age=60", 60), ("a, MAX-AGE=5", 5), ("max-age=x", nil), ("max-age", nil), ("", nil)])
    func `max-age is read`(_ field: String, _ age: Int?) throws {
        var response = Response()
        try response.headers.set(.cacheControl, field)
        #expect(response.maxAge == age)
    }

    // test_never_cache_decorator_headers
    @Test func `an answer that nobody may keep says so`() {
        var response = Response()
        response.neverCache(now: Date(timeIntervalSince1970: 1_767_268_800))
        #expect(
            response.headers[.cacheControl] == "max-age=0, no-cache, no-store, must-revalidate, private")
        #expect(response.headers[.expires] == "Thu, 01 Jan 2026 12:00:00 GMT")
    }

    // test_never_cache_decorator_expires_not_overridden
    @Test func `an Expires that is there stays`() throws {
        var response = Response()
        try response.headers.set(.expires, "tomorrow")
        response.neverCache()
        #expect(response.headers[.expires] == "tomorrow")
    }

    // test_has_vary_header
    @Test(arguments: [
        ("*", "*", true), ("Accept", "*", false), ("Accept, *", "*", true), ("cookie , X", "Cookie", true),
        ("Cookies", "Cookie", false), ("", "Cookie", false),
    ])
    func `Vary names a field or not`(_ field: String, _ name: String, _ isNamed: Bool) throws {
        var response = Response()
        try response.headers.set(.vary, field)
        #expect(response.varies(on: name) == isNamed)
    }

    @Test(arguments: [("a b", nil), ("", nil), ("x", "1, private"), ("x", "a\r\nb"), ("x", "\0")])
    func `a directive that would become two is refused`(_ name: String, _ value: String?) {
        #expect(throws: HeaderError.self) { try CacheDirective(custom: name, value) }
    }

    @Test func `any other directive can be said`() throws {
        var response = Response()
        response.patchCacheControl(try CacheDirective(custom: "X-Extra", "\"a, b\""), try CacheDirective(custom: "y"))
        #expect(response.headers[.cacheControl] == "x-extra=\"a, b\", y")
    }
}
