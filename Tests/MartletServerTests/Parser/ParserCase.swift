import MartletHTTP
import Testing

@testable import MartletServer

/// Bytes and what the parser makes of them.
struct ParserCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let status: Int

    /// - Parameter status: 0 when the head is accepted.
    init(_ description: String, _ text: String, _ status: Int = 0) {
        self.init(description, bytes: Array(text.utf8), status)
    }

    init(_ description: String, bytes: [UInt8], _ status: Int = 0) {
        testDescription = description
        self.bytes = bytes
        self.status = status
    }
}

enum ParserRun {
    static let limits = HeadLimits(headSize: 1_000, headerCount: 8, targetLength: 100)

    /// Feeds pieces to a parser as a connection does: everything since the start each time.
    static func heads(_ pieces: [ArraySlice<UInt8>]) throws(ParseFailure) -> [RequestHead] {
        var parser = RequestParser(limits: limits)
        var buffer: [UInt8] = []
        var heads: [RequestHead] = []
        for piece in pieces {
            buffer += piece
            while let (head, length) = try step(&parser, buffer) {
                heads.append(head)
                buffer.removeFirst(length)
            }
        }
        return heads
    }

    private static func step(
        _ parser: inout RequestParser, _ buffer: [UInt8]
    ) throws(ParseFailure) -> (RequestHead, Int)? {
        let span = buffer.span
        let step = try span.withUnsafeBytes { (bytes) throws(ParseFailure) in try parser.parse(bytes) }
        if case .head(let head, let length) = step { return (head, length) }
        return nil
    }

    /// The status a run ends with; 0 when nothing was refused.
    static func status(_ pieces: [ArraySlice<UInt8>]) -> Int {
        do throws(ParseFailure) {
            _ = try heads(pieces)
            return 0
        } catch {
            return error.status.code
        }
    }

    /// All ways to cut the bytes in two, and the cut after every byte.
    static func splits(_ bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
        let halves = bytes.indices.map { [bytes[..<$0], bytes[$0...]] }
        return halves + [bytes.indices.map { bytes[$0...$0] }]
    }
}
