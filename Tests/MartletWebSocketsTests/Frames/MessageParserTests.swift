import Testing

@testable import MartletWebSockets

@Suite struct MessageParserTests {
    /// What a parser has found, and how it failed.
    struct Outcome: Equatable {
        var events: [WebSocketEvent] = []
        var code: WebSocketCloseCode?
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        var events: [WebSocketEvent] = []
        var code: WebSocketCloseCode?

        init(_ name: String, _ bytes: [UInt8], _ events: [WebSocketEvent] = [], fails code: WebSocketCloseCode? = nil) {
            testDescription = name
            self.bytes = bytes
            self.events = events
            self.code = code
        }
    }

    static let settings: WebSocketSettings = {
        var settings = WebSocketSettings()
        settings.maximumMessageSize = 70_000
        settings.maximumFrameSize = 69_000
        settings.maximumFragments = 4
        return settings
    }()

    /// Feeds the bytes in pieces of one size.
    static func parse(_ bytes: [UInt8], cut size: Int) -> Outcome {
        var parser = WebSocketMessageParser(settings)
        var outcome = Outcome()
        var offset = 0
        while offset < bytes.count, outcome.code == nil {
            var piece = Array(bytes[offset..<min(offset + size, bytes.count)])
            feed(&piece, &parser, &outcome)
            offset += size
        }
        return outcome
    }

    static func feed(_ piece: inout [UInt8], _ parser: inout WebSocketMessageParser, _ outcome: inout Outcome) {
        do {
            try parser.parse(&piece) { outcome.events.append($0) }
        } catch {
            outcome.code = error.code
        }
    }

    static func text(_ text: String) -> WebSocketEvent { .message(.text(text)) }

    static let hello = Array("Hello".utf8)

