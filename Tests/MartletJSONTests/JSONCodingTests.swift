import FoundationEssentials
import MartletJSON
import Testing

@Suite struct JSONCodingTests {
    struct Tag: Codable, Equatable {
        var name: String
        var weight: Double?
    }

    enum Status: String, Codable { case draft, published }

    struct Post: Codable, Equatable {
        var id: UUID
        var title: String
        var status: Status
        var published: Date?
        var price: Decimal
        var cover: Data
        var home: URL?
        var tags: [Tag]
        var counts: [String: Int]
        var flags: [Bool]
        var small: UInt8
        var extra: JSONValue
    }

    private func makePost() throws -> Post {
        Post(
            id: try #require(UUID(uuidString: "0190B6A5-7E3C-7000-8000-00000000ABCD")), title: "Über \"alles\"\n",
            status: .published, published: Date(timeIntervalSince1970: 1_767_268_800.25),
            price: try #require(Decimal(string: "0.10")), cover: Data([0, 255, 16]), home: URL(string: "https://a.b/c"),
            tags: [Tag(name: "x", weight: 0.1), Tag(name: "y", weight: nil)], counts: ["a": 1], flags: [true, false],
            small: 255, extra: ["deep": [1, nil, "z"]])
    }

    @Test func `a value is written as Django REST framework would`() throws {
        let text = String(decoding: try JSON.encode(try makePost()), as: UTF8.self)
        #expect(
            text == #"{"id":"0190b6a5-7e3c-7000-8000-00000000abcd","title":"Über \"alles\"\n","status":"published","#
                + #""published":"2026-01-01T12:00:00.250000Z","price":"0.1","cover":"AP8Q","home":"https://a.b/c","#
                + #""tags":[{"name":"x","weight":0.1},{"name":"y"}],"counts":{"a":1},"flags":[true,false],"#
                + #""small":255,"extra":{"deep":[1,null,"z"]}}"#)
    }

    @Test func `what was written is read back`() throws {
        let post = try makePost()
        #expect(try JSON.decode(Post.self, from: try JSON.encode(post)) == post)
        #expect(try JSON.decode(Post.self, from: try JSON.encode(post, asciiOnly: true)) == post)
        let text = String(decoding: try JSON.encode("é", asciiOnly: true), as: UTF8.self)
        #expect(text == #""\u00e9""#)
    }

