import MartletServer

/// A chunked body has the same content however it is cut, and the content that a second, plain reader finds.
enum ChunkedProperties {
    private static let extensionLimit = 48

    private struct Outcome: Equatable {
        var content: [UInt8] = []
        var isComplete = false
        var isRefused = false
        /// What follows a complete body.
        var rest: [UInt8] = []
    }

    @Sendable static func check(_ input: [UInt8]) {
        let cuts = Cuts(input)
        let whole = decode([cuts.whole[...]])
        let cut = decode(cuts.pieces)
        require(whole == cut, "whole: \(whole)\ncut: \(cut)")
        var reader = PlainChunkReader(bytes: cuts.whole[...], extensionLimit: extensionLimit)
        let expected = reader.read()
        require(whole.isComplete == (expected != nil), "complete: \(whole.isComplete), but \(expected == nil)")
        if let expected {
            require(whole.content == expected.content, "content: \(expected.content)")
            require(whole.rest == Array(expected.rest), "rest: \(expected.rest)")
        }
    }

    private static func decode(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
        var decoder = BodyDecoder(.chunked, extensionLimit: extensionLimit)
        var outcome = Outcome()
        do throws(ParseFailure) {
            for piece in pieces {
                var piece = Array(piece)
                reading: while true {
                    let step = try next(&decoder, piece)
                    switch step {
                    case .data(let range):
                        require(!range.isEmpty && range.upperBound <= piece.count, "a piece at \(range)")
                        outcome.content += piece[range]
                        piece.removeFirst(range.upperBound)
                    case .needMore(let consumed):
                        require(consumed == piece.count, "\(consumed) of \(piece.count) bytes read, and more wanted")
                        break reading
                    case .end(let consumed):
                        outcome.rest += piece.dropFirst(consumed)
                        break reading
                    }
                }
            }
        } catch {
            outcome.isRefused = true
        }
        outcome.isComplete = decoder.isComplete
        require(!(outcome.isComplete && outcome.isRefused), "complete and refused")
        return outcome
    }

    private static func next(
        _ decoder: inout BodyDecoder, _ bytes: [UInt8]
    ) throws(ParseFailure) -> BodyDecoder.Step {
        let span = bytes.span
        return try span.withUnsafeBytes { (bytes) throws(ParseFailure) in try decoder.next(bytes) }
    }
}

/// Reads a whole chunked body by the grammar of RFC 9112 §7.1, line by line: slow, and simple enough to be believed.
private struct PlainChunkReader {
    var bytes: ArraySlice<UInt8>
    let extensionLimit: Int
    var extensionBytes = 0

    /// - Returns: `nil` when the body is broken or not complete.
    mutating func read() -> (content: [UInt8], rest: ArraySlice<UInt8>)? {
        var content: [UInt8] = []
        while let line = line(), let size = size(line) {
            guard size > 0 else { return trailers() ? (content, bytes) : nil }
            guard bytes.count >= size else { return nil }
            content += bytes.prefix(size)
            bytes = bytes.dropFirst(size)
            guard let end = self.line(), end.isEmpty else { return nil }
        }
        return nil
    }

    /// The bytes before the next CR LF, which is passed over; none of them a control character.
    private mutating func line() -> ArraySlice<UInt8>? {
        guard let feed = bytes.firstIndex(of: 10), feed > bytes.startIndex, bytes[feed - 1] == 13 else { return nil }
        let line = bytes[bytes.startIndex..<(feed - 1)]
        bytes = bytes[(feed + 1)...]
        return line.allSatisfy { $0 == 9 || $0 >= 32 && $0 != 127 } ? line : nil
    }

    private mutating func size(_ line: ArraySlice<UInt8>) -> Int? {
        let digits = line.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || 65...70 ~= $0 || 97...102 ~= $0 }
        let rest = line.dropFirst(digits.count)
        guard digits.count <= 16, let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
        guard size < 1 << 60 else { return nil }
        // `chunk-ext = *( BWS ";" …`: blanks alone are none.
        guard rest.isEmpty || rest.first(where: { $0 != 32 && $0 != 9 }) == UInt8(ascii: ";") else { return nil }
        extensionBytes += rest.count
        return extensionBytes <= extensionLimit ? size : nil
    }

    private mutating func trailers() -> Bool {
        while let line = line() {
            if line.isEmpty { return true }
            extensionBytes += line.count
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            guard name.count < line.count, !name.isEmpty, name.allSatisfy(isToken) else { return false }
            guard extensionBytes <= extensionLimit else { return false }
        }
        return false
    }

    private func isToken(_ byte: UInt8) -> Bool {
        byte > 32 && byte < 127 && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
    }
}
