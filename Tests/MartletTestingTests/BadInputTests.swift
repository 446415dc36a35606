import FoundationEssentials
import MartletHTTP
import MartletJSON
import MartletRouting
import MartletSite
import MartletTesting
import Testing

private enum Status: String, CaseIterable { case draft, published }

private struct Order: Decodable {
    struct Item: Decodable { var price: Double }

    var customer: String
    var items: [Item]
}

private let badInputSite = TestSite(
    Site(
        apps: [],
        urls: URLs {
            path("query/", readQuery)
            path("form/", readForm)
            path("json/", { request in Response("\(try await request.json(as: Order.self).items.count)") })
            path("upload/", streamParts)
            path("small/", { request in Response("\(try await request.body.collect().count)") }).bodyLimit(10)
            path(
                "cookies/",
                { request in
                    Response(request.cookies.map { "\($0.name)=\($0.value)" }.joined(separator: "|"))
                })
        }),
    variables: [
        // In debug mode some of these errors get a page for developers.
        "DEBUG": "false", "SERVER_MAX_COLLECTED_BODY_SIZE": "1000", "SERVER_MAX_FORM_FIELDS": "5",
        "SERVER_MAX_FORM_FILES": "2",
        "SERVER_MAX_FILE_SIZE": "500", "SERVER_MAX_JSON_DEPTH": "8", "SERVER_MAX_PART_HEADER_SIZE": "200",
        "SERVER_MAX_PART_HEADERS": "3", "SERVER_MAX_FIELD_NAME_LENGTH": "20",
    ])

@Sendable private func readQuery(_ request: Request) async throws -> Response {
    let query = request.query
    _ = try query.int("page", default: 1, in: 1...100)
    _ = try query.double("ratio")
    _ = try query.decimal("price")
    _ = try query.bool("open")
    _ = try query.uuid("id")
    _ = try query.date("day")
    _ = try query.dateTime("at")
    _ = try query.choice("status", of: Status.self)
    _ = try query.list("n", of: Int.self)
    return Response(try query.require("q"))
}

@Sendable private func readForm(_ request: Request) async throws -> Response {
    let form = try await request.form()
    if form.contains("photo") || !form.files.isEmpty { _ = try form.files.require("photo") }
    return Response("\(try form.require("age", as: Int.self))")
}

@Sendable private func streamParts(_ request: Request) async throws -> Response {
    var texts: [String] = []
    for try await part in try request.multipart() { texts.append(try await part.body.text()) }
    return Response(texts.joined(separator: "|"))
}

