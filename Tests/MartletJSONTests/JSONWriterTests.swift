import FoundationEssentials
import Testing

@testable import MartletJSON

@Suite struct JSONWriterTests {
    static let texts: [(String, String, String)] = [
        ("", "", ""),
        (
            "plain text of more than eight bytes", "plain text of more than eight bytes",
            "plain text of more than eight bytes"
        ),
        ("a\"b\\c/d", #"a\"b\\c/d"#, #"a\"b\\c/d"#),
        (
            "\0\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F}", #"\u0000\u0001\b\t\n\u000b\f\r\u001f"#,
            #"\u0000\u0001\b\t\n\u000b\f\r\u001f"#
        ),
        ("\u{7F}", "\u{7F}", #"\u007f"#),
        ("é€😀", "é€😀", #"\u00e9\u20ac\ud83d\ude00"#),
        ("12345678é\"1234567\n", #"12345678é\"1234567\n"#, #"12345678\u00e9\"1234567\n"#),
        ("a\u{2028}\u{2029}’b", #"a\u2028\u2029’b"#, #"a\u2028\u2029\u2019b"#),
        ("\u{10FFFF}", "\u{10FFFF}", #"\udbff\udfff"#),
    ]

    @Test(arguments: texts)
    func `text is escaped`(_ text: String, _ plain: String, _ ascii: String) throws {
        let wide = JSON.array { $0.element(text) }
        let narrow = JSON.array(asciiOnly: true) { $0.element(text) }
        #expect(String(decoding: wide, as: UTF8.self) == "[\"\(plain)\"]")
        #expect(String(decoding: narrow, as: UTF8.self) == "[\"\(ascii)\"]")
        #expect(try JSON.parse(wide) == [.string(text)])
        #expect(try JSON.parse(narrow) == [.string(text)])
    }

    @Test func `every byte at every place of a word is escaped alike`() throws {
        for byte in UInt8(0)..<0x80 {
            for place in 0..<17 {
                var bytes = [UInt8](repeating: 0x61, count: 17)
                bytes[place] = byte
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(try JSON.parse(JSON.array { $0.element(text) }) == [.string(text)])
                #expect(try JSON.parse(JSON.array(asciiOnly: true) { $0.element(text) }) == [.string(text)])
            }
        }
    }

    @Test func `an object is written member by member`() throws {
        let id = try #require(UUID(uuidString: "0190B6A5-7E3C-7000-8000-00000000ABCD"))
        let bytes = try JSON.object { post in
            post.field("title", "a")
            post.field("count", 3)
            post.field("draft", false)
            try post.field("rate", 2.0)
            try post.field("published", Date(timeIntervalSince1970: 1_767_268_800))
            post.field("id", id)
            post.field("nothing", nil as String?)
            try post.field("any", ["x": [1, nil]])
            post.array("tags") { tags in
                tags.element("b")
                tags.object { $0.field("name", "c") }
                tags.array { _ in }
            }
            post.object("empty") { _ in }
        }
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"title":"a","count":3,"draft":false,"rate":2.0,"published":"2026-01-01T12:00:00Z","#
                + #""id":"0190b6a5-7e3c-7000-8000-00000000abcd","nothing":null,"any":{"x":[1,null]},"#
                + #""tags":["b",{"name":"c"},[]],"empty":{}}"#)
    }

    @Test func `a member whose value fails is not written at all`() throws {
        let bytes = JSON.object { object in
            object.field("a", 1)
            #expect(throws: JSONError.self) { try object.field("b", Double.nan) }
            #expect(throws: JSONError.self) { try object.field("c", ["x": [1, .double(.infinity)]]) }
            #expect(throws: JSONError.self) {
                try object.object("d") { inner throws(JSONError) in
                    inner.field("e", 2)
                    try inner.field("f", -Double.infinity)
                }
            }
            #expect(throws: JSONError.self) { try object.field("g", JSONValue.bigNumber("1,\"x\":2")) }
            object.array("h") { array in
                #expect(throws: JSONError.self) { try array.element(Double.nan) }
                array.element(5)
            }
        }
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"a":1,"h":[5]}"#)
    }

    @Test(arguments: [0, 7, 10, -1, 1_234_567_890, .max, .min] as [Int])
    func `integers are written whole`(_ number: Int) {
        #expect(String(decoding: JSON.array { $0.element(number) }, as: UTF8.self) == "[\(number)]")
    }

    @Test(arguments: [
        (0.1, "0.1"), (-0.0, "-0.0"), (5, "5.0"), (1e16, "1e+16"), (.leastNonzeroMagnitude, "5e-324"),
        (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (0.1 + 0.2, "0.30000000000000004"),
    ])
    func `a double is written in the shortest form that reads back`(_ number: Double, _ text: String) throws {
        let bytes = try JSON.array { array throws(JSONError) in try array.element(number) }
        #expect(String(decoding: bytes, as: UTF8.self) == "[\(text)]")
        #expect(try JSON.parse(bytes)[0]?.doubleValue == number)
    }

    @Test func `doubles survive writing and reading`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let number = Double(bitPattern: generator.next())
            guard number.isFinite else { continue }
            let bytes = try JSON.array { array throws(JSONError) in try array.element(number) }
            #expect(try JSON.parse(bytes) == [.double(number)])
        }
    }

    @Test func `a name escaped before is written as any other`() throws {
        for ascii in [false, true] {
            var early = JSONWriter(asciiOnly: ascii)
            var late = JSONWriter(asciiOnly: ascii)
            early.beginObject()
            late.beginObject()
            for name in ["a", "é\"\n", ""] {
                early.name(JSONName(name))
                early.null()
                late.name(name)
                late.null()
            }
            early.endObject()
            late.endObject()
            #expect(early.bytes == late.bytes)
            #expect(throws: Never.self) { try JSON.parse(early.bytes) }
        }
    }

    @Test func `a buffer is appended to, whatever stands in it`() {
        var writer = JSONWriter(appendingTo: Array("event: ".utf8))
        writer.beginArray()
        writer.integer(1)
        writer.integer(UInt64.max)
        writer.endArray()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "event: [1,18446744073709551615]")
    }
}
