import MartletHTTP
import Testing

@testable import MartletServer

/// Requests with bytes changed, dropped, doubled and swapped: nobody's idea of an attack, and so different ones.
@Suite struct ParserMutationTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        /// SplitMix64: the same numbers in every run.
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let heads = [
        "GET /a%20b/../c?d=%41 HTTP/1.1\r\nHost: [::1]:80\r\nCookie: a=b\r\n\r\n",
        "POST http://h:1/x?y HTTP/1.1\r\nHost: h\r\nContent-Length: 12, 12\r\nConnection: a, close\r\n\r\n",
        "OPTIONS * HTTP/1.0\r\nHost: \r\nTransfer-Encoding: gzip, chunked\r\nExpect: 100-continue\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
    ]

    private static let bodies = ["5;a=b\r\nHello\r\n0\r\nX: y\r\n\r\n", "a\r\n0123456789\r\n00ff\r\nshort"]

    private static let interesting: [UInt8] = [
        0, 9, 10, 13, 32, 35, 37, 44, 46, 47, 48, 58, 59, 63, 91, 102, 127, 128, 255,
    ]

    private static func mutate(_ text: String, _ generator: inout Generator) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(bytes[place], at: place)
            case 2: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &generator))
            case 3: bytes.insert(interesting.randomElement(using: &generator) ?? 0, at: place)
            default: bytes[place] = interesting.randomElement(using: &generator) ?? 0
            }
        }
        return bytes
    }

    private static func cut(_ bytes: [UInt8], _ generator: inout Generator) -> [ArraySlice<UInt8>] {
        let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
        return zip([0] + cuts, cuts + [bytes.count]).map { bytes[$0..<$1] }
    }

    @Test(arguments: heads)
    func `a changed head is taken or refused alike, whole or cut`(_ head: String) {
        var generator = Generator(state: 1)
        for _ in 0..<5_000 {
            let bytes = Self.mutate(head, &generator)
            let pieces = Self.cut(bytes, &generator)
            #expect(
                ParserRun.status(pieces) == ParserRun.status([bytes[...]]),
                "\(String(decoding: bytes, as: UTF8.self).debugDescription) cut into \(pieces.map(\.count))")
        }
    }

    @Test(arguments: bodies)
    func `a changed body gives no more than it has`(_ body: String) {
        var generator = Generator(state: 2)
        for _ in 0..<5_000 {
            let bytes = Self.mutate(body, &generator)
            var decoder = BodyDecoder(.chunked, extensionLimit: 64)
            var rest = bytes[...]
            var content = 0
            reading: while true {
                guard let step = try? rest.withUnsafeBytes({ try decoder.next($0) }) else { break }
                switch step {
                case .data(let range):
                    content += range.count
                    rest = rest.dropFirst(range.upperBound)
                case .needMore(let consumed), .end(let consumed):
                    rest = rest.dropFirst(consumed)
                    break reading
                }
            }
            #expect(content + rest.count <= bytes.count)
        }
    }
}
