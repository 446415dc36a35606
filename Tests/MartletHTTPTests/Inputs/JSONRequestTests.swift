import FoundationEssentials
import MartletHTTP
import MartletJSON
import Testing

@Suite struct JSONRequestTests {
    struct Item: Decodable, Equatable {
        var name: String
        var price: Double
    }

    struct Order: Decodable, Equatable {
        var id: UUID?
        var customer: String
        var items: [Item]
    }

    private static func request(
        _ body: String, type: String? = "application/json", limits: RequestLimits = RequestLimits()
    ) throws -> Request {
        var request = try Request.make(.post, headers: type.map { ["Content-Type": $0] } ?? [:], body: body)
        request.limits = limits
        return request
    }

    @Test(arguments: [
        "application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"",
        "application/vnd.api+json", "application/problem+json",
    ])
    func `JSON is read into a type`(_ type: String) async throws {
        let request = try Self.request(
            #"{"customer": "Ann", "items": [{"name": "tea", "price": 2.5}], "unknown": null}"#, type: type)
        #expect(request.hasJSON)
        let order = try await request.json(as: Order.self)
        #expect(order == Order(id: nil, customer: "Ann", items: [Item(name: "tea", price: 2.5)]))
        #expect(try await request.json()["items"]?[0]?["name"]?.stringValue == "tea")
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var type: String? = "application/json"
        let body: String
        var status = HTTPStatus.badRequest
        var field: String?
        let rule: InputProblem.Rule
        let message: String
    }

    private static let media = HTTPStatus.unsupportedMediaType
    private static let wholeOrder = #"{"customer":"Ann","items":[{"name":"tea","price":"#

    // RFC 8259; the path in JSON as in `items[3].price`
    static let refusals = [
        Refusal(
            testDescription: "no content", body: "", rule: .required,
            message: "The request has no content; JSON is expected."),
        Refusal(
            testDescription: "no type", type: nil, body: "{}", status: media, field: "Content-Type", rule: .mediaType,
            message: "The content has no Content-Type; it must be 'application/json'."),
        Refusal(
            testDescription: "a form", type: "application/x-www-form-urlencoded", body: "{}", status: media,
            field: "Content-Type", rule: .mediaType,
            message: "The content is 'application/x-www-form-urlencoded'; it must be 'application/json'."),
        Refusal(
            testDescription: "text that is JSON, as forms of other sites can send it", type: "text/plain", body: "{}",
            status: media, field: "Content-Type", rule: .mediaType,
            message: "The content is 'text/plain'; it must be 'application/json'."),
        Refusal(
            testDescription: "a type that only begins alike", type: "application/jsonp", body: "{}", status: media,
            field: "Content-Type", rule: .mediaType,
            message: "The content is 'application/jsonp'; it must be 'application/json'."),
        Refusal(
            testDescription: "another charset", type: "application/json; charset=utf-16", body: "{}", status: media,
            field: "Content-Type", rule: .mediaType, message: "The JSON is in 'utf-16'; send it in UTF-8."),
        Refusal(
            testDescription: "a missing member", body: #"{"customer":"Ann"}"#, field: "items", rule: .required,
            message: "The JSON field 'items' is missing."),
        Refusal(
            testDescription: "a missing member of an element", body: #"{"customer":"Ann","items":[{"price":1}]}"#,
            field: "items[0].name", rule: .required, message: "The JSON field 'items[0].name' is missing."),
        Refusal(
            testDescription: "another type deep within", body: wholeOrder + #"1},{"name":"cup","price":"2"}]}"#,
            field: "items[1].price", rule: .type,
            message: "The JSON field 'items[1].price' is not valid: a number was expected, not a string."),
        Refusal(
            testDescription: "null", body: #"{"customer":null,"items":[]}"#, field: "customer", rule: .type,
            message: "The JSON field 'customer' is not valid: a string was expected, not null."),
        Refusal(
            testDescription: "a value that the type does not take", body: #"{"id":"x","customer":"","items":[]}"#,
            field: "id", rule: .value, message: "The JSON field 'id' is not valid: the string is not a UUID."),
        Refusal(
            testDescription: "another type at the root", body: "[]", rule: .type,
            message: "The JSON is not valid: an object was expected, not an array."),
        Refusal(
            testDescription: "a number that is too large", body: wholeOrder + "1e999}]}", field: "items[0].price",
            rule: .value, message: "The JSON field 'items[0].price' is not valid: 1e999 is no value of Double."),
        Refusal(
            testDescription: "a comma too many", body: "{\"customer\": \"Ann\",\n}", rule: .syntax,
            message: "The JSON is not valid: expected a name in double quotes, found '}' "
                + "(line 2, column 1, byte 20)."),
        Refusal(
            testDescription: "a text that breaks off", body: #"{"customer": "An"#, rule: .syntax,
            message: "The JSON is not valid: expected '\"' at the end of a string, found the end of the text "
                + "(line 1, column 17, byte 16)."),
        Refusal(
            testDescription: "NaN", body: wholeOrder + "NaN}]}", rule: .syntax,
            message: "The JSON is not valid: expected a value, found 'N' (line 1, column 50, byte 49)."),
        Refusal(
            testDescription: "a name twice, which two readers would read differently (Python takes the last)",
            body: #"{"customer":"Ann","customer":"Bob","items":[]}"#, rule: .duplicate,
            message: "The JSON is not valid: the object has the name \"customer\" twice (line 1, column 19, byte 18)."),
        Refusal(
            testDescription: "half of a surrogate pair", body: #"{"customer":"\ud800"}"#, rule: .encoding,
            message: "The JSON is not valid: half of a surrogate pair stands alone (line 1, column 14, byte 13)."),
        Refusal(
            testDescription: "a byte order mark", body: "\u{FEFF}{}", rule: .syntax,
            message: "The JSON is not valid: expected a value, found byte 0xEF (line 1, column 1, byte 0)."),
        Refusal(
            testDescription: "too deep", body: String(repeating: "[", count: 100_000),
            rule: InputProblem.Rule("jsonDepth"),
            message: "The JSON is not valid: arrays and objects nest deeper than 128 levels "
                + "(line 1, column 129, byte 128)."),
        Refusal(
            testDescription: "too long", body: "\"" + String(repeating: "x", count: 300_000) + "\"",
            status: .contentTooLarge, rule: InputProblem.Rule("collectedBytes"),
            message: "The request body is larger than the limit: 200000 bytes (collectedBytes)."),
    ]

    @Test(arguments: refusals)
    func `what is no JSON of the type is refused with its place`(_ example: Refusal) async throws {
        var limits = RequestLimits()
        limits.collectedBytes = 200_000
        let request = try Self.request(example.body, type: example.type, limits: limits)
        let error = try await #require(throws: HTTPError.self) { _ = try await request.json(as: Order.self) }
        #expect(error.status == example.status)
        #expect(error.message == example.message)
        #expect(error.input == InputProblem(field: example.field, rule: example.rule))
    }

    @Test func `a route may take less depth`() async throws {
        var limits = RequestLimits()
        limits.jsonDepth = 2
        #expect(try await Self.request("[[1]]", limits: limits).json()[0]?[0] == 1)
        let error = try await #require(throws: HTTPError.self) {
            _ = try await Self.request("[[[1]]]", limits: limits).json()
        }
        #expect(error.message.contains("deeper than 2 levels"))
    }
}
