import MartletHTTP
import Testing

@Suite struct FormFieldsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let fields: [String]
    }

    // What Django's QueryDict makes of the same text.
    static let cases = [
        Case(testDescription: "repeats, and a name without a value", text: "a=1&a=2&b", fields: ["a=1", "a=2", "b="]),
        Case(testDescription: "both kinds of space", text: "a=%20+x", fields: ["a=  x"]),
        Case(testDescription: "a value without a name", text: "=v", fields: ["=v"]),
        Case(testDescription: "empty parts", text: "&a&&b=&", fields: ["a=", "b="]),
        Case(testDescription: "a percent sign that encodes nothing", text: "%zz=%4", fields: ["%zz=%4"]),
        Case(testDescription: "bytes that are no UTF-8", text: "a=%ff", fields: ["a=\u{FFFD}"]),
        Case(testDescription: "a semicolon is no separator", text: "a;b=1", fields: ["a;b=1"]),
        Case(testDescription: "an equals sign in a value", text: "a=b=c", fields: ["a=b=c"]),
        Case(testDescription: "UTF-8", text: "n%C3%A9=%C3%A9", fields: ["né=é"]),
        Case(testDescription: "nothing", text: "", fields: []),
    ]

    @Test(arguments: cases)
    func `a query is read as Django reads it`(_ example: Case) throws {
        let query = try Request.make(query: example.text).query
        #expect(query.map { "\($0.name)=\($0.value)" } == example.fields)
    }

    @Test func `the last value counts and all can be had`() throws {
        let query = try Request.make(query: "tag=a&tag=b&x=").query
        #expect(query["tag"] == "b")
        #expect(query.all("tag") == ["a", "b"])
        #expect(query["x"] == "")
        #expect(query["y"] == nil)
        #expect(query.contains("x") && !query.contains("y"))
    }

    @Test func `values have types`() throws {
        let query = try Request.make(query: "page=3&ratio=0.5&draft=on&name=Ann").query
        #expect(try query.int("page", default: 1) == 3)
        #expect(try query.int("other", default: 1) == 1)
        #expect(try query.int("other") == nil)
        #expect(try query.double("ratio") == 0.5)
        #expect(try query.bool("draft") == true)
        #expect(try query.require("name") == "Ann")
    }

    @Test(arguments: [
        ("page=x", "The query parameter 'page' must be a whole number, but it is 'x'."),
        ("page=", "The query parameter 'page' must be a whole number, but it is ''."),
        ("page=1.5", "The query parameter 'page' must be a whole number, but it is '1.5'."),
        (
            "page=9223372036854775808",
            "The query parameter 'page' must be a whole number, but it is '9223372036854775808'."
        ),
        ("page=0", "The query parameter 'page' must be between 1 and 99, but it is '0'."),
    ])
    func `a value of another type is a 400 that names the field`(_ text: String, _ message: String) throws {
        let query = try Request.make(query: text).query
        let error = try #require(throws: HTTPError.self) { try query.int("page", default: 1, in: 1...99) }
        #expect(error.status == .badRequest)
        #expect(error.message == message)
    }

    @Test func `a long value is not quoted at length`() throws {
        let query = try Request.make(query: "flag=" + String(repeating: "x", count: 5_000)).query
        let error = try #require(throws: HTTPError.self) { try query.bool("flag") }
        #expect(error.message.count < 150)
        #expect(throws: HTTPError.self) { try query.require("absent") }
        #expect(throws: HTTPError.self) { try Request.make(query: "x=nan").query.double("x") }
    }

    @Test func `a form is read`() async throws {
        let request = try Request.make(
            .post, headers: ["Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"],
            body: "title=Hello+World&body=a%26b%0D%0A")
        let form = try await request.form()
        #expect(form["title"] == "Hello World")
        #expect(form["body"] == "a&b\r\n")
    }

    @Test func `a request without content has an empty form`() async throws {
        #expect(try await Request.make(.post).form().isEmpty)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var type: String? = "application/x-www-form-urlencoded"
        var body = "a=1"
        let status: HTTPStatus
        let message: String
    }

    static let refusals = [
        Refusal(
            testDescription: "no type", type: nil, status: .unsupportedMediaType,
            message: "The request has content but no Content-Type; a form is 'application/x-www-form-urlencoded' or "
                + "'multipart/form-data'."),
        Refusal(
            testDescription: "JSON", type: "application/json", status: .unsupportedMediaType,
            message: "The content is 'application/json'; a form is 'application/x-www-form-urlencoded' or "
                + "'multipart/form-data'."),
        Refusal(
            testDescription: "multipart without a boundary", type: "multipart/form-data", status: .badRequest,
            message: "The Content-Type of the multipart form has no boundary."),
        Refusal(
            testDescription: "another charset (Django decodes it)",
            type: "application/x-www-form-urlencoded; charset=iso-8859-1", status: .unsupportedMediaType,
            message: "The form is in 'iso-8859-1'; send it in UTF-8."),
        Refusal(
            testDescription: "too long", body: String(repeating: "x", count: 101), status: .contentTooLarge,
            message: "The request body is larger than the limit: 100 bytes (collectedBytes)."),
        Refusal(
            testDescription: "too many fields", body: "a&b&c&d&e&f", status: .badRequest,
            message: "The form has more than 5 fields (fields)."),
        Refusal(
            testDescription: "a value that is no UTF-8 (Django replaces it)", body: "a=1&b=%FF",
            status: .badRequest, message: "The form field 'b' is not UTF-8."),
        Refusal(
            testDescription: "a name that is no UTF-8", body: "%C3=1", status: .badRequest,
            message: "The form has a field whose name is not UTF-8."),
    ]

    @Test(arguments: refusals)
    func `a form that cannot be read names the rule`(_ example: Refusal) async throws {
        var request = try Request.make(
            .post, headers: example.type.map { ["Content-Type": $0] } ?? [:], body: example.body)
        request.limits.collectedBytes = 100
        request.limits.fields = 5
        let error = try await #require(throws: HTTPError.self) { try await request.form() }
        #expect(error.status == example.status)
        #expect(error.message == example.message)
    }

    @Test func `a form can be read again, and so can the body`() async throws {
        let source = OneTimeSource(chunks: [Array("a=1&".utf8), Array("b=2".utf8)])
        let request = Request(
            method: .post, target: "/", path: "/", queryString: "",
            headers: try Headers(["Content-Type": "application/x-www-form-urlencoded"]),
            body: RequestBody(source: source, contentLength: nil), peerAddress: "", isEncrypted: false)
        #expect(try await request.form()["a"] == "1")
        #expect(try await request.form()["b"] == "2")
        #expect(try await request.body.collect(upTo: 100) == Array("a=1&b=2".utf8))
    }
}
