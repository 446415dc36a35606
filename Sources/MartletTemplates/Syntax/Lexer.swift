/// A piece of a template's text.
struct Token: Sendable {
    enum Kind: Sendable { case text, variable, tag }

    let kind: Kind
    /// The text itself, or what stands between the braces without surrounding spaces.
    let content: String
    /// The line on which the piece begins, counted from 1.
    let line: Int

    /// The piece as it stands in the template.
    var source: String {
        switch kind {
        case .text: content
        case .variable: "{{ \(content) }}"
        case .tag: "{% \(content) %}"
        }
    }
}

/// Cuts a template's text into plain text, variables and tags; comments are dropped.
///
/// As in Django, a tag lies on one line: braces whose partner is not on the same line are plain text.
struct Lexer {
    private let bytes: [UInt8]
    private var tokens: [Token] = []
    private var textStart = 0
    private var textLine = 1
    private var line = 1
    /// The tag that ends the `{% verbatim %}` being read.
    private var verbatimEnd: String?
    /// Up to where no variable, tag or comment ends, so that a line of openings is not searched once for each.
    private var noEndBefore = (variable: 0, tag: 0, comment: 0)

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static func tokens(of bytes: [UInt8]) -> [Token] {
        var lexer = Lexer(bytes)
        return lexer.run()
    }

    private mutating func run() -> [Token] {
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "{"), let end = endOfTag(at: index) {
                take(from: index, to: end)
                index = end
            } else {
                if bytes[index] == UInt8(ascii: "\n") { line += 1 }
                index += 1
            }
        }
        flushText(to: bytes.count)
        return tokens
    }

    /// The index after the tag that begins at `start`; nil if none does.
    private mutating func endOfTag(at start: Int) -> Int? {
        guard start + 3 < bytes.count else { return nil }
        switch bytes[start + 1] {
        case UInt8(ascii: "{"): return end("}", after: start, &noEndBefore.variable)
        case UInt8(ascii: "%"): return end("%", after: start, &noEndBefore.tag)
        case UInt8(ascii: "#"): return end("#", after: start, &noEndBefore.comment)
        default: return nil
        }
    }

    private func end(_ mark: Unicode.Scalar, after start: Int, _ noEndBefore: inout Int) -> Int? {
        guard start >= noEndBefore else { return nil }
        let first = UInt8(ascii: mark)
        var index = start + 2
        while index + 1 < bytes.count, bytes[index] != UInt8(ascii: "\n") {
            if bytes[index] == first, bytes[index + 1] == UInt8(ascii: "}") { return index + 2 }
            index += 1
        }
        noEndBefore = index
        return nil
    }

    /// Takes the tag, unless a `{% verbatim %}` makes it plain text.
    private mutating func take(from start: Int, to end: Int) {
        let content = trimmed(bytes[(start + 2)..<(end - 2)])
        let mark = bytes[start + 1]
        if let verbatimEnd {
            guard mark == UInt8(ascii: "%"), content == verbatimEnd else { return }
            self.verbatimEnd = nil
        }
        flushText(to: start)
        textStart = end
        textLine = line
        switch mark {
        case UInt8(ascii: "{"): tokens.append(Token(kind: .variable, content: content, line: line))
        case UInt8(ascii: "%"):
            if content == "verbatim" || content.hasPrefix("verbatim ") { verbatimEnd = "end" + content }
            tokens.append(Token(kind: .tag, content: content, line: line))
        default: break
        }
    }

    private mutating func flushText(to end: Int) {
        guard textStart < end else { return }
        let text = String(decoding: bytes[textStart..<end], as: UTF8.self)
        tokens.append(Token(kind: .text, content: text, line: textLine))
        textStart = end
    }

    private func trimmed(_ slice: ArraySlice<UInt8>) -> String {
        var slice = slice
        while let byte = slice.first, isSpace(byte) { slice.removeFirst() }
        while let byte = slice.last, isSpace(byte) { slice.removeLast() }
        return String(decoding: slice, as: UTF8.self)
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
