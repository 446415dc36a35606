import FoundationEssentials
import MartletHTTP
import Testing

/// What users of Django's requests and responses rely on; the rows name Django's tests.
@Suite struct DjangoRequestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let expected: String
        let found: @Sendable () async throws -> any Sendable

        init(_ description: String, _ expected: String, _ found: @escaping @Sendable () async throws -> any Sendable) {
            (testDescription, self.expected, self.found) = (description, expected, found)
        }
    }

    private static let form: KeyValuePairs = ["Content-Type": "application/x-www-form-urlencoded"]

    // tests/requests_tests/tests.py
    static let requests = [
        Case("test_httprequest: nothing in it", "0 0 nil") {
            let request = try Request.make()
            return "\(request.query.count) \(try await request.form().count) \(request.cookies["a"] ?? "nil")"
        },
        Case(
            "test_httprequest_full_path: the path is encoded, the query stays",
            "http://h/;some/%3Fawful/=path/foo:bar/?;some=query&+query=string"
        ) {
            // Django encodes `;` and `=` too, which RFC 3986 §3.3 lets stand in a path.
            try Request.make(
                .get, "/;some/?awful/=path/foo:bar/", query: ";some=query&+query=string", headers: ["Host": "h"]
            ).absoluteURL()
        },
        Case("the method is that of the request line, whatever a header or a field says (Django too)", "POST") {
            let request = try Request.make(
                .post, query: "_method=PUT",
                headers: [
                    "X-HTTP-Method-Override": "DELETE", "Content-Type": "application/x-www-form-urlencoded",
                ], body: "_method=DELETE")
            _ = try await request.form()
            return "\(request.method)"
        },
        Case("a method that nobody has registered is one", "BREW false") {
            let request = try Request.make(HTTPMethod(rawValue: "BREW"))
            return "\(request.method) \(request.method.isSafe)"
        },
        Case("test_non_ascii_POST", "España ñ") {
            let request = try Request.make(.post, headers: form, body: "key=Espa%C3%B1a+%C3%B1")
            return try await request.form()["key"] ?? ""
        },
        // Django reads the form of a POST only; here whoever asks gets it.
        Case("test_request_methods_with_content: a form of PUT", "value") {
            try await Request.make(.put, headers: form, body: "key=value").form()["key"] ?? ""
        },
        // Django's POST is empty then; asking for a form that is none is an error here.
        Case("test_POST_content_type_json: JSON is no form", "415") {
            let request = try Request.make(.post, headers: ["Content-Type": "application/json"], body: "{}")
            let error = try await #require(throws: HTTPError.self) { _ = try await request.form() }
            return "\(error.status.code)"
        },
        Case("test_POST_after_body_read: the body, then the form", "9 value") {
            let request = try Request.make(.post, headers: form, body: "key=value")
            let bytes = try await request.body.collect()
            return "\(bytes.count) \(try await request.form()["key"] ?? "")"
        },
        Case("test_value_after_read: the form, then the body", "value 9") {
            let request = try Request.make(.post, headers: form, body: "key=value")
            let value = try await request.form()["key"] ?? ""
            return "\(value) \(try await request.body.collect().count)"
        },
        Case("test_POST_multipart_with_content_length_zero", "0") {
            let type = "multipart/form-data; boundary=x"
            return try await Request.make(.post, headers: ["Content-Type": type]).form().count
        },
        Case("RequestHeadersTests: names in any case", "python-requests/1.2.0") {
            let request = try Request.make(headers: ["User-Agent": "python-requests/1.2.0"])
            return request.headers[HeaderName(literal: "user-AGENT")] ?? ""
        },
        Case("isSecure and the scheme", "true https") {
            let request = try Request.make(isEncrypted: true)
            return "\(request.isSecure) \(request.scheme)"
        },
        Case("storage keeps a value for inner layers, and no copy sees another's", "2 1") {
            enum Number: RequestStorageKey { typealias Value = Int }
            var request = try Request.make()
            request.storage[Number.self] = 1
            var copy = request
            copy.storage[Number.self] = 2
            return "\(copy.storage[Number.self] ?? 0) \(request.storage[Number.self] ?? 0)"
        },
    ]

    // tests/httpwrappers/tests.py and tests/responses/tests.py
    static let responses = [
        Case("QueryDictTests.test_multiple_keys: the last value, and all", "another [\"value\", \"another\"]") {
            let query = try Request.make(query: "vote=value&vote=another").query
            return "\(query["vote"] ?? "") \(query.all("vote"))"
        },
        Case("test_missing_key: nothing, and an error that says so where it must be there", "nil 400") {
            let query = try Request.make(query: "a=1").query
            let error = try #require(throws: HTTPError.self) { try query.require("foo") }
            return "\(query["foo"] ?? "nil") \(error.status.code)"
        },
        Case("test_status_code", "503 Service Unavailable") { Response(status: HTTPStatus(503)).status.description },
        Case("test_reason_phrase", "419 I'm an anarchist coffee pot on crack.") {
            HTTPStatus(419, reason: "I'm an anarchist coffee pot on crack.").description
        },
        Case("test_content_type: text is UTF-8", "text/plain; charset=utf-8") {
            Response("é").headers[.contentType] ?? ""
        },
        Case("HTML", "text/html; charset=utf-8") { Response.html("<p>").headers[.contentType] ?? "" },
        Case("test_newlines_in_headers: refused", "X-Foo") {
            var response = Response("")
            let name = HeaderName(literal: "X-Foo")
            let error = try #require(throws: HeaderError.self) { try response.headers.set(name, "a\r\nb") }
            return error == .illegalValue(name: name) ? name.rawName : "\(error)"
        },
        Case("test_header_deletion: of what is not there, too", "0") {
            var response = Response(status: .ok)
            try response.headers.set(HeaderName(literal: "X-Foo"), "foo")
            response.headers.remove(HeaderName(literal: "x-foo"))
            response.headers.remove(HeaderName(literal: "x-foo"))
            return response.headers.count
        },
        Case("test_not_modified: no content and no type", "304 nil 0") {
            let response = Response(status: .notModified)
            return "\(response.status.code) \(response.headers[.contentType] ?? "nil") \(response.body.length ?? -1)"
        },
        Case("test_cookie_edgecases and test_python_cookies", "a=b|c=d|=e") {
            try Request.make(headers: ["Cookie": "a=b; c=\"d\"; e"]).cookies
                .map { "\($0.name)=\($0.value)" }.joined(separator: "|")
        },
        // Django writes both `expires` and `Max-Age`; every browser of the last twelve years knows `Max-Age`.
        Case("test_max_age_int: whole seconds", "a=1; Max-Age=10; Path=/") {
            var response = Response("")
            try response.setCookie(Cookie("a", "1", maxAge: .milliseconds(10_600)))
            return response.headers[.setCookie] ?? ""
        },
        Case("test_samesite", "a=1; Path=/; SameSite=Strict; Secure; Partitioned") {
            var response = Response("")
            try response.setCookie(
                Cookie("a", "1", isSecure: true, sameSite: .strict, isPartitioned: true))
            return response.headers[.setCookie] ?? ""
        },
        Case("test_delete_cookie_secure_prefix", "2") {
            var response = Response("")
            try response.deleteCookie("__Host-c")
            try response.deleteCookie("__Secure-c", path: "/a/", domain: "example.com")
            return response.headers.values(.setCookie).count { $0.hasSuffix("; Secure") }
        },
        Case("test_delete_cookie_secure_samesite_none", "true") {
            var response = Response("")
            try response.deleteCookie("c", sameSite: Cookie.SameSite.none)
            return response.headers[.setCookie]?.hasSuffix("SameSite=None; Secure") ?? false
        },
        Case("a partitioned cookie is forgotten where it is kept", "true") {
            var response = Response("")
            try response.deleteCookie("c", isPartitioned: true)
            return response.headers[.setCookie]?.hasSuffix("Max-Age=0; Path=/; Secure; Partitioned") ?? false
        },
        Case("test_create_cookie_after_deleting_cookie: the last word counts", "c=new; Path=/") {
            var response = Response("")
            try response.deleteCookie("c")
            try response.setCookie(Cookie("c", "new"))
            return response.headers.values(.setCookie).joined(separator: "|")
        },
    ]

    @Test(arguments: requests + responses)
    func `requests and responses behave as users of Django expect`(_ example: Case) async throws {
        #expect("\(try await example.found())" == example.expected)
    }
}
