/// Walks through a multipart body: pulls chunks from the request and feeds them to the parser.
struct MultipartCursor: Sendable {
    private var chunks: RequestBody.AsyncIterator
    private var parser: MultipartParser
    private var chunk: [UInt8] = []
    private var offset = 0
    private var isPartOpen = false

    /// Begins to walk.
    ///
    /// - Throws: ``HTTPError`` 415 or 400 when the content is no multipart form with a boundary.
    init(_ request: Request) throws(HTTPError) {
        let boundary = try MultipartBoundary(contentType: request.headers[.contentType] ?? "")
        chunks = request.body.makeAsyncIterator()
        parser = MultipartParser(boundary, limits: request.limits)
    }

    /// The head of the next part, after skipping what is left of the one before; `nil` at the end.
    mutating func nextPart() async throws -> MultipartHead? {
        while isPartOpen { _ = try await nextChunk() }
        switch try await step() {
        case .head(let head, let consumed):
            offset = consumed
            isPartOpen = true
            return head
        default:
            // What follows the last boundary means nothing, but the connection has to get past it.
            while try await chunks.next() != nil {}
            return nil
        }
    }

    /// The next piece of the part's content; `nil` at its end.
    mutating func nextChunk() async throws -> [UInt8]? {
        guard isPartOpen else { return nil }
        switch try await step() {
        case .content(let range):
            offset = range.upperBound
            // Most chunks lie within one file: those are handed on without a copy.
            return range == chunk.indices ? chunk : Array(chunk[range])
        case .withheld(let bytes, let consumed):
            offset = consumed
            return bytes
        case .partEnd(let consumed):
            offset = consumed
            isPartOpen = false
            return nil
        default:
            isPartOpen = false
            return nil
        }
    }

    /// The next thing the parser has to tell.
    private mutating func step() async throws -> MultipartParser.Step {
        while true {
            if offset < chunk.count {
                // A typed error does not come out of `withUnsafeBytes`, so it is unwrapped outside of it.
                let start = offset
                let result = chunk.withUnsafeBytes { bytes in
                    Result { () throws(HTTPError) in try parser.next(bytes, from: start) }
                }
                let step = try result.get()
                if step != .needMore { return step }
            } else if parser.isComplete {
                return .end
            }
            chunk = []
            offset = 0
            guard let next = try await chunks.next() else {
                try parser.finish()
                return .end
            }
            chunk = next
        }
    }
}
