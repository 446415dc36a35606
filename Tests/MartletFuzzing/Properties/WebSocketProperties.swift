import MartletWebSockets

/// Frames have the same payloads however their bytes are cut, and those that a plain reader finds.
enum WebSocketProperties {
    private static let limit = 1_000

    private struct Frame: Equatable {
        let header: WebSocketFrameHeader
        var payload: [UInt8] = []
        var isComplete = false
    }

    private struct Outcome: Equatable {
        var frames: [Frame] = []
        var isRefused = false
    }

    @Sendable static func check(_ input: [UInt8]) {
        let cuts = Cuts(input)
        let whole = read([cuts.whole[...]])
        let cut = read(cuts.pieces)
        require(whole == cut, "whole: \(whole)\ncut: \(cut)")
        require(whole.frames.reduce(0) { $0 + $1.payload.count } <= cuts.whole.count, "more payload than bytes")
        for frame in whole.frames {
            let most = frame.header.opcode.isControl ? 125 : limit
            require(frame.header.length <= most && frame.payload.count <= frame.header.length, "\(frame)")
            require(!frame.isComplete || frame.payload.count == frame.header.length, "\(frame)")
        }
        checkPayloads(cuts.whole, whole)
    }

    private static func read(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
        var parser = WebSocketFrameParser(maximumFrameSize: limit)
        var outcome = Outcome()
        do {
            for piece in pieces { try read(Array(piece), &parser, &outcome) }
        } catch {
            outcome.isRefused = true
        }
        return outcome
    }

    private static func read(
        _ piece: [UInt8], _ parser: inout WebSocketFrameParser, _ outcome: inout Outcome
    ) throws {
        // The parser unmasks where the bytes stand.
        var bytes = piece
        var offset = 0
        while true {
            let step = try bytes.withUnsafeMutableBytes { try parser.next($0, from: &offset) }
            guard case .piece(let header, let range, let isFirst, let isLast) = step else {
                return require(offset == bytes.count, "\(offset) of \(bytes.count) bytes read, and more wanted")
            }
            if isFirst { outcome.frames.append(Frame(header: header)) }
            require(outcome.frames.last?.isComplete == false, "a piece of no frame")
            outcome.frames[outcome.frames.count - 1].payload += bytes[range]
            outcome.frames[outcome.frames.count - 1].isComplete = isLast
        }
    }

    /// Reads the frames that were taken once more, byte by byte (RFC 6455 §5.2, §5.3).
    private static func checkPayloads(_ bytes: [UInt8], _ outcome: Outcome) {
        var rest = bytes[...]
        for frame in outcome.frames where frame.isComplete {
            let short = Int(rest[rest.startIndex + 1] & 0x7F)
            let extra = short < 126 ? 0 : short == 126 ? 2 : 8
            let length = extra == 0 ? short : rest.dropFirst(2).prefix(extra).reduce(0) { $0 << 8 | Int($1) }
            let mask = Array(rest.dropFirst(2 + extra).prefix(4))
            let masked = rest.dropFirst(6 + extra).prefix(length)
            require(frame.header.length == length, "\(length) bytes, and not \(frame.header.length)")
            require(masked.enumerated().map { $1 ^ mask[$0 & 3] } == frame.payload, "the payload \(frame.payload)")
            rest = rest.dropFirst(6 + extra + length)
        }
    }
}
