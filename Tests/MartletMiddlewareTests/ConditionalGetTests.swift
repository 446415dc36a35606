import MartletHTTP
import MartletMiddleware
import Testing

/// Expectations of Django's tests/middleware/tests.py, ConditionalGetMiddlewareTest.
@Suite struct ConditionalGetTests {
    private static let middle = "Sat, 12 Feb 2011 17:38:44 GMT"
    private static let past = "Sat, 12 Feb 2011 17:35:44 GMT"
    private static let future = "Sat, 12 Feb 2011 17:41:44 GMT"

    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = HTTPMethod.get
        var request: KeyValuePairs<String, String> = [:]
        var response: KeyValuePairs<String, String> = [:]
        var status = HTTPStatus.ok
        var body = ResponseBody.bytes(Array("content".utf8))
        /// `*` for one that the layer has made.
        var eTag: String?
        var expected = HTTPStatus.ok
    }

    static let examples = [
        Example(testDescription: "middleware_calculates_etag", eTag: "*"),
        Example(testDescription: "middleware_wont_overwrite_etag", response: ["ETag": "eggs"], eTag: "eggs"),
        Example(testDescription: "no_etag_streaming_response", body: .stream { try await $0.write("content") }),
        Example(testDescription: "no_etag_response_empty_content", body: .empty),
        Example(
            testDescription: "no_etag_no_store_cache", response: ["Cache-Control": "No-Cache, No-Store, Max-age=0"]),
        Example(
            testDescription: "etag_extended_cache_control",
            response: ["Cache-Control": "my-directive=\"my-no-store\""], eTag: "*"),
        Example(testDescription: "if_none_match_and_no_etag", request: ["If-None-Match": "spam"], eTag: "*"),
        Example(testDescription: "no_if_none_match_and_etag", response: ["ETag": "\"eggs\""], eTag: "\"eggs\""),
        Example(
            testDescription: "if_none_match_and_same_etag", request: ["If-None-Match": "\"spam\""],
            response: ["ETag": "\"spam\""], eTag: "\"spam\"", expected: .notModified),
        Example(
            testDescription: "if_none_match_and_different_etag", request: ["If-None-Match": "\"spam\""],
            response: ["ETag": "\"eggs\""], eTag: "\"eggs\""),
        Example(
            testDescription: "if_none_match_and_redirect", request: ["If-None-Match": "\"spam\""],
            response: ["ETag": "\"spam\"", "Location": "/"], status: .movedPermanently, eTag: "\"spam\"",
            expected: .movedPermanently),
        Example(
            testDescription: "if_none_match_and_client_error", request: ["If-None-Match": "\"spam\""],
            response: ["ETag": "\"spam\""], status: .badRequest, eTag: "\"spam\"", expected: .badRequest),
        Example(
            testDescription: "if_modified_since_and_no_last_modified", request: ["If-Modified-Since": middle], eTag: "*"
        ),
        Example(
            testDescription: "no_if_modified_since_and_last_modified", response: ["Last-Modified": middle], eTag: "*"),
        Example(
            testDescription: "if_modified_since_and_same_last_modified", request: ["If-Modified-Since": middle],
            response: ["Last-Modified": middle], eTag: "*", expected: .notModified),
        Example(
            testDescription: "if_modified_since_and_last_modified_in_the_past", request: ["If-Modified-Since": middle],
            response: ["Last-Modified": past], eTag: "*", expected: .notModified),
        Example(
            testDescription: "if_modified_since_and_last_modified_in_the_future",
            request: ["If-Modified-Since": middle], response: ["Last-Modified": future], eTag: "*"),
        Example(
            testDescription: "if_modified_since_and_redirect", request: ["If-Modified-Since": middle],
            response: ["Last-Modified": past, "Location": "/"], status: .movedPermanently,
            expected: .movedPermanently),
        Example(
            testDescription: "if_modified_since_and_client_error", request: ["If-Modified-Since": middle],
            response: ["Last-Modified": past], status: .badRequest, expected: .badRequest),
        Example(testDescription: "no_head", method: .head),
        Example(testDescription: "no_unsafe", method: .put, request: ["If-Match": "\"spam\""]),
        // Django gives an ETag to an error page, too, where no condition will ever count.
        Example(testDescription: "an error page gets none", status: .notFound, expected: .notFound),
        Example(
            testDescription: "a stream that tells its version", request: ["If-None-Match": "W/\"spam\""],
            response: ["ETag": "\"spam\""], body: .stream { _ in Issue.record("the stream runs") }, eTag: "\"spam\"",
            expected: .notModified),
        Example(
            testDescription: "a version that the client does not want", request: ["If-Match": "\"eggs\""],
            response: ["ETag": "\"spam\""], expected: .preconditionFailed),
        Example(
            testDescription: "a date that is none", request: ["If-Modified-Since": "yesterday"],
            response: ["Last-Modified": "soon"], eTag: "*"),
    ]

    @Test(arguments: examples)
    func `the answer is what Django's tests expect`(_ example: Example) async throws {
        let given = Response(status: example.status, headers: try Headers(example.response), body: example.body)
        let request = try Request.make(example.method, headers: example.request)
        let response: Response
        do {
            response = try await ConditionalGet().respond(to: request) { _ in given }
        } catch let error as HTTPError {
            #expect(error.status == example.expected)
            return
        }
        #expect(response.status == example.expected)
        if example.eTag == "*" {
            #expect(response.headers[.eTag]?.count == 24)
        } else {
            #expect(response.headers[.eTag] == example.eTag)
        }
        if response.status == .notModified { #expect(response.body.bytes == []) }
    }

    @Test func `the tag of a content is the same each time, and another for another content`() async throws {
        func tag(_ text: String) async throws -> String? {
            try await ConditionalGet().respond(to: .make()) { _ in Response(text) }.headers[.eTag]
        }
        #expect(try await tag("a") == tag("a"))
        #expect(try await tag("a") != tag("b"))
        let eTag = try #require(try await tag("a"))
        let request = try Request.make(headers: ["If-None-Match": "\"x\", W/\(eTag)"])
        let response = try await ConditionalGet().respond(to: request) { _ in Response("a") }
        #expect(response.status == .notModified)
    }

    // test_not_modified_headers
    @Test func `what describes the content does not come with a 304, all else does`() async throws {
        let kept: KeyValuePairs = [
            "Date": Self.past, "Last-Modified": Self.past, "Expires": "Sun, 13 Feb 2011 17:35:44 GMT",
            "Vary": "Cookie", "Cache-Control": "public", "Content-Location": "/alt", "ETag": "\"spam\"",
            "Set-Cookie": "key=value",
        ]
        var given = Response(headers: try Headers(kept), body: .bytes([1]))
        for name in ["Content-Language", "Content-Type", "Content-Encoding", "Content-Security-Policy"] {
            try given.headers.set(try #require(HeaderName(name)), "x")
        }
        let request = try Request.make(headers: ["If-None-Match": "\"spam\""])
        let response = try await ConditionalGet().respond(to: request) { [given] _ in given }
        #expect(response.status == .notModified)
        #expect(
            response.headers.map { "\($0.name): \($0.value)" }.sorted()
                == kept.map { "\($0.key): \($0.value)" }.sorted())
    }
}
