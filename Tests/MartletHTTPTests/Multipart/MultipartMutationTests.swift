import MartletHTTP
import Testing

@Suite struct MultipartMutationTests {
    /// Numbers that look random and are the same in every run.
    private struct Sequence: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let sample = Array(
        ("ab\r\n"
            + form(field("a", "1\r\n--"), file("f", "filename=\"x;\\\"%22.txt\"; filename*=utf-8''%41", "\r\r\n-")))
            .utf8)

    /// Bytes that mean something to the parser.
    private static let alphabet = Array("\r\n-b:;=\"\\% *'a\0".utf8) + [0xFF]

    private static func mutated(_ random: inout Sequence) -> [UInt8] {
        var bytes = sample
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let index = Int.random(in: bytes.indices, using: &random)
            let byte = alphabet.randomElement(using: &random) ?? 0
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[index] = byte
            case 1: bytes.insert(byte, at: index)
            case 2: bytes.remove(at: index)
            default: bytes.insert(contentsOf: bytes[..<index].suffix(12), at: index)
            }
        }
        return bytes
    }

    private static func outcome(_ chunks: [ArraySlice<UInt8>]) throws -> String {
        var parser = try ParsedPart.makeParser()
        do {
            return try ParsedPart.parse(chunks, &parser).description
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: 0..<20)
    func `a broken form is read or refused the same way, however it is cut`(_ seed: Int) throws {
        var random = Sequence(state: UInt64(seed))
        for _ in 0..<200 {
            let bytes = Self.mutated(&random)
            let whole = try Self.outcome([bytes[...]])
            let single = try Self.outcome(bytes.indices.map { bytes[$0..<($0 + 1)] })
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let halves = try Self.outcome([bytes[..<cut], bytes[cut...]])
            #expect(whole == single, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
            #expect(whole == halves, "cut at \(cut): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }
}
