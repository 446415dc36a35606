import MartletHTTP
import MartletServer

/// The request parser sees the same requests however they are cut, and what it has taken it takes again.
enum HeadProperties {
    private static let limits = HeadLimits(headSize: 600, headerCount: 10, targetLength: 120)

    /// What came of some bytes: the heads, then a refusal or the bytes of a head that is not complete.
    private struct Outcome: Equatable {
        var heads: [String] = []
        var refusal: ParseFailure?
        var left = 0
    }

    @Sendable static func check(_ input: [UInt8]) {
        let cuts = Cuts(input)
        let whole = run([cuts.whole[...]], each: checkHead)
        let cut = run(cuts.pieces)
        require(whole == cut, "whole: \(whole)\ncut: \(cut)")
        require(whole.left <= limits.headSize, "\(whole.left) bytes of one head are waited upon")
    }

    private static func run(_ pieces: [ArraySlice<UInt8>], each: (RequestHead) -> Void = { _ in }) -> Outcome {
        var parser = RequestParser(limits: limits)
        var outcome = Outcome()
        var buffer: [UInt8] = []
        do throws(ParseFailure) {
            for piece in pieces {
                buffer += piece
                while case .head(let head, let length) = try step(&parser, buffer) {
                    require(length <= buffer.count && length <= limits.headSize, "a head of \(length) bytes")
                    each(head)
                    outcome.heads.append(text(head))
                    buffer.removeFirst(length)
                }
            }
            outcome.left = buffer.count
        } catch {
            outcome.refusal = error
        }
        return outcome
    }

    private static func step(
        _ parser: inout RequestParser, _ buffer: [UInt8]
    ) throws(ParseFailure) -> RequestParser.Step {
        let span = buffer.span
        return try span.withUnsafeBytes { (bytes) throws(ParseFailure) in try parser.parse(bytes) }
    }

    /// A head in a form of its own, which the parser reads too.
    private static func text(_ head: RequestHead) -> String {
        let fields = head.headers.map { "\($0.name.rawName): \($0.value)\r\n" }
        let line = "\(head.method) \(head.target.raw) HTTP/1.\(head.isVersion10 ? 0 : 1)"
        return "\(line)\r\n\(fields.joined())\r\n"
    }

    private static func checkHead(_ head: RequestHead) {
        checkTarget(head.target)
        checkFields(head)
        checkFraming(head)
        // Bytes that are no UTF-8 become longer in a string, so that they may go beyond a limit; and the `Host` of an
        // absolute target is one field more than was sent.
        let written = Array(text(head).utf8)
        var parser = RequestParser(
            limits: HeadLimits(headSize: 4_000, headerCount: limits.headerCount + 1, targetLength: limits.targetLength))
        guard case .head(let again, let length)? = try? step(&parser, written) else {
            return require(false, "a head that was taken is refused when it is written again: \(text(head))")
        }
        require(length == written.count && text(again) == text(head), "written again: \(text(again))")
        require(again.framing == head.framing && again.keepsAlive == head.keepsAlive, "framing: \(again.framing)")
        require(again.expectsContinue == head.expectsContinue && again.target == head.target, "\(again)")
    }

    private static func checkTarget(_ target: RequestTarget) {
        let segments = target.path.utf8.split(separator: UInt8(ascii: "/"))
        require(target.path == "*" || target.path.hasPrefix("/"), "the path \(target.path)")
        require(!segments.contains { $0.elementsEqual("..".utf8) || $0.elementsEqual(".".utf8) }, "dots")
        require(!target.path.utf8.contains(0), "NUL in the path")
    }

    private static func checkFields(_ head: RequestHead) {
        require(head.headers.count <= limits.headerCount + 1, "\(head.headers.count) fields")
        require(head.isVersion10 || head.headers.values(.host).count == 1, "no Host or several")
        for field in head.headers {
            require(HeaderName(field.name.rawName) != nil, "the name \(field.name.rawName.debugDescription)")
            require(field.value.utf8.allSatisfy(\.isFieldValueByte), "the value \(field.value.debugDescription)")
        }
    }

    private static func checkFraming(_ head: RequestHead) {
        let lengths = head.headers.values(.contentLength)
        let codings = head.headers.values(.transferEncoding)
        switch head.framing {
        case .none:
            require(codings.isEmpty, "a coding without content")
            require(lengths.allSatisfy { $0.utf8.allSatisfy(Array("0, \t".utf8).contains) }, "lengths: \(lengths)")
        case .length(let length):
            require(length > 0 && codings.isEmpty, "length \(length) with \(codings)")
            let items = lengths.flatMap { $0.split(separator: ",") }.map { Int($0.trimmingBlanks()) }
            require(!items.isEmpty && items.allSatisfy { $0 == length }, "length \(length) of \(lengths)")
        case .chunked:
            require(lengths.isEmpty && !head.isVersion10, "chunked with \(lengths)")
            require(codings.count == 1 && codings[0].lowercased() == "chunked", "chunked by \(codings)")
        }
    }
}
