import MartletPickle
import Testing

/// What an attacker would put into a cache.
@Suite struct HostilePickleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let code: PickleError.Code

        init(_ description: String, _ bytes: [UInt8], _ code: PickleError.Code) {
            testDescription = description
            self.bytes = bytes
            self.code = code
        }

        init(_ description: String, protocol number: UInt8 = 2, _ text: String, _ code: PickleError.Code) {
            self.init(description, [0x80, number] + Array(text.utf8), code)
        }
    }

    static let cases = [
        // pickle.dumps of an object whose __reduce__ returns (os.system, ("id",))
        Case("a call of os.system", "cposix\nsystem\n(X\u{2}\u{0}\u{0}\u{0}idtR.", .refused),
        Case("a call of eval", "c__builtin__\neval\n(X\u{1}\u{0}\u{0}\u{0}1tR.", .refused),
        Case(
            "a class by names on the stack",
            [0x80, 4, 0x8C, 2] + Array("os".utf8) + [0x8C, 6] + Array("system".utf8) + [0x93, 0x2E], .refused),
        Case("a name with attributes", "cdatetime\ndatetime.now\n)R.", .refused),
        Case("a class for a value", "cdatetime\ndatetime\n.", .refused),
        Case(
            "a codec that is not Latin-1", "c_codecs\nencode\n(X\u{1}\u{0}\u{0}\u{0}aX\u{5}\u{0}\u{0}\u{0}rot13tR.",
            .refused),
        Case("bytes of a number", "c__builtin__\nbytes\n(K\u{5}tR.", .refused),
        Case("a call of text", "X\u{1}\u{0}\u{0}\u{0}a)R.", .refused),
        Case("a persistent object", "X\u{1}\u{0}\u{0}\u{0}aQ.", .refused),
        Case("an object with a state", "N}b.", .refused),
        Case("an instance", "(ios\nsystem\n.", .refused),
        Case("an object of a class", [0x80, 2, 0x63] + Array("os\nsystem\n".utf8) + [0x29, 0x81, 0x2E], .refused),
        Case("a set", [0x80, 4, 0x8F, 0x2E], .refused),
        Case("an extension by number", [0x80, 2, 0x82, 1, 0x2E], .refused),
        Case("a buffer out of band", [0x80, 5, 0x97, 0x2E], .refused),
        Case("an instruction that nobody knows", [0x80, 4, 0xFF], .refused),
        Case("a time zone for a value", "cdatetime\ntimedelta\n(K\u{0}K\u{0}K\u{0}tR.", .refused),
        Case(
            "a date without a day",
            [0x80, 3] + Array("cdatetime\ndatetime\nC\u{A}".utf8) + [7, 234, 1, 0, 0, 0, 0, 0, 0, 0, 0x85, 0x52, 0x2E],
            .refused),

        Case("no bytes", [], .truncated),
        Case("no instructions", [0x80, 4], .truncated),
        Case("protocol 0", Array("I1\n.".utf8), .unknownProtocol),
        Case("protocol 1", [0x80, 1, 0x4E, 0x2E], .unknownProtocol),
        Case("protocol 6", [0x80, 6, 0x4E, 0x2E], .unknownProtocol),
        Case("nothing on the stack", [0x80, 4, 0x2E], .malformed),
        Case("two values", "NN.", .malformed),
        Case("a mark for a value", "(.", .malformed),
        Case("bytes after the end", "N.N", .malformed),
        Case("a value of the memo that is not there", "h\u{7}.", .malformed),
        Case("a key that is a list", "}]Ns.", .malformed),
        Case("a key without a value", "}(Nu.", .malformed),
        Case("a member of a list", "](NNu.", .malformed),
        Case("an element of a dictionary", "}Na.", .malformed),
        Case("no mark", "N]e.", .malformed),
        Case("text that is no UTF-8", [0x80, 4, 0x8C, 1, 0xFF, 0x2E], .malformed),
        Case("half of a surrogate pair", [0x80, 4, 0x8C, 3, 0xED, 0xA0, 0x80, 0x2E], .malformed),
        Case("a negative length", [0x80, 2, 0x8B, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], .malformed),
        Case("text of more bytes than there are", [0x80, 4, 0x8C, 200, 0x61, 0x2E], .truncated),
        Case("text of 2^64 bytes", [0x80, 4, 0x8D] + [UInt8](repeating: 0xFF, count: 8) + [0x2E], .truncated),
        Case("bytes of 2^63 bytes", [0x80, 4, 0x8E] + [UInt8](repeating: 0xFF, count: 7) + [0x7F, 0x2E], .truncated),
        Case("a frame of more bytes than there are", [0x80, 4, 0x95, 9, 0, 0, 0, 0, 0, 0, 0, 0x4E, 0x2E], .truncated),
        Case("a name without an end", "cos", .truncated),

        // a = []; a.append(a)
        Case("a list that contains itself", "]q\u{0}h\u{0}a.", .tooDeep),
        Case(
            "129 lists in each other", String(repeating: "]", count: 130) + String(repeating: "a", count: 129) + ".",
            .tooDeep),
        Case(
            "a million tuples in each other", [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 1_000_000) + [0x2E],
            .tooDeep),
        Case(
            "a list that doubles thirty times",
            // Each list is put away under a number and taken off the stack; the next one has it twice.
            "]q\u{30}N\u{61}0"
                + (0..<30).map { "]q\(name($0 + 1))h\(name($0))ah\(name($0))a0" }.joined() + "h\(name(30)).", .tooLong),
    ]

    /// The byte that is the number of a kept value.
    private static func name(_ number: Int) -> Unicode.Scalar { Unicode.Scalar(UInt8(0x30 + number)) }

    @Test(arguments: cases)
    func `it is refused with its reason`(_ example: Case) throws {
        let error = try #require(throws: PickleError.self) { try Pickle.loads(example.bytes) }
        #expect(error.code == example.code)
    }

    @Test func `the error names what was asked for, and no more of it than fits on a line`() throws {
        let long = String(repeating: "x", count: 10_000)
        let bytes = [0x80, 2] + Array("cos\n\(long)\n.".utf8)
        let error = try #require(throws: PickleError.self) { try Pickle.loads(bytes) }
        #expect(error.description.hasPrefix("The pickle asks for \"os.xxxx"))
        #expect(error.description.utf8.count < 200)
    }

    @Test func `one text that is referred to often counts each time`() throws {
        let text = [UInt8](repeating: 0x61, count: 60_000)
        // X <60000 bytes> q0 0, then a list of it 1000 times over: 60 MB of a pickle of 62 KB.
        var bytes: [UInt8] = [0x80, 2, 0x58, 0x60, 0xEA, 0, 0] + text + [0x71, 0, 0x30, 0x5D, 0x28]
        for _ in 0..<1_000 { bytes += [0x68, 0] }
        bytes += [0x65, 0x2E]
        let error = try #require(throws: PickleError.self) { try Pickle.loads(bytes) }
        #expect(error.code == .tooLong)
        #expect(throws: Never.self) { try Pickle.loads(bytes, limits: PickleLimits(bytes: 64_000_000)) }
    }

    @Test func `bytes that are made again and again and thrown away count as well`() throws {
        let text = [UInt8](repeating: 0x61, count: 6_000)
        var bytes: [UInt8] = [0x80, 2, 0x58, 0x70, 0x17, 0, 0] + text + [0x71, 0, 0x30]
        // _codecs.encode(text, "latin1"), and off the stack again.
        let call = Array("c_codecs\nencode\nh\u{0}X\u{6}\u{0}\u{0}\u{0}latin1".utf8) + [0x86, 0x52, 0x30]
        for _ in 0..<1_000 { bytes += call }
        bytes += [0x4E, 0x2E]
        let limits = PickleLimits(bytes: 1_000_000)
        let error = try #require(throws: PickleError.self) { try Pickle.loads(bytes, limits: limits) }
        #expect(error.code == .tooLong)
        #expect(try Pickle.loads(bytes, limits: PickleLimits(bytes: 6_100_000)) == .none)
    }

    @Test func `limits are those that were given`() throws {
        let bytes = try Pickle.dumps([1, [2, 3]])
        #expect(throws: Never.self) { try Pickle.loads(bytes, limits: PickleLimits(depth: 2, bytes: 100, values: 5)) }
        for limits in [PickleLimits(depth: 1), PickleLimits(bytes: 5), PickleLimits(values: 4)] {
            #expect(throws: PickleError.self) { try Pickle.loads(bytes, limits: limits) }
        }
    }

    @Test func `no cut and no changed byte of a pickle crashes`() throws {
        for text in GoldenPickles.hexadecimal.values {
            let bytes = [UInt8](hex: text)
            for place in bytes.indices {
                if let value = try? Pickle.loads(Array(bytes[..<place])) { Issue.record("\(place) bytes are \(value)") }
                for change: UInt8 in [0x01, 0x80, 0xFF] {
                    var changed = bytes
                    changed[place] ^= change
                    // It may well be another value; what matters is that it is one, or an error.
                    guard let value = try? Pickle.loads(changed) else { continue }
                    if (try? Pickle.dumps(value)) == nil { Issue.record("\(value) cannot be written") }
                }
            }
        }
    }

    @Test func `what nests too deep is not written`() throws {
        var value: PickleValue = []
        for _ in 0..<600 { value = [value] }
        let error = try #require(throws: PickleError.self) { try Pickle.dumps(value) }
        #expect(error.code == .tooDeep)
        #expect(throws: PickleError.self) { try Pickle.dumps([[1]: 2]) }
    }
}
