extension Response {
    /// Makes a response of the bytes of a sequence, sent as they come.
    ///
    /// ```swift
    /// Response.stream(backup.pieces, contentType: .octetStream)
    /// ```
    ///
    /// - Parameters:
    ///   - pieces: The content; asked for its next piece when the connection can take it.
    ///   - contentType: `application/octet-stream` unless told.
    ///   - length: The length in bytes when it is known; otherwise the body is sent chunked.
    ///   - status: 200 unless told.
    public static func stream<Pieces: AsyncSequence & Sendable>(
        _ pieces: Pieces, contentType: MediaType = .octetStream, length: Int? = nil, status: HTTPStatus = .ok
    ) -> Response where Pieces.Element == [UInt8] {
        streamed(.stream(pieces, length: length), contentType, status)
    }

    /// Makes a response of the text of a sequence, sent as it comes, in UTF-8.
    ///
    /// - Parameters:
    ///   - pieces: The content; asked for its next piece when the connection can take it.
    ///   - contentType: Plain text unless told.
    ///   - status: 200 unless told.
    public static func stream<Pieces: AsyncSequence & Sendable>(
        _ pieces: Pieces, contentType: MediaType = .plainText, status: HTTPStatus = .ok
    ) -> Response where Pieces.Element == String {
        streamed(.stream(pieces), contentType, status)
    }

    /// Makes a response that a closure writes piece by piece.
    ///
    /// ```swift
    /// Response.stream(contentType: .plainText) { writer in
    ///     for try await row in rows { try await writer.write(row.line) }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - contentType: `application/octet-stream` unless told.
    ///   - length: The length in bytes when it is known; otherwise the body is sent chunked.
    ///   - status: 200 unless told.
    ///   - write: Writes the content; a write returns when the connection can take more.
    public static func stream(
        contentType: MediaType = .octetStream, length: Int? = nil, status: HTTPStatus = .ok,
        _ write: @escaping @Sendable (ResponseBodyWriter) async throws -> Void
    ) -> Response {
        streamed(.stream(length: length, write), contentType, status)
    }

    private static func streamed(_ body: ResponseBody, _ type: MediaType, _ status: HTTPStatus) -> Response {
        var response = Response(status: status, body: body)
        response.headers.setUnchecked(.contentType, type.description)
        return response
    }
}
