import Glibc

/// Takes a `multipart/form-data` body apart: bytes in, heads and pieces of content out; no I/O.
///
/// Strict, since what two readers understand differently can be used to get something past one of them: lines end with
/// CR LF, every part has a name, and nothing but blanks may follow a boundary. Text before the first and behind the
/// last boundary is dropped.
///
/// Source: [RFC 7578](https://www.rfc-editor.org/rfc/rfc7578),
/// [RFC 2046 §5.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1).
package struct MultipartParser: Sendable {
    /// What the bytes amount to.
    package enum Step: Equatable {
        /// Everything was read; there is more to come.
        case needMore
        /// A part begins.
        case head(MultipartHead, consumed: Int)
        /// A piece of the part's content, which ends where the consumed bytes end.
        case content(Range<Int>)
        /// Content that came before: the beginning of a boundary that turned out to be none.
        case withheld([UInt8], consumed: Int)
        /// The part is complete.
        case partEnd(consumed: Int)
        /// The form is complete; whatever follows means nothing.
        case end
    }

    private enum State {
        case preamble
        case boundary
        case boundaryHyphen
        case boundaryBlanks
        case boundaryLineFeed
        case head
        case content
        case end
    }

    private let delimiter: [UInt8]
    private let limits: RequestLimits
    private var state = State.preamble

    /// How much of the delimiter the last bytes are. No byte of it but the first is a CR, so after a mismatch nothing
    /// of what was matched can begin another one: the search never goes back.
    private var matched = 2
    /// How many of the matched bytes are not content: the line end before the first boundary need not be there, and
    /// that of a head also begins the boundary of a part without content.
    private var borrowed = 2

    private var head: [UInt8] = []
    private var part = MultipartHead()
    private var partNumber = 0
    private var fieldCount = 0
    private var fileCount = 0
    private var contentCount = 0
    private var preambleCount = 0

    /// How many bytes were compared with the delimiter: a test shows with it that no content makes the search slow.
    package private(set) var comparisons = 0

    /// The most bytes before the first boundary. No client sends any; with more, the boundary is not the announced one.
    private static let preambleLimit = 16_384

    private static let carriageReturn: UInt8 = 0x0D
    private static let lineFeed: UInt8 = 0x0A
    private static let hyphen = UInt8(ascii: "-")

    /// Makes a parser.
    package init(_ boundary: MultipartBoundary, limits: RequestLimits = RequestLimits()) {
        delimiter = boundary.delimiter
        self.limits = limits
    }

    /// Reads on, up to the end of the next thing there is to tell.
    ///
    /// - Parameters:
    ///   - bytes: A piece of the body.
    ///   - start: Where to go on in it: where the previous step ended.
    /// - Throws: ``HTTPError`` with the part and the rule; the parser cannot go on afterwards.
    package mutating func next(_ bytes: UnsafeRawBufferPointer, from start: Int) throws(HTTPError) -> Step {
        var index = start
        while true {
            switch state {
            case .end:
                return .end
            case .preamble:
                guard let next = try skipPreamble(bytes, index) else { return .needMore }
                index = next
            case .content:
                return try readContent(bytes, index)
            default:
                guard index < bytes.count else { return .needMore }
                index += 1
                if try readLine(bytes[index - 1]) { return .head(part, consumed: index) }
            }
        }
    }

    /// Whether the last boundary has come.
    package var isComplete: Bool {
        if case .end = state { true } else { false }
    }

    /// Says that the body has ended.
    ///
    /// - Throws: ``HTTPError`` 400 when the last boundary has not come.
    package func finish() throws(HTTPError) {
        switch state {
        case .end:
            return
        case .preamble:
            throw Self.broken("The multipart form has no part: its boundary does not occur.")
        case .content:
            throw Self.broken(
                "The multipart form ends within \(part.title), before its last boundary.", field: part.name)
        default:
            throw Self.broken("The multipart form ends behind part \(partNumber), before its last boundary.")
        }
    }

    // MARK: Boundaries

    /// Looks for the first boundary; `nil` when everything was read.
    private mutating func skipPreamble(_ bytes: UnsafeRawBufferPointer, _ start: Int) throws(HTTPError) -> Int? {
        var index = start
        while true {
            switch scan(bytes, index) {
            case .partEnd(let consumed):
                state = .boundary
                return consumed
            case .content(let range):
                preambleCount += range.count
                index = range.upperBound
            case .withheld(let held, let consumed):
                preambleCount += held.count
                index = consumed
            default:
                return nil
            }
            guard preambleCount <= Self.preambleLimit else {
                throw Self.broken(
                    "The multipart form does not begin with its boundary, nor has it within \(Self.preambleLimit) bytes."
                )
            }
        }
    }

    private mutating func readContent(_ bytes: UnsafeRawBufferPointer, _ start: Int) throws(HTTPError) -> Step {
        let step = scan(bytes, start)
        switch step {
        case .content(let range): contentCount += range.count
        case .withheld(let held, _): contentCount += held.count
        case .partEnd: state = .boundary
        default: break
        }
        guard part.fileName == nil || contentCount <= limits.fileBytes else {
            throw HTTPError(
                badInput: "\(part.capitalTitle) is larger than \(limits.fileBytes) bytes (fileBytes).",
                field: part.name, rule: .init("fileBytes"), status: .contentTooLarge)
        }
        return step
    }

    /// Finds the next delimiter, or content up to what may become one.
    private mutating func scan(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Step {
        var index = start
        if matched > 0 {
            let before = index
            while matched < delimiter.count, index < bytes.count, bytes[index] == delimiter[matched] {
                matched += 1
                index += 1
            }
            comparisons += index - before + 1
            if matched == delimiter.count { return found(consumed: index) }
            guard index < bytes.count else { return .needMore }
            let held = Array(delimiter[min(borrowed, matched)..<matched])
            (matched, borrowed) = (0, 0)
            if !held.isEmpty { return .withheld(held, consumed: index) }
        }
        return search(bytes, index)
    }

    private mutating func search(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Step {
        var index = start
        while let candidate = Self.firstReturn(bytes, index) {
            var length = 1
            while length < delimiter.count, candidate + length < bytes.count,
                bytes[candidate + length] == delimiter[length]
            {
                length += 1
            }
            comparisons += length + 1
            index = candidate + length
            guard length == delimiter.count || index == bytes.count else { continue }
            // What comes before is told first; the next step begins with the delimiter.
            if candidate > start { return .content(start..<candidate) }
            matched = length
            return length == delimiter.count ? found(consumed: index) : .needMore
        }
        return start < bytes.count ? .content(start..<bytes.count) : .needMore
    }

    private mutating func found(consumed: Int) -> Step {
        (matched, borrowed) = (0, 0)
        return .partEnd(consumed: consumed)
    }

    private static func firstReturn(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, Int32(carriageReturn), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    // MARK: Lines

    /// Reads one byte behind a boundary or of a head.
    ///
    /// - Returns: Whether the head is complete.
    private mutating func readLine(_ byte: UInt8) throws(HTTPError) -> Bool {
        switch state {
        case .boundary where byte == Self.hyphen:
            state = .boundaryHyphen
        case .boundary, .boundaryBlanks:
            try readBoundaryEnd(byte)
        case .boundaryHyphen:
            guard byte == Self.hyphen else { throw textBehindBoundary }
            state = .end
        case .boundaryLineFeed:
            guard byte == Self.lineFeed else { throw textBehindBoundary }
            state = .head
            partNumber += 1
        default:
            return try readHead(byte)
        }
        return false
    }

    /// Mail gateways may have added blanks (RFC 2046 §5.1.1, transport-padding).
    private mutating func readBoundaryEnd(_ byte: UInt8) throws(HTTPError) {
        switch byte {
        case Self.carriageReturn:
            state = .boundaryLineFeed
            head.removeAll(keepingCapacity: true)
        case 0x20, 0x09:
            state = .boundaryBlanks
            head.append(byte)
            guard head.count <= limits.partHeaderBytes else { throw textBehindBoundary }
        default:
            throw textBehindBoundary
        }
    }

    private mutating func readHead(_ byte: UInt8) throws(HTTPError) -> Bool {
        let follows = head.last == Self.carriageReturn
        guard follows == (byte == Self.lineFeed), byte.isFieldValueByte || follows || byte == Self.carriageReturn else {
            throw refusal("has a line that does not end with CR LF, or a control character in its header")
        }
        head.append(byte)
        let isComplete = follows && (head.count == 2 || head.suffix(4) == [0x0D, 0x0A, 0x0D, 0x0A])
        guard isComplete || head.count < limits.partHeaderBytes else {
            throw refusal(
                "has a header of more than \(limits.partHeaderBytes) bytes (partHeaderBytes)", .init("partHeaderBytes"))
        }
        if isComplete { try beginPart() }
        return isComplete
    }

    private mutating func beginPart() throws(HTTPError) {
        part = try MultipartHead(head.dropLast(2), number: partNumber, limits)
        try countPart()
        state = .content
        contentCount = 0
        (matched, borrowed) = (2, 2)
    }

    private mutating func countPart() throws(HTTPError) {
        if part.fileName == nil { fieldCount += 1 } else { fileCount += 1 }
        guard fieldCount <= limits.fields else {
            throw HTTPError(
                badInput: "The form has more than \(limits.fields) fields (fields).", field: nil, rule: .init("fields"))
        }
        guard fileCount <= limits.files else {
            throw HTTPError(
                badInput: "The form has more than \(limits.files) files (files).", field: nil, rule: .init("files"))
        }
    }

    private var textBehindBoundary: HTTPError {
        Self.broken("The boundary behind part \(partNumber) of the form is followed by other text.")
    }

    private static func broken(_ message: String, field: String? = nil) -> HTTPError {
        HTTPError(badInput: message, field: field, rule: .syntax)
    }

    private func refusal(_ reason: String, _ rule: InputProblem.Rule = .syntax) -> HTTPError {
        HTTPError(badInput: "Part \(partNumber) of the form \(reason).", field: "part \(partNumber)", rule: rule)
    }
}
