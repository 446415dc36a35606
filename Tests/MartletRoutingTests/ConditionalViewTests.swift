import FoundationEssentials
import MartletHTTP
import MartletRouting
import Synchronization
import Testing

/// Django, tests/conditional_processing/tests.py
@Suite struct ConditionalViewTests {
    private static let modified = Date(timeIntervalSince1970: 1_193_008_907)  // Sun, 21 Oct 2007 23:21:47 GMT
    private static let same = "Sun, 21 Oct 2007 23:21:47 GMT"
    private static let newer = "Mon, 18 Oct 2010 16:56:23 GMT"
    private static let invalid = "Mon, 32 Oct 2010 16:56:23 GMT"
    private static let older = "Sat, 20 Oct 2007 23:21:47 GMT"
    private static let tag = "\"b4246ffc4f62314ca13147c9d4f76974\""
    private static let weakTag = "W/\"b4246ffc4f62314ca13147c9d4f76974\""
    private static let otherTag = "\"7fae4cd4b0f81e7d2914700043aa8ed6\""

    private static let urls = URLs {
        path("both/", conditional(view, etag: { _ in EntityTag(tag) }, lastModified: { _ in modified }))
        path("modified/", conditional(view, lastModified: { _ in modified }))
        path("etag/", conditional(view, etag: { _ in EntityTag(tag) }))
        path("unquoted/", conditional(view, etag: { _ in EntityTag(opaque: "b4246ffc4f62314ca13147c9d4f76974") }))
        path("weak/", conditional(view, etag: { _ in EntityTag(weakTag) }))
        path("none/", conditional(view, etag: { _ in nil }))
        path("route/", view).conditional(etag: { _ in EntityTag(tag) }, lastModified: { _ in modified })
        path("posts/<int:id>/", conditional(post, etag: { _, id in EntityTag(opaque: "post-\(id)") }))
        path(
            "response/",
            { request in
                Response("full").conditional(to: request, etag: EntityTag(tag), lastModified: modified)
            })
        path("missing/", conditional({ _ in throw HTTPError(.notFound) }, lastModified: { _ in modified }))
    }

    /// How often a view of the current test has run.
    @TaskLocal private static var runs: Counter?

    private final class Counter: Sendable {
        let count = Atomic(0)
    }

    @Sendable private static func view(_ request: Request) async throws -> Response {
        runs?.count.add(1, ordering: .relaxed)
        return Response("full")
    }

    @Sendable private static func post(_ request: Request, id: Int) async throws -> Response { Response("post \(id)") }

    private static func send(
        _ method: HTTPMethod, _ path: String, _ fields: KeyValuePairs<String, String>
    ) async throws -> (response: Response, runs: Int) {
        let counter = Counter()
        let dispatcher = Dispatcher(try RouteTable(urls))
        let response = try await $runs.withValue(counter) {
            try await dispatcher.handler(Request.make(method, path, headers: Headers(fields)))
        }
        return (response, counter.count.load(ordering: .relaxed))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let method: HTTPMethod
        let path: String
        let fields: KeyValuePairs<String, String>
        let status: Int

        init(
            _ description: String, _ method: HTTPMethod, _ path: String, _ fields: KeyValuePairs<String, String>,
            _ status: Int
        ) {
            testDescription = "\(description): \(method) \(path)"
            (self.method, self.path, self.fields, self.status) = (method, path, fields, status)
        }
    }

