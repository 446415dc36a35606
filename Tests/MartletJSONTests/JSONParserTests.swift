import MartletJSON
import Testing

@Suite struct JSONParserTests {
    static let values: [(String, JSONValue)] = [
        ("null", .null), (" true ", true), ("\t\r\nfalse", false), ("0", 0), ("-0", 0), ("-12", -12),
        ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
        ("0.1", 0.1), ("-1.5e3", -1500.0), ("1E2", 100.0), ("2.50", 2.5), ("0.30000000000000004", 0.30000000000000004),
        ("5e-324", .double(.leastNonzeroMagnitude)), ("1.5e300", 1.5e300),
        ("\"\"", ""), ("\"a\\n\\u00e9\\/\\\"\\\\\"", "a\né/\"\\"), ("\"\\ud83d\\uDE00\"", "😀"), ("\"😀 é\"", "😀 é"),
        ("\"\\u0000\"", "\0"), ("[]", []), ("[1,[2, {}] ]", [1, [2, [:]]]),
        ("{\"a\": 1, \"b\":[null]}", ["a": 1, "b": [nil]]),
        ("\"a longer text without anything to escape in it\"", "a longer text without anything to escape in it"),
    ]

    @Test(arguments: values)
    func `valid text is read`(_ text: String, _ value: JSONValue) throws {
        #expect(try JSON.parse(text) == value)
    }

    // What neither Int nor Double holds keeps its digits.
    @Test(arguments: [
        "9223372036854775808", "-123456789012345678901234567890", "1e999", "-1e-999", "0.12345678901234567890",
        "9007199254740993.0", "123456789012345678e-10", "1e99999999999999999999",
    ])
    func `a number too big or too fine is kept as it was written`(_ digits: String) throws {
        #expect(try JSON.parse(digits) == .bigNumber(digits))
        #expect(try JSON.parse("[\(digits)]").description == "[\(digits)]")
    }

    static let faults: [(String, String)] = [
        ("", "expected a value, found the end of the text (line 1, column 1, byte 0)"),
        ("  x", "expected a value, found 'x' (line 1, column 3, byte 2)"),
        ("[1,\n 2\n \"é\"]", "expected ',' or ']' after an element, found '\"' (line 3, column 2, byte 8)"),
        ("[\"é\" x]", "expected ',' or ']' after an element, found 'x' (line 1, column 6, byte 6)"),
        ("[1,]", "expected a value, found ']' (line 1, column 4, byte 3)"),
        ("{\"a\" 1}", "expected ':' after a name, found '1' (line 1, column 6, byte 5)"),
        ("{a:1}", "expected a name in double quotes, found 'a' (line 1, column 2, byte 1)"),
        ("{'a':1}", "expected a name in double quotes, found a single quote (line 1, column 2, byte 1)"),
        ("{\"a\":1,}", "expected a name in double quotes, found '}' (line 1, column 8, byte 7)"),
        ("{\"a\":1", "expected ',' or '}' after a member, found the end of the text (line 1, column 7, byte 6)"),
        ("tru", "expected true, found 't' (line 1, column 1, byte 0)"),
        ("NaN", "expected a value, found 'N' (line 1, column 1, byte 0)"),
        ("01", "expected no digit after a leading zero, found '1' (line 1, column 2, byte 1)"),
        ("-", "expected a digit, found the end of the text (line 1, column 2, byte 1)"),
        ("+1", "expected a value, found '+' (line 1, column 1, byte 0)"),
        ("1.", "expected a digit after the decimal point, found the end of the text (line 1, column 3, byte 2)"),
        ("1e+", "expected a digit of the exponent, found the end of the text (line 1, column 4, byte 3)"),
        (".5", "expected a value, found '.' (line 1, column 1, byte 0)"),
        ("1 2", "expected the end of the text, found '2' (line 1, column 3, byte 2)"),
        ("\u{FEFF}1", "expected a value, found byte 0xEF (line 1, column 1, byte 0)"),
        ("\"abc", "expected '\"' at the end of a string, found the end of the text (line 1, column 5, byte 4)"),
        ("\"a\\", "expected a letter after '\\', found the end of the text (line 1, column 4, byte 3)"),
        ("\"\\x\"", "expected one of \" \\ / b f n r t u after '\\', found 'x' (line 1, column 3, byte 2)"),
        ("\"\\u12g4\"", "expected a hexadecimal digit, found 'g' (line 1, column 6, byte 5)"),
        ("\"a\nb\"", "a control character must be written as \\u escape in a string (line 1, column 3, byte 2)"),
        ("\"\\ud800\"", "half of a surrogate pair stands alone (line 1, column 2, byte 1)"),
        ("\"\\udc00\\ud800\"", "half of a surrogate pair stands alone (line 1, column 2, byte 1)"),
        ("\"\\ud800\\u0041\"", "half of a surrogate pair stands alone (line 1, column 2, byte 1)"),
        ("{\"a\":1,\"b\":2,\"a\":3}", "the object has the name \"a\" twice (line 1, column 14, byte 13)"),
        ("// no\n1", "expected a value, found '/' (line 1, column 1, byte 0)"),
    ]

