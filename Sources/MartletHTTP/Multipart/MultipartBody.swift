/// The content of one part of a form, read once.
public struct MultipartBody: Sendable, AsyncSequence {
    let reader: MultipartReader
    let number: Int
    let name: String
    let title: String
    let rules: BodyRules

    /// Reads the content into memory.
    ///
    /// - Parameter limit: The most bytes to take; ``RequestLimits/collectedBytes`` unless told.
    /// - Throws: ``HTTPError`` 413 when there are more; as ``AsyncIterator/next()``.
    public func collect(upTo limit: Int? = nil) async throws -> [UInt8] {
        let limit = limit ?? rules.limits.collectedBytes
        var collected: [UInt8] = []
        for try await chunk in self {
            guard collected.count + chunk.count <= limit else {
                throw rules.tooLarge(title, limit, "collectedBytes", field: name)
            }
            if collected.isEmpty { collected = chunk } else { collected += chunk }
        }
        return collected
    }

    /// Reads the content as text.
    ///
    /// - Throws: ``HTTPError`` 400 when it is no UTF-8; as ``collect(upTo:)``.
    public func text(upTo limit: Int? = nil) async throws -> String {
        guard let text = String(validating: try await collect(upTo: limit), as: UTF8.self) else {
            throw HTTPError(badInput: "\(title) is not UTF-8.", field: name, rule: .encoding)
        }
        return text
    }

    /// Iterates over the chunks as they arrive.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }

    /// Delivers the chunks of a part.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let body: MultipartBody

        /// The next chunk, up to 64 KB; `nil` at the end.
        ///
        /// - Throws: ``HTTPError`` for a form that is broken, too large, or breaks off; an error when the next part has
        ///   been asked for already.
        public func next() async throws -> [UInt8]? {
            try await body.reader.nextChunk(ofPart: body.number)
        }
    }
}
