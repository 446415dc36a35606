import Glibc
import MartletHTTP

/// Reads request heads: bytes in, heads or refusals out; no I/O.
///
/// The caller hands in everything since the start of the request each time more bytes have come; the parser remembers
/// how far it has read, so a head that drips in costs no more than one that comes at once. A line is judged as soon as
/// its end is there.
///
/// Source: [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112); where it allows leniency, the strict reading.
package struct RequestParser {
    /// What the bytes amount to.
    package enum Step {
        /// The head is not complete.
        case needMore
        /// A head, and how many bytes it took. The parser is ready for the next request.
        case head(RequestHead, length: Int)
    }

    private let limits: HeadLimits

    /// Where the line that is being read begins, and up to where its end has been looked for.
    private var lineStart = 0
    private var searched = 0

    private var requestLine: RequestLine?
    private var fieldsStart = 0
    private var fields = FieldList()
    private var framing = FramingFields()
    private var hasSkippedLine = false

    /// Where the fields of a head stand; memory that parsers may lend each other between heads.
    package struct FieldList {
        fileprivate var spans: [HeaderBlock.Span] = []

        package init() {}
    }

    /// Makes a parser at the start of a connection.
    package init(limits: HeadLimits) {
        self.limits = limits
    }

    /// Whether part of a head has been read.
    package var hasBegun: Bool { searched > 0 }

    /// Puts an empty list in the place of the parser's, which is empty between two heads, and takes that away.
    package mutating func exchange(_ list: inout FieldList) {
        if !hasBegun { swap(&fields, &list) }
    }

    /// Reads on.
    ///
    /// - Parameter bytes: All bytes since the start of the request.
    /// - Throws: ``ParseFailure``; the parser is of no use afterwards.
    package mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(ParseFailure) -> Step {
        while let end = lineEnd(in: bytes) {
            let line = try takeLine(bytes, end)
            if requestLine == nil {
                try readRequestLine(bytes, line)
            } else if line.isEmpty {
                return try finish(bytes)
            } else {
                try readField(bytes, line)
            }
        }
        searched = bytes.count
        try checkSize(bytes.count)
        return .needMore
    }

    private func lineEnd(in bytes: UnsafeRawBufferPointer) -> Int? {
        guard searched < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + searched, 0x0A, bytes.count - searched)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// The line that ends at the LF at `end`, without CR LF.
    private mutating func takeLine(_ bytes: UnsafeRawBufferPointer, _ end: Int) throws(ParseFailure) -> Range<Int> {
        // First of all, since a line that comes in two pieces is measured before its end is there.
        try checkSize(end + 1)
        // RFC 9112 §2.2 lets a server take a bare LF; a proxy in front may not, and the two would disagree.
        guard end > lineStart, bytes[end - 1] == 0x0D else {
            throw .badRequest("A line of the head ends with LF instead of CR LF.")
        }
        defer {
            lineStart = end + 1
            searched = end + 1
        }
        return lineStart..<(end - 1)
    }

    private func checkSize(_ count: Int) throws(ParseFailure) {
        // Method, version and blanks of a request line take less than 48 bytes.
        if requestLine == nil, count > limits.targetLength + 48 {
            throw ParseFailure(.uriTooLong, "The request target is longer than \(limits.targetLength) bytes.")
        }
        if count > limits.headSize {
            throw ParseFailure(
                .requestHeaderFieldsTooLarge, "The request head is larger than \(limits.headSize) bytes.")
        }
    }

    private mutating func readRequestLine(
        _ bytes: UnsafeRawBufferPointer, _ line: Range<Int>
    ) throws(ParseFailure) {
        if line.isEmpty {
            // RFC 9112 §2.2: some clients send an empty line after a body; one is passed over.
            guard !hasSkippedLine else { throw .badRequest("The request begins with empty lines.") }
            hasSkippedLine = true
            return
        }
        requestLine = try RequestLine(
            UnsafeRawBufferPointer(rebasing: bytes[line]), maximumTargetLength: limits.targetLength)
        fieldsStart = line.upperBound + 2
    }

    private mutating func readField(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) throws(ParseFailure) {
        guard fields.spans.count < limits.headerCount else {
            throw ParseFailure(
                .requestHeaderFieldsTooLarge, "The request has more than \(limits.headerCount) header fields.")
        }
        let field = try FieldLine(bytes, line)
        try framing.note(bytes, field)
        fields.spans.append(
            HeaderBlock.Span(
                name: (field.name.lowerBound - fieldsStart)..<(field.name.upperBound - fieldsStart),
                value: (field.value.lowerBound - fieldsStart)..<(field.value.upperBound - fieldsStart)))
    }

    private mutating func finish(_ bytes: UnsafeRawBufferPointer) throws(ParseFailure) -> Step {
        guard let line = requestLine else { return .needMore }
        let length = lineStart
        try framing.check(isVersion10: line.isVersion10)
        var headers = Headers(HeaderBlock(UnsafeRawBufferPointer(rebasing: bytes[fieldsStart..<length]), fields.spans))
        if let authority = line.target.authority {
            // RFC 9112 §3.2.2: an absolute target stands above the Host field.
            headers.setUnchecked(.host, authority)
        }
        let head = RequestHead(
            method: line.method, target: line.target, headers: headers, framing: framing.framing,
            isVersion10: line.isVersion10, keepsAlive: framing.keepsAlive(isVersion10: line.isVersion10),
            expectsContinue: framing.expectsContinue && !line.isVersion10 && framing.framing != .none)
        reset()
        return .head(head, length: length)
    }

    private mutating func reset() {
        lineStart = 0
        searched = 0
        requestLine = nil
        fieldsStart = 0
        fields.spans.removeAll(keepingCapacity: true)
        framing = FramingFields()
        hasSkippedLine = false
    }
}
