import MartletHTTP
import Testing

@testable import MartletServer

@Suite struct BodyDecoderTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let content: String
        let rest: String

        init(_ description: String, _ text: String, _ content: String, rest: String = "") {
            testDescription = description
            bytes = Array(text.utf8)
            self.content = content
            self.rest = rest
        }
    }

    // RFC 9112 §7.1
    static let chunked = [
        Example("no content", "0\r\n\r\n", ""),
        Example("one chunk", "5\r\nHello\r\n0\r\n\r\n", "Hello"),
        Example("two chunks", "5\r\nHello\r\nb\r\n, World! \r\n\r\n0\r\n\r\n", "Hello, World! \r\n"),
        Example("capital digits, leading zeros", "000A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        Example("§7.1.1: extensions", "3;a=\"b;c\" ; d\r\nabc\r\n0;x\r\n\r\n", "abc"),
        Example("§7.1.1: a blank before the semicolon", "3 \t;a\r\nabc\r\n0\r\n\r\n", "abc"),
        Example("§7.1: sixteen digits", "0000000000000001\r\na\r\n0\r\n\r\n", "a"),
        Example("§7.1.2: trailers", "1\r\na\r\n0\r\nX: 1\r\nY: 2\r\n\r\n", "a"),
        Example("what follows is left", "1\r\na\r\n0\r\n\r\nGET /", "a", rest: "GET /"),
    ]

    static let refused = [
        Example("no size", "\r\n", ""), Example("a sign", "+1\r\n", ""), Example("0x", "0x1\r\n", ""),
        Example("no digit", "g\r\n", ""), Example("a blank first", " 1\r\n", ""),
        Example("a bare LF after the size", "1\na\r\n", ""), Example("no CR LF after the chunk", "1\r\nab\r\n", ""),
        Example("a bare LF after the chunk", "1\r\na\n", ""), Example("a bare CR in an extension", "1;a\rb\r\n", ""),
        Example("NUL in an extension", "1;\0\r\n", ""), Example("a size that overflows", "10000000000000000\r\n", ""),
        Example("a negative size by overflow", "ffffffffffffffff\r\n", ""),
        Example("a bare LF in the trailer", "0\r\nX: 1\n\r\n", ""), Example("a bare LF at the end", "0\r\n\n", ""),
        // What proxies and servers have read differently: https://github.com/narfindustries/http-garden collects it.
        Example("zeros without end", String(repeating: "0", count: 17), ""),
        Example("a blank behind the size", "1 \r\na\r\n0\r\n\r\n", ""),
        Example("two sizes", "1 0\r\na\r\n0\r\n\r\n", ""), Example("an underscore in the size", "1_0\r\n", ""),
        Example("a vertical tab behind the size", "1\u{0B}\r\na\r\n", ""), Example("a comma", "1,2\r\na\r\n", ""),
        Example("a minus", "-1\r\n", ""), Example("digits beyond ASCII", "\u{FF11}\r\na\r\n", ""),
        Example("a bare LF in an extension", "2;\nxx\r\n4c\r\n0\r\n\r\n", ""),
        Example("two LF after the chunk", "1\r\na\n\n0\r\n\r\n", ""),
        Example("CR CR LF after the chunk", "1\r\na\r\r\n", ""),
        Example("a request for a trailer", "0\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", ""),
        Example("a trailer without a colon", "0\r\nX\r\n\r\n", ""), Example("an empty name", "0\r\n: a\r\n\r\n", ""),
        Example("a folded trailer", "0\r\nX: 1\r\n 2\r\n\r\n", ""),
        Example("a blank before the colon of a trailer", "0\r\nX : 1\r\n\r\n", ""),
        Example("blanks without end", "1\(String(repeating: " ", count: 65))", ""),
        Example("extensions without end", "1;\(String(repeating: "a", count: 65))", ""),
        Example("trailers without end", "0\r\n\(String(repeating: "a: b\r\n", count: 20))", ""),
        Example(
            "an extension with every byte", String(repeating: "1;aaaaaaaa\r\nb\r\n", count: 8), ""),
    ]

    @Test(arguments: chunked)
    func `chunks are put together, however they are cut`(_ example: Example) throws {
        for pieces in ParserRun.splits(example.bytes) + [[example.bytes[...]]] {
            let run = try Self.decode(.chunked, pieces)
            #expect(run.content == example.content)
            #expect(run.isComplete)
            #expect(run.rest == example.rest)
        }
    }

    @Test(arguments: refused)
    func `broken chunks are refused, however they are cut`(_ example: Example) {
        for pieces in ParserRun.splits(example.bytes) + [[example.bytes[...]]] {
            #expect(throws: ParseFailure.self) { try Self.decode(.chunked, pieces) }
        }
    }

    @Test func `a body of known length ends there`() throws {
        let run = try Self.decode(.length(5), [Array("Hel".utf8)[...], Array("loGET".utf8)[...]])
        #expect(run.content == "Hello")
        #expect(run.rest == "GET")
        #expect(run.isComplete)
    }

    @Test func `a body that is cut short is not complete`() throws {
        #expect(try !Self.decode(.length(5), [Array("Hell".utf8)[...]]).isComplete)
        #expect(try !Self.decode(.chunked, [Array("5\r\nHello\r\n0\r\n".utf8)[...]]).isComplete)
    }

    private struct Run {
        var content: String
        var isComplete: Bool
        var rest: String
    }

    private static func decode(_ framing: RequestHead.Framing, _ pieces: [ArraySlice<UInt8>]) throws -> Run {
        var decoder = BodyDecoder(framing, extensionLimit: 64)
        var content: [UInt8] = []
        var rest: [UInt8] = []
        for piece in pieces {
            var buffer = rest + piece
            rest = []
            reading: while true {
                switch try buffer.withUnsafeBytes({ try decoder.next($0) }) {
                case .data(let range):
                    content += buffer[range]
                    buffer.removeFirst(range.upperBound)
                case .needMore(let consumed), .end(let consumed):
                    rest = Array(buffer.dropFirst(consumed))
                    break reading
                }
            }
        }
        return Run(
            content: String(decoding: content, as: UTF8.self), isComplete: decoder.isComplete,
            rest: String(decoding: rest, as: UTF8.self))
    }
}