    static let faults: [(String, JSONError.Code, String)] = [
        (#"{"tags":[{"name":"a"},{"name":7}]}"#, .mismatch, "a string was expected, not a number (at $.tags[1].name)"),
        (#"{"tags":[{"name":null}]}"#, .mismatch, "a string was expected, not null (at $.tags[0].name)"),
        (#"{"tags":[{"title":"a"}]}"#, .missing, "a value is missing (at $.tags[0].name)"),
        (#"{"tags":{}}"#, .mismatch, "an array was expected, not an object (at $.tags)"),
        (#"{}"#, .missing, "a value is missing (at $.tags)"),
        (#"[]"#, .mismatch, "an object was expected, not an array (at $)"),
        (#"{"tags":[],"a b":[300]}"#, .invalidValue, "300 is no value of UInt8 (at $[\"a b\"][0])"),
        (#"{"tags":[],"a b":[1.5]}"#, .invalidValue, "1.5 is no value of UInt8 (at $[\"a b\"][0])"),
        (#"{"tags":[],"a b":[true]}"#, .mismatch, "an integer was expected, not a boolean (at $[\"a b\"][0])"),
        (
            #"{"tags":[],"at":"yesterday"}"#, .invalidValue,
            "the string is not a date such as 2026-01-01T12:00:00Z (at $.at)"
        ),
        (#"{"tags":[],"price":"12a"}"#, .invalidValue, "the string is not a decimal number (at $.price)"),
        (
            #"{"tags":[],"price":0.123456789012345678901234567890123456789}"#, .invalidValue,
            "the number has more digits than Decimal holds (at $.price)"
        ),
        (#"{"tags":[],"id":"12"}"#, .invalidValue, "the string is not a UUID (at $.id)"),
        (#"{"tags":[],"rate":1e999}"#, .invalidValue, "1e999 is no value of Double (at $.rate)"),
    ]

    struct Draft: Decodable {
        var tags: [Tag]
        var small: [UInt8]?
        var at: Date?
        var price: Decimal?
        var id: UUID?
        var rate: Double?
        enum CodingKeys: String, CodingKey {
            case tags, at, price, id, rate
            case small = "a b"
        }
    }

    @Test(arguments: faults)
    func `an error names the path`(_ text: String, _ code: JSONError.Code, _ message: String) {
        let error = #expect(throws: JSONError.self) { try JSON.decode(Draft.self, from: Array(text.utf8)) }
        #expect(error?.description == message)
        #expect(error?.code == code)
    }

    @Test(arguments: [
        "", "0190b6a5-7e3c-7000-8000-00000000abc", "0190b6a5-7e3c-7000-8000-00000000abcde",
        "0190b6a57e3c-7000-8000-00000000abcd-", "0190b6a5-7e3c-7000-8000-00000000abcg",
        "{0190b6a5-7e3c-7000-8000-00000000ab}", "0190b6a5-7e3c-7000-8000-0000000０abcd",
    ])
    func `text that is no UUID is refused`(_ text: String) {
        let error = #expect(throws: JSONError.self) { try JSON.decode(UUID.self, from: .string(text)) }
        #expect(error?.message == "the string is not a UUID")
    }

    @Test func `a UUID may be in capitals`() throws {
        let id = UUID()
        #expect(try JSON.decode(UUID.self, from: .string(id.uuidString)) == id)
        #expect(try JSON.decode(UUID.self, from: .string(id.uuidString.lowercased())) == id)
    }

    @Test func `numbers are exact or an error`() throws {
        #expect(try JSON.decode(Decimal.self, from: Array("0.1".utf8)).description == "0.1")
        #expect(
            try JSON.decode(Decimal.self, from: Array("12345678901234567890.12345678".utf8)).description
                == "12345678901234567890.12345678")
        #expect(try JSON.decode(UInt64.self, from: Array("18446744073709551615".utf8)) == .max)
        #expect(try JSON.decode(Int.self, from: Array("3.0".utf8)) == 3)
        #expect(try JSON.decode(Double.self, from: Array("3".utf8)) == 3)
        #expect(try JSON.decode(Float.self, from: JSON.encode(Float(0.1))) == 0.1)
    }

    @Test(arguments: [Double.nan, .infinity]) func `a number that JSON cannot say is an error with its path`(
        _ number: Double
    ) {
        let error = #expect(throws: JSONError.self) { try JSON.encode(["tags": [Tag(name: "a", weight: number)]]) }
        #expect(error?.path == "$.tags[0].weight")
        #expect(error?.message.contains("is not a number of JSON") == true)
    }

    @Test func `a date without ISO form is an error with its path`() {
        let error = #expect(throws: JSONError.self) { try JSON.encode(["at": Date.distantPast]) }
        #expect(error?.path == "$.at")
    }

    /// Fills two nested containers in turn, as a hand-written `encode(to:)` may.
    struct Interleaved: Encodable {
        enum Keys: String, CodingKey { case first, second, last, list }

        func encode(to encoder: any Encoder) throws {
            var root = encoder.container(keyedBy: Keys.self)
            var first = root.nestedContainer(keyedBy: Keys.self, forKey: .first)
            var second = root.nestedContainer(keyedBy: Keys.self, forKey: .second)
            var list = root.nestedUnkeyedContainer(forKey: .list)
            try first.encode(1, forKey: .first)
            try second.encode(2, forKey: .first)
            try list.encode("a")
            var inner = list.nestedUnkeyedContainer()
            try first.encode([3], forKey: .second)
            try inner.encode(4)
            try list.encode(Tag(name: "b"))
            try root.encode(true, forKey: .last)
        }
    }

    @Test func `nested containers may be filled in turn`() throws {
        #expect(
            String(decoding: try JSON.encode([Interleaved()]), as: UTF8.self)
                == #"[{"first":{"first":1,"second":[3]},"second":{"first":2},"list":["a",[4],{"name":"b"}],"last":true}]"#
        )
    }

    class Base: Codable {
        var a = 1
    }

    final class Derived: Base {
        var b = 2
        enum Keys: CodingKey { case b }

        override init() { super.init() }
        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            b = try container.decode(Int.self, forKey: .b)
            try super.init(from: container.superDecoder())
        }
        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(b, forKey: .b)
            try super.encode(to: container.superEncoder())
        }
    }

    @Test func `a super class has its own object`() throws {
        let bytes = try JSON.encode(Derived())
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"b":2,"super":{"a":1}}"#)
        let value = try JSON.decode(Derived.self, from: bytes)
        #expect(value.a == 1 && value.b == 2)
    }

    struct Nothing: Codable, Equatable {}
    struct Mixed: Encodable {
        func encode(to encoder: any Encoder) throws {
            _ = encoder.container(keyedBy: Interleaved.Keys.self)
            _ = encoder.unkeyedContainer()
        }
    }
    struct Twice: Encodable {
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(1)
            try container.encode(2)
        }
    }

    @Test func `a value that encodes nothing is an empty object, and one that encodes two things an error`() throws {
        #expect(try JSON.encode(Nothing()) == Array("{}".utf8))
        #expect(try JSON.encode([Nothing(), Nothing()]) == Array("[{},{}]".utf8))
        #expect(throws: JSONError.self) { try JSON.encode(["a": Mixed()]) }
        #expect(throws: JSONError.self) { try JSON.encode(["a": Twice()]) }
    }

    @Test func `scalars and optionals stand alone`() throws {
        #expect(try JSON.encode(5 as Int?) == Array("5".utf8))
        #expect(try JSON.encode(nil as Int?) == Array("null".utf8))
        #expect(try JSON.decode(Int?.self, from: Array("null".utf8)) == nil)
        #expect(try JSON.decode([Int?].self, from: Array("[1,null]".utf8)) == [1, nil])
        #expect(try JSON.decode([Status: Int].self, from: JSON.encode([Status.draft: 1])) == [.draft: 1])
        let error = #expect(throws: JSONError.self) { try JSON.decode(Status.self, from: Array(#""gone""#.utf8)) }
        #expect(error?.path == "$")
    }
}
