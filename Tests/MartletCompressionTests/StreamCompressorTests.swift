import MartletCompression
import TestPrograms
import Testing

@Suite struct StreamCompressorTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let format: CompressionFormat
        let coding: String
        let level: CompressionLevel
        let memory: CompressionMemory
        let padding: Int
        var testDescription: String { "\(coding), padding \(padding), \(level), \(memory)" }
    }

    static let examples: [Example] = [
        (CompressionFormat.gzip, "gzip"), (.zlib, "deflate"), (.brotli, "br"),
    ].flatMap { format, coding in
        [CompressionLevel.fastest, .standard, .smallest].flatMap { level in
            [
                (CompressionMemory.standard, 0), (.standard, 1), (.standard, 4), (.small, 5), (.small, 99),
                (.standard, 1_000),
            ].map {
                Example(format: format, coding: coding, level: level, memory: $0.0, padding: $0.1)
            }
        }
    }

    /// Text that repeats itself, and bytes that do not (a linear congruence).
    static func content(_ count: Int) -> [UInt8] {
        var number: UInt32 = 7
        return (0..<count).map { index in
            number = number &* 1_664_525 &+ 1_013_904_223
            return index % 3_000 < 2_000 ? UInt8(index % 60) + 0x20 : UInt8(truncatingIfNeeded: number >> 24)
        }
    }

    @Test(arguments: examples)
    func `every reader reads what was compressed`(_ example: Example) throws {
        for count in [0, 1, 300, 100_000] {
            let content = Self.content(count)
            let compressor = try StreamCompressor(
                example.format, level: example.level, memory: example.memory, padding: example.padding)
            var sent: [UInt8] = []
            for start in stride(from: 0, to: count, by: 7_001) {
                sent += try compressor.compress(Array(content[start..<min(start + 7_001, count)]))
            }
            sent += try compressor.finish()
            #expect(try Decompression.content(of: sent, example.coding) == content)
        }
    }

    @Test(arguments: examples)
    func `what was flushed can be read at once`(_ example: Example) throws {
        let compressor = try StreamCompressor(
            example.format, level: example.level, memory: example.memory, padding: example.padding)
        var sent: [UInt8] = []
        var written: [UInt8] = []
        for piece in [Self.content(20), [], Self.content(50_000), [0x0A]] {
            sent += try compressor.compress(piece, flush: true)
            written += piece
            #expect(try Decompression.content(of: sent, example.coding, isWhole: false) == written)
        }
        sent += try compressor.finish()
        #expect(try Decompression.content(of: sent, example.coding) == written)
    }

    // The encoder keeps what it has no room for, and then stops before it has flushed the rest: sizes around its windows.
    @Test(arguments: [CompressionMemory.small, .standard], [CompressionLevel.fastest, .standard, .smallest])
    func `Brotli flushes a long piece to its last byte`(_ memory: CompressionMemory, _ level: CompressionLevel) throws {
        for count in [65_534, 70_000, 131_071, 140_000, 524_305, 600_017] {
            let content = Self.content(count)
            let compressor = try StreamCompressor(.brotli, level: level, memory: memory, padding: 0)
            let sent = try compressor.compress(content, flush: true)
            #expect(try Decompression.content(of: sent, "br", isWhole: false) == content)
        }
    }

    @Test(arguments: examples.filter { $0.padding > 0 })
    func `padding makes a stream longer by about its length`(_ example: Example) throws {
        func length(_ padding: Int) throws -> Int {
            let compressor = try StreamCompressor(
                example.format, level: example.level, memory: example.memory, padding: padding)
            return try compressor.compress(Self.content(500)).count + compressor.finish().count
        }
        let more = try length(example.padding) - length(0)
        // Brotli's metadata has a head of its own; zlib's empty blocks have five bytes each.
        #expect((example.padding - 4...example.padding + 8).contains(more))
    }

    // Django: GZipMiddlewareTest.test_random_bytes, test_compress_deterministic
    @Test func `gzip's padding is the name of a file, and nothing tells the time`() throws {
        let compressor = try StreamCompressor(.gzip, padding: 4)
        let sent = try compressor.compress(Self.content(500)) + compressor.finish()
        #expect(Array(sent[..<4]) == [0x1F, 0x8B, 8, 8])
        #expect(Array(sent[4..<8]) == [0, 0, 0, 0])
        #expect(Array(sent[10..<14]) == Array("aaa\0".utf8))
        let again = try StreamCompressor(.gzip, padding: 4)
        #expect(try again.compress(Self.content(500)) + again.finish() == sent)
    }

    @Test func `a stream that has ended takes nothing more`() throws {
        for format in [CompressionFormat.gzip, .zlib, .brotli] {
            let compressor = try StreamCompressor(format)
            _ = try compressor.finish()
            let error = try #require(throws: CompressionError.self) { try compressor.compress([1]) }
            #expect(error.description == "The stream has ended. Begin another StreamCompressor.")
            #expect(throws: CompressionError.self) { try compressor.finish() }
        }
    }

    @Test func `Python reads the streams with their padding`() async throws {
        let python = try await PythonEnvironment("brotli")
        let content = Self.content(5_000)
        for example in Self.examples where example.padding == 99 {
            let compressor = try StreamCompressor(example.format, padding: example.padding)
            let first = try compressor.compress(content, flush: true)
            let sent = try first + compressor.compress(content) + compressor.finish()
            let script = """
                import brotli, gzip, sys, zlib
                read = {"gzip": gzip.decompress, "deflate": zlib.decompress, "br": brotli.decompress}[sys.argv[1]]
                content = read(bytes.fromhex(sys.stdin.read()))
                print(len(content), content[:5000] == content[5000:], content[:8].hex())
                """
            let input = sent.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let printed = try await python.run(script, example.coding, input: input)
            #expect(printed == "10000 True 2021222324252627\n")
        }
    }
}