    static let cases = [
        Case("no condition", .get, "/both/", [:], 200),
        Case("since the same date", .get, "/both/", ["If-Modified-Since": same], 304),
        Case("since the same date", .put, "/both/", ["If-Modified-Since": same], 200),
        Case("since a later date", .get, "/both/", ["If-Modified-Since": newer], 304),
        Case("since a later date", .put, "/both/", ["If-Modified-Since": newer], 200),
        Case("since no date", .get, "/both/", ["If-Modified-Since": invalid], 200),
        Case("since an earlier date", .get, "/both/", ["If-Modified-Since": older], 200),
        Case("HEAD", .head, "/both/", ["If-Modified-Since": same], 304),
        Case("unmodified since the same date", .get, "/both/", ["If-Unmodified-Since": same], 200),
        Case("unmodified since a later date", .get, "/both/", ["If-Unmodified-Since": newer], 200),
        Case("unmodified since no date", .get, "/both/", ["If-Unmodified-Since": invalid], 200),
        Case("unmodified since an earlier date", .get, "/both/", ["If-Unmodified-Since": older], 412),
        Case("this tag", .get, "/both/", ["If-None-Match": tag], 304),
        Case("this tag", .put, "/both/", ["If-None-Match": tag], 412),
        Case("another tag", .get, "/both/", ["If-None-Match": otherTag], 200),
        Case("several tags", .get, "/both/", ["If-None-Match": "\(tag), \(otherTag)"], 304),
        Case("a strong tag for a weak one", .get, "/weak/", ["If-None-Match": tag], 304),
        Case("a strong tag for a weak one", .put, "/weak/", ["If-None-Match": tag], 412),
        Case("a weak tag for a weak one", .get, "/weak/", ["If-None-Match": weakTag], 304),
        Case("a weak tag for a weak one", .put, "/weak/", ["If-None-Match": weakTag], 412),
        Case("a weak tag for a strong one", .get, "/both/", ["If-None-Match": weakTag], 304),
        Case("a weak tag for a strong one", .put, "/both/", ["If-None-Match": weakTag], 412),
        Case("any tag", .get, "/both/", ["If-None-Match": "*"], 304),
        Case("any tag", .put, "/both/", ["If-None-Match": "*"], 412),
        Case("any tag of what does not exist", .get, "/none/", ["If-None-Match": "*"], 200),
        Case("if this tag", .put, "/both/", ["If-Match": tag], 200),
        Case("if another tag", .put, "/both/", ["If-Match": otherTag], 412),
        Case("if a strong tag of a weak one", .get, "/weak/", ["If-Match": tag], 412),
        Case("if a weak tag of a weak one", .get, "/weak/", ["If-Match": weakTag], 412),
        Case("if a weak tag of a strong one", .get, "/both/", ["If-Match": weakTag], 412),
        Case("if any tag", .get, "/both/", ["If-Match": "*"], 200),
        Case("if any tag of what does not exist", .get, "/none/", ["If-Match": "*"], 412),
        Case("both the same", .get, "/both/", ["If-Modified-Since": same, "If-None-Match": tag], 304),
        Case(
            "the tag counts before the date", .get, "/both/", ["If-Modified-Since": older, "If-None-Match": tag], 304),
        Case(
            "another tag counts before the date", .get, "/both/",
            ["If-Modified-Since": same, "If-None-Match": otherTag], 200),
        Case("both differ", .get, "/both/", ["If-Modified-Since": older, "If-None-Match": otherTag], 200),
        Case("both hold", .get, "/both/", ["If-Unmodified-Since": same, "If-Match": tag], 200),
        Case("the tag holds", .get, "/both/", ["If-Unmodified-Since": older, "If-Match": tag], 200),
        Case("neither holds", .get, "/both/", ["If-Unmodified-Since": older, "If-Match": otherTag], 412),
        Case("the tag does not hold", .get, "/both/", ["If-Unmodified-Since": same, "If-Match": otherTag], 412),
        Case("a date without a tag", .get, "/modified/", ["If-Modified-Since": same], 304),
        Case("a date for what has a tag", .get, "/etag/", ["If-Modified-Since": same], 200),
        Case("a tag without a date", .get, "/etag/", ["If-None-Match": tag], 304),
        Case("a tag for what has a date", .get, "/modified/", ["If-None-Match": tag], 200),
        Case("an earlier date without a tag", .get, "/modified/", ["If-Modified-Since": older], 200),
        Case("another tag without a date", .get, "/etag/", ["If-None-Match": otherTag], 200),
        Case("unmodified since an earlier date", .get, "/modified/", ["If-Unmodified-Since": older], 412),
        Case("unmodified since the same date", .get, "/modified/", ["If-Unmodified-Since": same], 200),
        // RFC 9110 §13.1.4: without a date to compare with, the condition does not count. Django answers 412.
        Case("unmodified, of what has no date", .get, "/etag/", ["If-Unmodified-Since": older], 200),
        Case("an unquoted tag of the view", .get, "/unquoted/", ["If-None-Match": tag], 304),
        Case("an unquoted tag of the view", .put, "/unquoted/", ["If-None-Match": tag], 412),
        Case("three quotes", .get, "/etag/", ["If-None-Match": "\"\"\""], 200),
        Case("a tag without end", .get, "/etag/", ["If-None-Match": "\"b4246ffc4f62314ca13147c9d4f76974"], 200),
        Case("a modifier of the route", .get, "/route/", ["If-None-Match": tag], 304),
        Case("a modifier of the route", .put, "/route/", ["If-Match": otherTag], 412),
        Case("a modifier of the route", .get, "/route/", [:], 200),
    ]

