import FoundationEssentials
import MartletHTTP
import MartletJSON
import Testing

@Suite struct JSONResponseTests {
    struct Comment: Encodable {
        var id = UUID(uuidString: "0190B6A5-7C3E-7B3A-9D2F-1F2E3D4C5B6A")
        var at = Date(timeIntervalSince1970: 1_769_850_300.25)
        var price = Decimal(string: "19.90")
        var text = "é <script>"
        var tags: [String] = []
    }

    // The forms are those of Django REST framework's encoder.
    @Test func `an Encodable value is JSON as Django REST framework writes it`() throws {
        let response = try Response.json(Comment(), status: .created)
        #expect(response.status == .created)
        #expect(response.headers[.contentType] == "application/json")
        #expect(
            response.body.bytes.map { String(decoding: $0, as: UTF8.self) } == """
                {"id":"0190b6a5-7c3e-7b3a-9d2f-1f2e3d4c5b6a","at":"2026-01-31T09:05:00.250000Z","price":"19.9",\
                "text":"é <script>","tags":[]}
                """)
    }

    // tests/httpwrappers: JsonResponseTests. Django refuses what is no dict unless `safe=False`: browsers that ran
    // arrays as scripts are gone since 2011, so here every value may be sent.
    @Test(arguments: [
        (["a": 1] as JSONValue, #"{"a":1}"#), (.array(["foo", "bar"]), #"["foo","bar"]"#), ("foobar", #""foobar""#),
        (nil, "null"),
    ])
    func `any value may be sent`(_ value: JSONValue, _ text: String) throws {
        #expect(try Response.json(value).body.bytes == Array(text.utf8))
    }

    @Test func `what JSON cannot say is an error and no response`() {
        #expect(throws: JSONError.self) { try Response.json(["x": Double.infinity]) }
    }

    @Test(arguments: [
        ("{}", "{}"), ("[]", "[]"), ("1", "1"), (#"{"a":[]}"#, "{\n  \"a\": []\n}"),
        (#"{"a":1,"b":[1,{"c":null}]}"#, "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    {\n      \"c\": null\n    }\n  ]\n}"),
        (#"["{,:}\"[\\"]"#, "[\n  \"{,:}\\\"[\\\\\"\n]"), ("[ [ ] , { } ]", "[\n  [],\n  {}\n]"),
    ])
    func `pretty JSON has a line for each part and means the same`(_ text: String, _ pretty: String) throws {
        let response = Response.json(bytes: Array(text.utf8), pretty: true)
        #expect(response.body.bytes.map { String(decoding: $0, as: UTF8.self) } == pretty)
        #expect(try JSON.parse(pretty) == JSON.parse(text))
    }
}