    // RFC 6455 §5.2, §5.3
    static let frames = [
        Case(
            "§5.7: a masked text", [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58], [text("Hello")]),
        Case("an empty text", ClientFrame.make(0x81, []), [text("")]),
        Case("an empty binary message", ClientFrame.make(0x82, []), [.message(.binary([]))]),
        Case(
            "125 bytes", ClientFrame.make(0x82, .init(repeating: 7, count: 125)),
            [.message(.binary(.init(repeating: 7, count: 125)))]),
        Case(
            "126 bytes", ClientFrame.make(0x82, .init(repeating: 7, count: 126)),
            [.message(.binary(.init(repeating: 7, count: 126)))]),
        Case("two messages", ClientFrame.text("a") + ClientFrame.text("b"), [text("a"), text("b")]),
        Case("not masked", ClientFrame.make(0x81, hello, isMasked: false), fails: .protocolError),
        Case("RSV1, as permessage-deflate sets it", ClientFrame.make(0xC1, hello), fails: .protocolError),
        Case("RSV2", ClientFrame.make(0xA1, hello), fails: .protocolError),
        Case("RSV3", ClientFrame.make(0x91, hello), fails: .protocolError),
        Case("the reserved opcode 3", ClientFrame.make(0x83, hello), fails: .protocolError),
        Case("the reserved opcode 7", ClientFrame.make(0x87, hello), fails: .protocolError),
        Case("the reserved opcode 11", ClientFrame.make(0x8B, hello), fails: .protocolError),
        Case("the reserved opcode 15", ClientFrame.make(0x8F, hello), fails: .protocolError),
        Case("16 bits for a length of 5", ClientFrame.make(0x81, hello, lengthSize: 2), fails: .protocolError),
        Case("64 bits for a length of 5", ClientFrame.make(0x81, hello, lengthSize: 8), fails: .protocolError),
        Case(
            "64 bits for a length of 16", ClientFrame.make(0x82, .init(repeating: 0, count: 300), lengthSize: 8),
            fails: .protocolError),
        Case("the highest bit of a length", [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], fails: .protocolError),
        Case(
            "the longest length there is", [0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            fails: .messageTooBig),
        Case(
            "a frame beyond its limit, from its length alone", [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0x0D, 0x89],
            fails: .messageTooBig),
        Case(
            "what comes before a mistake still counts", ClientFrame.text("a") + [0x83], [text("a")],
            fails: .protocolError),
    ]

    // RFC 6455 §5.4, §5.5
    static let fragments = [
        Case(
            "two fragments", ClientFrame.make(0x01, [72, 101]) + ClientFrame.make(0x80, [108, 108, 111]),
            [text("Hello")]),
        Case(
            "empty fragments", ClientFrame.make(0x02, []) + ClientFrame.make(0x00, []) + ClientFrame.make(0x80, [1]),
            [.message(.binary([1]))]),
        Case(
            "a ping between fragments",
            ClientFrame.make(0x01, [72]) + ClientFrame.make(0x89, [1, 2]) + ClientFrame.make(0x80, [105]),
            [.ping([1, 2]), text("Hi")]),
        Case("a continuation of nothing", ClientFrame.make(0x80, [1]), fails: .protocolError),
        Case(
            "a continuation after the end", ClientFrame.text("a") + ClientFrame.make(0x80, [1]), [text("a")],
            fails: .protocolError),
        Case(
            "a message within a message", ClientFrame.make(0x01, [72]) + ClientFrame.make(0x81, [72]),
            fails: .protocolError),
        Case(
            "fragments without end",
            ClientFrame.make(0x01, []) + [[UInt8]](repeating: ClientFrame.make(0x00, []), count: 9).joined(),
            fails: .policyViolation),
        Case(
            "fragments that are too large together",
            ClientFrame.make(0x02, .init(repeating: 0, count: 40_000))
                + ClientFrame.make(0x00, .init(repeating: 0, count: 40_000)),
            fails: .messageTooBig),
        Case(
            "a ping of 125 bytes", ClientFrame.make(0x89, .init(repeating: 5, count: 125)),
            [.ping(.init(repeating: 5, count: 125))]),
        Case("a pong that nobody asked for", ClientFrame.make(0x8A, []), [.pong([])]),
        Case("a ping of 126 bytes", ClientFrame.make(0x89, .init(repeating: 5, count: 126)), fails: .protocolError),
        Case("a fragmented ping", ClientFrame.make(0x09, [1]), fails: .protocolError),
        Case("a fragmented close", ClientFrame.make(0x08, [3, 232]), fails: .protocolError),
    ]

    // RFC 6455 §5.6, §8.1; RFC 3629 §3, §4
    static let texts = [
        Case("two, three and four bytes a character", ClientFrame.text("é€😀"), [text("é€😀")]),
        Case("U+10FFFF", ClientFrame.text("\u{10FFFF}"), [text("\u{10FFFF}")]),
        Case("NUL and U+FFFF", ClientFrame.text("\0\u{FFFF}"), [text("\0\u{FFFF}")]),
        Case(
            "a character in two fragments", ClientFrame.make(0x01, [0xE2, 0x82]) + ClientFrame.make(0x80, [0xAC]),
            [text("€")]),
        Case("a lone continuation byte", ClientFrame.make(0x81, [0x80]), fails: .invalidData),
        Case("an overlong slash", ClientFrame.make(0x81, [0xC0, 0xAF]), fails: .invalidData),
        Case("an overlong form of three bytes", ClientFrame.make(0x81, [0xE0, 0x9F, 0xBF]), fails: .invalidData),
        Case("an overlong form of four bytes", ClientFrame.make(0x81, [0xF0, 0x8F, 0xBF, 0xBF]), fails: .invalidData),
        Case("a surrogate", ClientFrame.make(0x81, [0xED, 0xA0, 0x80]), fails: .invalidData),
        Case("beyond U+10FFFF", ClientFrame.make(0x81, [0xF4, 0x90, 0x80, 0x80]), fails: .invalidData),
        Case("a byte that no text has", ClientFrame.make(0x81, [0xFF]), fails: .invalidData),
        Case("a text that ends within a character", ClientFrame.make(0x81, [0xE2, 0x82]), fails: .invalidData),
        Case("a first fragment that cannot be mended", ClientFrame.make(0x01, [0xE2, 0x28]), fails: .invalidData),
        Case(
            "ASCII before what is wrong", ClientFrame.make(0x81, Array("0123456789abcdef".utf8) + [0xC3, 0x28]),
            fails: .invalidData),
        Case("binary may be anything", ClientFrame.make(0x82, [0xFF, 0xC0]), [.message(.binary([0xFF, 0xC0]))]),
    ]

    static func closed(_ code: UInt16, _ reason: String = "") -> WebSocketEvent {
        .close(WebSocketClosing(WebSocketCloseCode(rawValue: code), reason))
    }

    // RFC 6455 §5.5.1, §7.4
    static let closes =
        [
            Case("without a code", ClientFrame.make(0x88, []), [closed(1005)]),
            Case("with a reason", ClientFrame.close(1000, "bye é"), [closed(1000, "bye é")]),
            Case("nothing is read behind it", ClientFrame.close(1000) + [0xFF, 0xFF], [closed(1000)]),
            Case("half a code", ClientFrame.make(0x88, [3]), fails: .protocolError),
            Case("a reason that is not UTF-8", ClientFrame.make(0x88, [3, 232, 0xFF]), fails: .invalidData),
        ]
        + [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map {
            Case("the code \($0)", ClientFrame.close($0), [closed($0)])
        }
        + [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map {
            Case("the code \($0) is refused", ClientFrame.close($0), fails: .protocolError)
        }

    @Test(arguments: frames + fragments + texts + closes)
    func `what a client sends means the same wherever it is cut`(_ example: Case) {
        let expected = Outcome(events: example.events, code: example.code)
        let sizes =
            example.bytes.count <= 200 ? Array(1...max(example.bytes.count, 1)) : [1, 2, 3, 7, 64, 4_096, 100_000]
        for size in sizes {
            #expect(Self.parse(example.bytes, cut: size) == expected, "in pieces of \(size) bytes")
        }
    }

    @Test(arguments: frames + fragments + texts + closes)
    func `a cut between any two bytes changes nothing`(_ example: Case) {
        let expected = Outcome(events: example.events, code: example.code)
        for cut in stride(from: 0, to: example.bytes.count, by: max(1, example.bytes.count / 200)) {
            var parser = WebSocketMessageParser(Self.settings)
            var outcome = Outcome()
            var (first, second) = (Array(example.bytes[..<cut]), Array(example.bytes[cut...]))
            Self.feed(&first, &parser, &outcome)
            if outcome.code == nil { Self.feed(&second, &parser, &outcome) }
            #expect(outcome == expected, "cut at \(cut)")
        }
    }

    @Test func `lengths around the borders of their forms come through`() {
        for length in [0, 1, 7, 8, 9, 125, 126, 127, 255, 256, 65_535, 65_536, 69_000] {
            let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let expected = Outcome(events: [.message(.binary(payload))])
            #expect(Self.parse(ClientFrame.make(0x82, payload), cut: 1_000_000) == expected)
            #expect(Self.parse(ClientFrame.make(0x82, payload), cut: 13) == expected)
        }
    }

    @Test func `random bytes end in an event or a violation, and never in more memory than came`() {
        var generator = SeededGenerator(state: 6_455)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 1...64, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let outcome = Self.parse(bytes, cut: Int.random(in: 1...64, using: &generator))
            let size = outcome.events.reduce(0) { sum, event in
                if case .message(.binary(let bytes)) = event { sum + bytes.count } else { sum }
            }
            #expect(size <= bytes.count)
        }
    }

    @Test func `what the server sends has the shortest length and no mask`() {
        #expect(WebSocketFrameHeader.encode(.text, length: 5) == [0x81, 5])
        #expect(WebSocketFrameHeader.encode(.binary, length: 125) == [0x82, 125])
        #expect(WebSocketFrameHeader.encode(.binary, length: 126) == [0x82, 126, 0, 126])
        #expect(WebSocketFrameHeader.encode(.binary, length: 65_535) == [0x82, 126, 0xFF, 0xFF])
        #expect(WebSocketFrameHeader.encode(.ping, length: 65_536) == [0x89, 127, 0, 0, 0, 0, 0, 1, 0, 0])
    }
}

/// A generator whose numbers are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    }
}