    @Test(arguments: cases)
    func `a condition is answered before the view runs`(_ example: Case) async throws {
        let (response, runs) = try await Self.send(example.method, example.path, example.fields)
        #expect(response.status.code == example.status)
        #expect(runs == (example.status == 200 ? 1 : 0))
        let isReading = example.method == .get || example.method == .head
        guard example.status != 412 else { return }
        let hasTag = isReading && !["/modified/", "/none/"].contains(example.path)
        let hasDate = isReading && ["/both/", "/modified/", "/route/"].contains(example.path)
        #expect(response.headers[.eTag] == (hasTag ? example.path == "/weak/" ? Self.weakTag : Self.tag : nil))
        #expect(response.headers[.lastModified] == (hasDate ? Self.same : nil))
        if example.status == 304 { #expect(response.body.bytes == []) }
    }

    @Test func `a version may depend on the path`() async throws {
        #expect(try await Self.send(.get, "/posts/7/", ["If-None-Match": "\"post-7\""]).response.status == .notModified)
        #expect(try await Self.send(.get, "/posts/8/", ["If-None-Match": "\"post-7\""]).response.status == .ok)
        #expect(try await Self.send(.get, "/posts/8/", [:]).response.headers[.eTag] == "\"post-8\"")
    }

    @Test(
        arguments: [
            (HTTPMethod.get, ["If-None-Match": tag], 304), (.get, ["If-Match": otherTag], 412), (.get, [:], 200),
            (.head, ["If-Modified-Since": same], 304), (.put, ["If-None-Match": tag], 412),
        ] as [(HTTPMethod, [String: String], Int)])
    func `a response that is made already is answered by its version`(
        _ method: HTTPMethod, _ fields: [String: String], _ status: Int
    ) async throws {
        let pairs: KeyValuePairs<String, String> = fields.first.map { [$0.key: $0.value] } ?? [:]
        let response = try await Self.send(method, "/response/", pairs).response
        #expect(response.status.code == status)
        #expect(response.headers[.eTag] == (status == 412 ? nil : Self.tag))
    }

    @Test func `of a response that the client has, what tells about it and its cookies stay`() throws {
        var response = Response("full")
        for (name, value) in [("Vary", "Cookie"), ("Cache-Control", "no-cache"), ("X-Other", "1")] {
            try response.headers.set(#require(HeaderName(name)), value)
        }
        try response.setCookie(Cookie("a", "1"))
        let request = Request.make(.get, "/", headers: try Headers(["If-None-Match": Self.tag]))
        let answer = response.conditional(to: request, etag: EntityTag(Self.tag))
        #expect(answer.status == .notModified)
        #expect(answer.headers.map(\.name.rawName) == ["Vary", "Cache-Control", "Set-Cookie", "ETag"])
        #expect(answer.body.bytes == [])
    }

    @Test func `an error has no version, and the view's own counts first`() async throws {
        let missing = try await Self.send(.get, "/missing/", [:]).response
        #expect(missing.status == .notFound)
        #expect(missing.headers[.lastModified] == nil)
        var response = Response("full")
        try response.headers.set(.eTag, Self.otherTag)
        let request = Request.make(.get, "/", headers: try Headers(["If-None-Match": Self.tag]))
        #expect(response.conditional(to: request, etag: EntityTag(Self.tag)).status == .ok)
        #expect(Response(status: .found).conditional(to: request, etag: EntityTag(Self.tag)).status == .found)
    }
}