/// Every way in which a client's input can be wrong, through all layers to the answer.
@Suite(badInputSite.database) struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = HTTPMethod.post
        let target: String
        var type: String?
        var headers: [String: String] = [:]
        var body: [UInt8] = []
        var status = 400
        var field: String?
        let rule: String
        let detail: String
    }

    // MARK: Query

    private static func query(_ description: String, _ text: String, _ field: String, _ rule: String, _ detail: String)
        -> Case
    {
        Case(
            testDescription: "query: \(description)", method: .get, target: "/query/?\(text)", field: field, rule: rule,
            detail: "The query parameter '\(field)' \(detail).")
    }

    static let queries = [
        query("a missing parameter", "", "q", "required", "is missing"),
        query("text for a number", "page=x", "page", "integer", "must be a whole number, but it is 'x'"),
        query("a number out of range", "page=101", "page", "range", "must be between 1 and 100, but it is '101'"),
        query(
            "more than 64 bits", "page=9223372036854775808", "page", "integer",
            "must be a whole number, but it is '9223372036854775808'"),
        query("not a number", "ratio=nan", "ratio", "number", "must be a number, but it is 'nan'"),
        query(
            "a comma in a number", "price=1,5", "price", "decimal",
            "must be a decimal number of at most 38 digits, but it is '1,5'"),
        query("no truth value", "open=maybe", "open", "boolean", "must be 'true' or 'false', but it is 'maybe'"),
        query("no UUID", "id=7", "id", "uuid", "must be a UUID, but it is '7'"),
        query("no day", "day=2026-02-30", "day", "date", "must be a date such as 2026-01-31, but it is '2026-02-30'"),
        query(
            "no moment", "at=now", "at", "date_time", "must be a moment such as 2026-01-31T09:05:00Z, but it is 'now'"),
        query("no choice", "status=x", "status", "choice", "must be one of 'draft', 'published', but it is 'x'"),
        query("one of a list", "n=1&n=%27", "n", "integer", "must be a whole number, but it is '''"),
        query("markup", "page=%3Cscript%3E", "page", "integer", "must be a whole number, but it is '<script>'"),
        query("NUL", "page=1%00", "page", "integer", "must be a whole number, but it is '1\u{0}'"),
        // A query that is no UTF-8 is read with U+FFFD, as in Django, and refused by its type.
        query("no UTF-8", "page=%FF", "page", "integer", "must be a whole number, but it is '\u{FFFD}'"),
    ]

    // MARK: Forms

    private static let form = "application/x-www-form-urlencoded"

    private static func form(
        _ description: String, _ body: String, type: String? = form, status: Int = 400, _ field: String?,
        _ rule: String,
        _ detail: String
    ) -> Case {
        Case(
            testDescription: "form: \(description)", target: "/form/", type: type, body: Array(body.utf8),
            status: status,
            field: field, rule: rule, detail: detail)
    }

    static let forms = [
        form("a missing field", "a=1", "age", "required", "The form field 'age' is missing."),
        form(
            "text for a number", "age=old", "age", "integer",
            "The form field 'age' must be a whole number, but it is 'old'."),
        form(
            "a value that is no UTF-8 (Django replaces it)", "age=%FF", "age", "encoding",
            "The form field 'age' is not UTF-8."),
        form("a name that is no UTF-8", "%FF=1", nil, "encoding", "The form has a field whose name is not UTF-8."),
        form("too many fields", "a&b&c&d&e&f", nil, "fields", "The form has more than 5 fields (fields)."),
        form(
            "too long", "age=" + String(repeating: "1", count: 1_000), status: 413, nil, "collectedBytes",
            "The request body is larger than the limit of '/form/': 1000 bytes (collectedBytes)."),
        form(
            "no type", "age=1", type: nil, status: 415, "Content-Type", "media_type",
            "The request has content but no Content-Type; a form is 'application/x-www-form-urlencoded' or "
                + "'multipart/form-data'."),
        form(
            "JSON", "{}", type: "application/json", status: 415, "Content-Type", "media_type",
            "The content is 'application/json'; a form is 'application/x-www-form-urlencoded' or "
                + "'multipart/form-data'."),
        form(
            "another charset", "age=1", type: "\(form); charset=utf-16", status: 415, "Content-Type", "media_type",
            "The form is in 'utf-16'; send it in UTF-8."),
        form(
            "a malformed type", "age=1", type: "\(form); charset=\"utf", status: 415, "Content-Type", "media_type",
            "The content is '\(form); charset=\"utf'; a form is 'application/x-www-form-urlencoded' or "
                + "'multipart/form-data'."),
        Case(
            testDescription: "form: beyond the route's limit", target: "/small/", type: form,
            body: Array("age=1234567".utf8),
            status: 413, rule: "bodyLimit",
            detail: "The request body is larger than the limit of '/small/': 10 bytes (bodyLimit)."),
    ]

    // MARK: JSON

    private static func json(
        _ description: String, _ body: String, type: String? = "application/json", status: Int = 400, _ field: String?,
        _ rule: String, _ detail: String
    ) -> Case {
        Case(
            testDescription: "JSON: \(description)", target: "/json/", type: type, body: Array(body.utf8),
            status: status,
            field: field, rule: rule, detail: detail)
    }

    static let jsons = [
        json("no content", "", nil, "required", "The request has no content; JSON is expected."),
        json(
            "no type", "{}", type: nil, status: 415, "Content-Type", "media_type",
            "The content has no Content-Type; it must be 'application/json'."),
        json(
            "plain text", "{}", type: "text/plain", status: 415, "Content-Type", "media_type",
            "The content is 'text/plain'; it must be 'application/json'."),
        json(
            "another charset", "{}", type: "application/json;charset=latin1", status: 415, "Content-Type", "media_type",
            "The JSON is in 'latin1'; send it in UTF-8."),
        json("a missing member", "{}", "customer", "required", "The JSON field 'customer' is missing."),
        json(
            "another type deep within", #"{"customer":"","items":[{"price":1},{"price":"2"}]}"#, "items[1].price",
            "type", "The JSON field 'items[1].price' is not valid: a number was expected, not a string."),
        json(
            "another type at the root", "3", nil, "type",
            "The JSON is not valid: an object was expected, not a number."),
        json(
            "a text that breaks off", #"{"a""#, nil, "syntax",
            "The JSON is not valid: expected ':' after a name, found the end of the text "
                + "(line 1, column 5, byte 4)."),
        json(
            "NaN", #"{"a":NaN}"#, nil, "syntax",
            "The JSON is not valid: expected a value, found 'N' (line 1, column 6, byte 5)."),
        json(
            "a name twice", #"{"a":1,"a":2}"#, nil, "duplicate",
            "The JSON is not valid: the object has the name \"a\" twice (line 1, column 8, byte 7)."),
        json(
            "half of a surrogate pair", #""\ud800""#, nil, "encoding",
            "The JSON is not valid: half of a surrogate pair stands alone (line 1, column 2, byte 1)."),
        json(
            "too deep", String(repeating: "[", count: 900), nil, "jsonDepth",
            "The JSON is not valid: arrays and objects nest deeper than 8 levels (line 1, column 9, byte 8)."),
        json(
            "too long", String(repeating: " ", count: 1_001), status: 413, nil, "collectedBytes",
            "The request body is larger than the limit of '/json/': 1000 bytes (collectedBytes)."),
        Case(
            testDescription: "JSON: no UTF-8", target: "/json/", type: "application/json",
            body: [0x22, 0xFF, 0x22], rule: "encoding",
            detail: "The JSON is not valid: the string that begins here is not UTF-8 (line 1, column 1, byte 0)."),
    ]

    // MARK: Multipart

    private static let disposition = "Content-Disposition: form-data; name="

    private static func part(_ head: String, _ content: String = "1") -> String {
        "--x\r\n\(head)\r\n\r\n\(content)\r\n"
    }

    private static func multipart(
        _ description: String, _ body: String, type: String = "multipart/form-data; boundary=x",
        target: String = "/form/",
        status: Int = 400, _ field: String?, _ rule: String, _ detail: String
    ) -> Case {
        Case(
            testDescription: "multipart: \(description)", target: target, type: type, body: Array(body.utf8),
            status: status, field: field, rule: rule, detail: detail)
    }

    static let multiparts = [
        multipart(
            "a missing field", part("\(disposition)a") + "--x--", "age", "required",
            "The form field 'age' is missing."),
        multipart(
            "a missing file", part("\(disposition)photo") + "--x--", "photo", "required",
            "The file 'photo' is missing."),
        multipart(
            "no boundary", "--x--", type: "multipart/form-data", "Content-Type", "required",
            "The Content-Type of the multipart form has no boundary."),
        multipart(
            "a boundary that is none", "--x--", type: "multipart/form-data; boundary=\"a@b\"", "Content-Type",
            "syntax",
            "The boundary of the multipart form must have 1 to 70 letters, digits and characters of '()+_,-./:=?, and no "
                + "space at its end."),
        multipart(
            "a malformed type", "--x--", type: "multipart/form-data; boundary", target: "/upload/",
            "Content-Type", "syntax", "The Content-Type of the form is malformed."),
        multipart(
            "another type", "--x--", type: "multipart/mixed; boundary=x", target: "/upload/", status: 415,
            "Content-Type", "media_type", "The content is 'multipart/mixed'; it must be 'multipart/form-data'."),
        multipart(
            "a form without its boundary", "hello", nil, "syntax",
            "The multipart form has no part: its boundary does not occur."),
        multipart(
            "a form that breaks off", "--x\r\n\(disposition)age\r\n\r\n12", "age", "syntax",
            "The multipart form ends within the form field 'age', before its last boundary."),
        multipart(
            "a form that ends behind a part", part("\(disposition)age") + "--x", nil, "syntax",
            "The multipart form ends behind part 1, before its last boundary."),
        multipart(
            "text behind a boundary", "--xy\r\n", nil, "syntax",
            "The boundary behind part 0 of the form is followed by other text."),
        multipart(
            "a part without a disposition", part("X-A: 1") + "--x--", "part 1", "required",
            "Part 1 of the form has no Content-Disposition, and so no name."),
        multipart(
            "a part without a name", part("Content-Disposition: form-data") + "--x--", "part 1", "required",
            "Part 1 of the form has no name."),
        multipart(
            "another disposition", part("Content-Disposition: attachment; name=age") + "--x--", "part 1", "syntax",
            "Part 1 of the form has the Content-Disposition 'attachment'; it must be 'form-data'."),
        multipart(
            "a bare line feed", "--x\r\n\(disposition)age\n\n1\r\n--x--", "part 1", "syntax",
            "Part 1 of the form has a line that does not end with CR LF, or a control character in its header."),
        multipart(
            "a long header", part("\(disposition)\"\(String(repeating: "n", count: 300))\"") + "--x--", "part 1",
            "partHeaderBytes", "Part 1 of the form has a header of more than 200 bytes (partHeaderBytes)."),
        multipart(
            "a long name", part("\(disposition)\"\(String(repeating: "n", count: 21))\"") + "--x--", "part 1",
            "nameBytes", "Part 1 of the form has a name of more than 20 bytes (nameBytes)."),
        multipart(
            "many header fields", part("\(disposition)age\r\nA: 1\r\nB: 1\r\nC: 1") + "--x--", "part 1",
            "partHeaders", "Part 1 of the form has more than 3 header fields (partHeaders)."),
        multipart(
            "too many fields", (0..<6).map { part("\(disposition)f\($0)") }.joined() + "--x--", nil, "fields",
            "The form has more than 5 fields (fields)."),
        multipart(
            "too many files",
            (0..<3).map { part("\(disposition)f\($0); filename=a") }.joined() + "--x--", nil, "files",
            "The form has more than 2 files (files)."),
        multipart(
            "a large file",
            part("\(disposition)photo; filename=a", String(repeating: "x", count: 501)) + "--x--", status: 413, "photo",
            "fileBytes", "The file 'photo' is larger than 500 bytes (fileBytes)."),
        multipart(
            "fields that are large together",
            part("\(disposition)a", String(repeating: "x", count: 600))
                + part("\(disposition)b", String(repeating: "x", count: 600))
                + "--x--",
            status: 413, "b", "collectedBytes",
            "The form up to its field 'b', without files, is larger than the limit of '/form/': 1000 bytes "
                + "(collectedBytes)."),
        multipart(
            "another encoding (Django decodes base64)",
            part("\(disposition)age\r\nContent-Transfer-Encoding: base64") + "--x--", status: 415, "age", "encoding",
            "The form field 'age' is encoded as 'base64'; send it as it is, without Content-Transfer-Encoding."),
        multipart(
            "another charset", part("\(disposition)age\r\nContent-Type: text/plain; charset=utf-16") + "--x--",
            status: 415, "age", "encoding", "The form field 'age' is in 'utf-16'; send it in UTF-8."),
        Case(
            testDescription: "multipart: a field that is no UTF-8", target: "/form/",
            type: "multipart/form-data; boundary=x",
            body: Array("--x\r\n\(disposition)age\r\n\r\n".utf8) + [0xFF] + Array("\r\n--x--".utf8), field: "age",
            rule: "encoding", detail: "The form field 'age' is not UTF-8."),
        Case(
            testDescription: "multipart: a streamed field that is no UTF-8", target: "/upload/",
            type: "multipart/form-data; boundary=x",
            body: Array("--x\r\n\(disposition)age\r\n\r\n".utf8) + [0xFF] + Array("\r\n--x--".utf8), field: "age",
            rule: "encoding", detail: "The form field 'age' is not UTF-8."),
    ]

    // MARK: Hosts

    static let hosts = [
        Case(
            testDescription: "host: malformed", method: .get, target: "/query/?q=1", headers: ["Host": "a b"],
            field: "Host", rule: "syntax", detail: "The Host \"a b\" is no host name with a port."),
        Case(
            testDescription: "host: with a user", method: .get, target: "/query/?q=1",
            headers: ["Host": "testserver@evil.example"], field: "Host", rule: "syntax",
            detail: "The Host \"testserver@evil.example\" is no host name with a port."),
    ]

    static let all = queries + forms + jsons + multiparts + hosts

    private func send(_ example: Case, accept: String) async throws -> TestResponse {
        var headers = try Headers(["Accept": accept])
        if let type = example.type { try headers.set(.contentType, type) }
        for (name, value) in example.headers { try headers.set(#require(HeaderName(name)), value) }
        return try await TestClient().send(example.method, example.target, headers: headers, body: example.body)
    }

    @Test(arguments: all)
    func `an error names the field and the rule, in JSON`(_ example: Case) async throws {
        let response = try await send(example, accept: "application/json")
        #expect(response.status.code == example.status)
        #expect(response.headers[.contentType] == "application/json")
        let body = try response.json
        #expect(body["detail"]?.stringValue == example.detail)
        #expect(body["field"]?.stringValue == example.field)
        #expect(body["rule"]?.stringValue == example.rule)
    }

    @Test(arguments: all)
    func `an error names the field and the rule, on a page`(_ example: Case) async throws {
        let response = try await send(example, accept: "text/html")
        #expect(response.status.code == example.status)
        #expect(response.headers[.contentType] == "text/html; charset=utf-8")
        #expect(response.text.contains(Self.escaped(example.detail)))
        #expect(!response.text.contains("<script>"))
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#x27;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    // Cookies are passed over where they are malformed, as in Django: the client that sends one has often got it from
    // another application of the domain, and would be locked out until it expires.
    @Test(arguments: [
        ("a=1; =; b=2", "a=1|b=2"), ("bare; a=1", "=bare|a=1"), ("a=\"x; b=2", "a=\"x|b=2"), (";;;", ""),
        ("a=1;;a=2", "a=1|a=2"), ("a=\"\\999\"", "a=999"),
    ])
    func `a malformed cookie hinders nobody`(_ field: String, _ cookies: String) async throws {
        let response = try await TestClient().get("/cookies/", headers: Headers(["Cookie": field]))
        #expect(response.status == .ok)
        #expect(response.text == cookies)
    }
}
