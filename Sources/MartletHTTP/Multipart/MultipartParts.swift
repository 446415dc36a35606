extension Request {
    /// The parts of a multipart form as they arrive, with back-pressure: nothing is kept in memory or written to disk.
    ///
    /// ```swift
    /// for try await part in try request.multipart() {
    ///     guard part.fileName != nil else { continue }
    ///     for try await chunk in part.body { digest.update(chunk) }
    /// }
    /// ```
    ///
    /// Content that is not read is skipped when the next part is asked for. For a form that fits into memory, and files
    /// that are to be kept, there is ``form()``.
    ///
    /// - Throws: ``HTTPError``: 415 when the content is no `multipart/form-data`, 400 when its boundary is missing or not
    ///   allowed. The sequence throws 400 for a broken form and 413 beyond a limit of ``RequestLimits``.
    ///
    /// Source: [RFC 7578](https://www.rfc-editor.org/rfc/rfc7578).
    public func multipart() throws(HTTPError) -> MultipartParts {
        MultipartParts(reader: MultipartReader(try MultipartCursor(self), body.rules))
    }
}

/// The parts of a multipart form, in order; read once.
public struct MultipartParts: Sendable, AsyncSequence {
    let reader: MultipartReader

    /// Iterates over the parts as they arrive.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: reader) }

    /// Delivers the parts of a form.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let reader: MultipartReader

        /// The next part; `nil` at the end.
        ///
        /// - Throws: ``HTTPError`` for a form that is broken, too large, or breaks off.
        public func next() async throws -> MultipartPart? { try await reader.nextPart() }
    }
}