    @Test(arguments: faults)
    func `invalid text is refused with its place`(_ text: String, _ message: String) throws {
        let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
        #expect(error?.description == message)
    }

    // Overlong, a surrogate in UTF-8, past U+10FFFF, a lone continuation, a cut sequence.
    @Test(
        arguments: [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x82]] as [[UInt8]])
    func `bytes that are not UTF-8 are refused`(_ bytes: [UInt8]) {
        for escape in [[], Array("\\n".utf8)] {
            let error = #expect(throws: JSONError.self) { try JSON.parse([0x22] + escape + bytes + [0x22]) }
            #expect(error?.code == .invalidText)
        }
    }

    @Test func `nesting is limited`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSON.parse(nested(128)) }
        #expect(throws: JSONError.self) { try JSON.parse(nested(129)) }
        #expect(throws: Never.self) { try JSON.parse(nested(512), limits: JSONLimits(depth: 100_000)) }
        let error = #expect(throws: JSONError.self) {
            try JSON.parse(String(repeating: "{\"a\":", count: 1_000_000), limits: JSONLimits(depth: .max))
        }
        #expect(error?.code == .tooDeep)
    }

    @Test func `length is limited`() {
        let error = #expect(throws: JSONError.self) { try JSON.parse("[1, 2]", limits: JSONLimits(bytes: 5)) }
        #expect(error?.description == "the text has 6 bytes; 5 are allowed")
        #expect(throws: Never.self) { try JSON.parse("[1, 2]", limits: JSONLimits(bytes: 6)) }
    }

    @Test func `the last of two members counts where that is asked for`() throws {
        let limits = JSONLimits(duplicateNames: .lastWins)
        #expect(try JSON.parse("{\"a\":1,\"b\":2,\"a\":3}", limits: limits) == ["a": 3, "b": 2])
    }

    @Test func `members keep their order, and a hundred thousand of them take no quadratic time`() throws {
        let names = (0..<100_000).map { "name\($0)" }
        let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        let object = try #require(try JSON.parse(text).objectValue)
        #expect(object.names == names)
        #expect(object["name99999"] == 0)
    }

    @Test func `every cut of a valid text is refused or valid, never a crash`() {
        let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00é😀",{"b":[true,false,null]}],"c":""}"#.utf8)
        for end in 0..<text.count {
            #expect(throws: JSONError.self) { try JSON.parse(Array(text[..<end])) }
        }
    }

    @Test func `every single byte changed is refused or valid, never a crash`() {
        let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00é😀",{"b":[true,false,null]}],"c":""}"#.utf8)
        var refused = 0
        for place in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[place] = byte
                do { _ = try JSON.parse(changed) } catch { refused += 1 }
            }
        }
        #expect(refused > text.count * 200)
    }
}
