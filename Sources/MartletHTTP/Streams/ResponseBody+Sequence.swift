extension ResponseBody {
    /// Content that comes piece by piece from a sequence, with back-pressure: the next piece is asked for when the
    /// connection can take it.
    ///
    /// ```swift
    /// Response(body: .stream(request.body))
    /// ```
    ///
    /// A sequence that throws, or that ends because the task was cancelled, breaks the response off, so that the client
    /// does not take a part for the whole.
    ///
    /// - Parameters:
    ///   - pieces: The content.
    ///   - length: The length in bytes when it is known; otherwise the body is sent chunked.
    public static func stream<Pieces: AsyncSequence & Sendable>(
        _ pieces: Pieces, length: Int? = nil
    ) -> ResponseBody where Pieces.Element == [UInt8] {
        .stream(length: length) { writer in
            for try await piece in pieces { try await writer.write(piece) }
            // A sequence that is cancelled may end as if it were complete.
            try Task.checkCancellation()
        }
    }

    /// Text that comes piece by piece from a sequence, sent as UTF-8, as ``stream(_:length:)`` sends bytes.
    public static func stream<Pieces: AsyncSequence & Sendable>(
        _ pieces: Pieces
    ) -> ResponseBody where Pieces.Element == String {
        .stream { writer in
            for try await piece in pieces { try await writer.write(piece) }
            try Task.checkCancellation()
        }
    }
}
