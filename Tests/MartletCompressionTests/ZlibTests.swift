import MartletCompression
import Testing

/// What Python's `zlib` promises: tests/test_zlib.py of CPython, with the values it made.
@Suite struct ZlibTests {
    struct Content: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
    }

    static let contents = [
        Content(testDescription: "nothing", bytes: []),
        Content(testDescription: "one byte", bytes: [0]),
        Content(testDescription: "text", bytes: Array("hello, martlet".utf8)),
        Content(testDescription: "every byte", bytes: Array(0...255)),
        Content(testDescription: "a million equal bytes", bytes: Array(repeating: 7, count: 1_000_000)),
        Content(
            testDescription: "bytes that cannot be compressed",
            bytes: (0..<50_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }),
    ]

    @Test(arguments: contents, [CompressionLevel.standard, .fastest, .smallest, .level(3)])
    func `what was compressed is read back`(_ content: Content, _ level: CompressionLevel) throws {
        let packed = try Zlib.compress(content.bytes, level: level)
        #expect(try Zlib.decompress(packed, limit: content.bytes.count) == content.bytes)
    }

    @Test func `what Python has compressed is read`() throws {
        // zlib.compress(b'["a","a","a","a","a","a","a","a"]')
        let packed: [UInt8] = [
            0x78, 0x9C, 0x8B, 0x56, 0x4A, 0x54, 0xD2, 0xC1, 0x83, 0x63, 0x01, 0x78, 0x55, 0x07, 0x15,
        ]
        #expect(try Zlib.decompress(packed, limit: 100) == Array(#"["a","a","a","a","a","a","a","a"]"#.utf8))
    }

    @Test func `a stream of four kilobytes that stands for four megabytes stops at the limit`() throws {
        let packed = try Zlib.compress([UInt8](repeating: 0, count: 4 << 20), level: .smallest)
        #expect(packed.count < 8_192)
        let error = try #require(throws: CompressionError.self) { try Zlib.decompress(packed, limit: 100_000) }
        #expect(error.code == .tooLong)
        #expect(
            error.description
                == "The content of the compressed bytes is longer than the 100000 bytes that are allowed.")
    }

    @Test(arguments: [(0, true), (99, true), (100, false), (101, false), (Int.max, false)])
    func `the limit is the longest content that is read`(_ limit: Int, _ isRefused: Bool) throws {
        let packed = try Zlib.compress([UInt8](repeating: 1, count: 100))
        let content = try? Zlib.decompress(packed, limit: limit)
        #expect((content == nil) == isRefused)
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable ([UInt8]) -> [UInt8]
        let code: CompressionError.Code
    }

    static let broken = [
        Broken(testDescription: "no bytes", change: { _ in [] }, code: .truncated),
        Broken(testDescription: "text", change: { _ in Array("hello".utf8) }, code: .malformed),
        Broken(testDescription: "the last byte is missing", change: { $0.dropLast() }, code: .truncated),
        Broken(testDescription: "the checksum is wrong", change: { $0.dropLast() + [0] }, code: .malformed),
        Broken(testDescription: "one byte more", change: { $0 + [0] }, code: .malformed),
        // RFC 1950 section 2.2: FDICT asks for a dictionary that both sides know.
        Broken(
            testDescription: "a dictionary is asked for", change: { _ in [0x78, 0xBB, 0, 0, 0, 1] }, code: .malformed),
    ]

    @Test(arguments: broken)
    func `broken bytes are refused`(_ example: Broken) throws {
        let packed = try Zlib.compress("the quick brown fox".utf8)
        let error = try #require(throws: CompressionError.self) {
            try Zlib.decompress(example.change(packed), limit: 1_000)
        }
        #expect(error.code == example.code)
    }

    @Test func `no cut and no changed byte crashes or hangs`() throws {
        let content = Array("the quick brown fox jumps over the lazy dog, the quick brown fox".utf8)
        let packed = try Zlib.compress(content)
        for index in packed.indices {
            #expect(throws: CompressionError.self) { try Zlib.decompress(packed[..<index], limit: 1_000) }
            var changed = packed
            changed[index] ^= 0x55
            // A changed byte may only show in the checksum, or not matter at all (the level in the header).
            let result = try? Zlib.decompress(changed, limit: 1_000)
            #expect(result == nil || result == content)
        }
    }
}
