import MartletHTTP

/// A form has the same parts however its body is cut, and no more bytes than the body.
enum MultipartProperties {
    private static let boundary = MultipartBoundary("AaB03x")

    private static let limits: RequestLimits = {
        var limits = RequestLimits()
        (limits.fields, limits.files, limits.partHeaders, limits.partHeaderBytes) = (6, 3, 4, 200)
        (limits.nameBytes, limits.fileNameBytes) = (20, 24)
        return limits
    }()

    fileprivate struct Part: Equatable {
        var head: MultipartHead
        var content: [UInt8] = []
        var isComplete = false
    }

    fileprivate struct Outcome: Equatable {
        var parts: [Part] = []
        var isComplete = false
        var refusal: HTTPStatus?
    }

    @Sendable static func check(_ input: [UInt8]) {
        let cuts = Cuts(input)
        let whole = read([cuts.whole[...]])
        let cut = read(cuts.pieces)
        require(whole == cut, "whole: \(whole)\ncut: \(cut)")
        require(whole.parts.reduce(0) { $0 + $1.content.count } <= cuts.whole.count, "more content than body")
        require(!whole.isComplete || whole.parts.allSatisfy(\.isComplete), "a part without end in a whole form")
        require(whole.parts.count <= limits.fields + limits.files, "\(whole.parts.count) parts")
        for part in whole.parts { check(part.head) }
    }

    private static func check(_ head: MultipartHead) {
        require(head.name.utf8.count <= limits.nameBytes, "the name \(head.name)")
        guard let file = head.fileName else { return }
        require(file.utf8.count <= limits.fileNameBytes, "the file name \(file)")
        let isClean = file.utf8.allSatisfy {
            $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\")
        }
        require(isClean && file != ".." && file != ".", "the file name \(file.debugDescription)")
    }

    private static func read(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
        guard let boundary else { return Outcome() }
        var parser = MultipartParser(boundary, limits: limits)
        var outcome = Outcome()
        do throws(HTTPError) {
            for piece in pieces { try read(Array(piece), &parser, &outcome) }
        } catch {
            outcome.refusal = error.status
        }
        outcome.isComplete = parser.isComplete
        return outcome
    }

    private static func read(
        _ piece: [UInt8], _ parser: inout MultipartParser, _ outcome: inout Outcome
    ) throws(HTTPError) {
        var start = 0
        let span = piece.span
        while true {
            let step = try span.withUnsafeBytes { (bytes) throws(HTTPError) in try parser.next(bytes, from: start) }
            switch step {
            case .needMore, .end:
                return
            case .head(let head, let consumed):
                outcome.parts.append(Part(head: head))
                start = consumed
            case .content(let range):
                require(range.lowerBound >= start && range.upperBound <= piece.count, "content at \(range)")
                outcome.add(piece[range])
                start = range.upperBound
            case .withheld(let bytes, let consumed):
                outcome.add(bytes[...])
                start = consumed
            case .partEnd(let consumed):
                outcome.endPart()
                start = consumed
            }
        }
    }
}

extension MultipartProperties.Outcome {
    fileprivate mutating func add(_ bytes: ArraySlice<UInt8>) {
        require(!parts.isEmpty, "content before the first part")
        parts[parts.count - 1].content += bytes
    }

    fileprivate mutating func endPart() {
        require(parts.last?.isComplete == false, "a part ends twice")
        parts[parts.count - 1].isComplete = true
    }
}
