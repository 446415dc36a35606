import MartletHTTP

/// Finds the content in the bytes after a head: bytes in, pieces of content out; no I/O.
///
/// Chunk extensions and trailers are read, bounded and dropped.
///
/// Source: [RFC 9112 §6, §7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1).
package struct BodyDecoder {
    /// What the bytes amount to; `consumed` of them are done with.
    package enum Step: Equatable {
        /// Everything was read; there is more to come.
        case needMore(consumed: Int)
        /// A piece of content, which ends where the consumed bytes end.
        case data(Range<Int>)
        /// The content is complete.
        case end(consumed: Int)
    }

    private enum State {
        case length(Int)
        case sizeStart
        case size(Int, digits: Int)
        case sizeBlank(Int)
        case chunkExtension(Int)
        case sizeLineFeed(Int)
        case chunk(Int)
        case chunkReturn
        case chunkLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case lastLineFeed
        case end
    }

    private var state: State

    /// Bytes that carry no content, bounded over the whole body: tiny chunks with huge extensions would otherwise make
    /// a short body cost without end.
    private var extensionBytes = 0
    private let extensionLimit: Int

    /// The most digits of a chunk size, leading zeros counted: those of 64 bits.
    private static let longestSize = 16

    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    /// Makes a decoder for the bytes that follow a head.
    ///
    /// - Parameter extensionLimit: The most bytes of chunk extensions and trailers in the whole body.
    package init(_ framing: RequestHead.Framing, extensionLimit: Int) {
        self.extensionLimit = extensionLimit
        switch framing {
        case .none: state = .end
        case .length(let length): state = .length(length)
        case .chunked: state = .sizeStart
        }
    }

    /// Whether the content is complete.
    package var isComplete: Bool {
        if case .end = state { true } else { false }
    }

    /// How many bytes of content are still to come, where that is known.
    package var remaining: Int? {
        switch state {
        case .length(let left): left
        case .end: 0
        default: nil
        }
    }

    /// Reads on, up to the end of the next piece of content.
    ///
    /// - Throws: ``ParseFailure``; the connection cannot go on afterwards.
    package mutating func next(_ bytes: UnsafeRawBufferPointer) throws(ParseFailure) -> Step {
        var index = 0
        while true {
            switch state {
            case .length(let left):
                return takeContent(bytes, index, left: left) { $0 == 0 ? .end : .length($0) }
            case .chunk(let left):
                guard index < bytes.count else { return .needMore(consumed: index) }
                return takeContent(bytes, index, left: left) { $0 == 0 ? .chunkReturn : .chunk($0) }
            case .end:
                return .end(consumed: index)
            default:
                guard index < bytes.count else { return .needMore(consumed: index) }
                try readFraming(bytes[index])
                index += 1
            }
        }
    }

    private mutating func takeContent(
        _ bytes: UnsafeRawBufferPointer, _ index: Int, left: Int, _ after: (Int) -> State
    ) -> Step {
        let count = min(left, bytes.count - index)
        guard count > 0 else { return .needMore(consumed: index) }
        state = after(left - count)
        return .data(index..<(index + count))
    }

    /// Reads one byte that is not content.
    private mutating func readFraming(_ byte: UInt8) throws(ParseFailure) {
        switch state {
        case .sizeStart:
            guard let digit = byte.hexDigit else { throw Self.badSize }
            state = .size(Int(digit), digits: 1)
        case .size(let size, let digits):
            state = try readSize(byte, size, digits)
        case .sizeBlank(let size):
            try countExtension()
            state = try readSizeEnd(byte, size)
        case .chunkExtension(let size) where byte == Self.carriageReturn:
            state = .sizeLineFeed(size)
        case .chunkExtension:
            try countExtension()
            guard byte.isFieldValueByte else { throw .badRequest("A chunk extension has a control character.") }
        case .sizeLineFeed(let size):
            try expect(Self.lineFeed, byte)
            state = size == 0 ? .trailerStart : .chunk(size)
        case .chunkReturn:
            try expect(Self.carriageReturn, byte)
            state = .chunkLineFeed
        case .chunkLineFeed:
            try expect(Self.lineFeed, byte)
            state = .sizeStart
        default:
            try readTrailer(byte)
        }
    }

    private mutating func readSize(_ byte: UInt8, _ size: Int, _ digits: Int) throws(ParseFailure) -> State {
        if let digit = byte.hexDigit {
            // 2^56 is more than any disk holds; more digits are an attempt to overflow somebody's counter, and zeros
            // without end one to keep the server busy.
            guard size < 1 << 56, digits < Self.longestSize else {
                throw .badRequest("A chunk size is too large to count.")
            }
            return .size(size << 4 | Int(digit), digits: digits + 1)
        }
        if byte == Self.carriageReturn { return .sizeLineFeed(size) }
        try countExtension()
        return try readSizeEnd(byte, size)
    }

    /// Reads the byte behind a size: `;`, or blanks before it, and nothing else. Somebody who takes `5 0` for 80 and
    /// somebody who takes it for 5 see different requests.
    private func readSizeEnd(_ byte: UInt8, _ size: Int) throws(ParseFailure) -> State {
        switch byte {
        case UInt8(ascii: ";"): return .chunkExtension(size)
        case 0x20, 0x09: return .sizeBlank(size)
        default: throw Self.badSize
        }
    }

    private mutating func readTrailer(_ byte: UInt8) throws(ParseFailure) {
        switch state {
        case .trailerStart where byte == Self.carriageReturn:
            state = .lastLineFeed
        case .trailerStart:
            // Not a colon: a name has at least one byte.
            try countExtension()
            guard byte.isTokenByte else { throw Self.badTrailer }
            state = .trailerName
        case .trailerName:
            try countExtension()
            if byte == UInt8(ascii: ":") {
                state = .trailerValue
            } else if !byte.isTokenByte {
                throw Self.badTrailer
            }
        case .trailerValue where byte == Self.carriageReturn:
            state = .trailerLineFeed
        case .trailerValue:
            try countExtension()
            guard byte.isFieldValueByte else { throw .badRequest("A trailer field has a control character.") }
        case .trailerLineFeed:
            try expect(Self.lineFeed, byte)
            state = .trailerStart
        case .lastLineFeed:
            try expect(Self.lineFeed, byte)
            state = .end
        default:
            break
        }
    }

    private mutating func countExtension() throws(ParseFailure) {
        extensionBytes += 1
        guard extensionBytes <= extensionLimit else {
            throw .badRequest("Chunk extensions and trailers are larger than \(extensionLimit) bytes.")
        }
    }

    private func expect(_ expected: UInt8, _ byte: UInt8) throws(ParseFailure) {
        guard byte == expected else { throw .badRequest("A line of the chunked body does not end with CR LF.") }
    }

    /// A trailer is dropped, but a line that is none may be somebody else's next request.
    private static var badTrailer: ParseFailure { .badRequest("A line after the last chunk is not 'Name: value'.") }

    private static var badSize: ParseFailure { .badRequest("A chunk size is not a hexadecimal number.") }
}
