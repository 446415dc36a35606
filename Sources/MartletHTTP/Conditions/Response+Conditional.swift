public import FoundationEssentials

extension Response {
    /// The same response with its validators; or 304 where the client has this version already, and 412 where it counts
    /// on another one.
    ///
    /// ```swift
    /// let response = try render(request, "blog/post_detail.html", ["post": post])
    /// return response.conditional(to: request, etag: EntityTag(opaque: post.revision), lastModified: post.updatedAt)
    /// ```
    ///
    /// It saves sending the content; ``conditional(_:etag:lastModified:)`` saves making it. Where a request changes
    /// something, only that one comes in time. A response that is no success stays as it is.
    ///
    /// - Parameters:
    ///   - request: What is answered.
    ///   - etag: Names this version; the one that the response has already counts first.
    ///   - lastModified: When the version came to be; fractions of a second do not count.
    ///
    /// Source: [RFC 9110 §13](https://www.rfc-editor.org/rfc/rfc9110#section-13).
    public func conditional(
        to request: Request, etag: EntityTag? = nil, lastModified: Date? = nil
    ) -> Response {
        guard status.isSuccess else { return self }
        let tag = headers[.eTag].flatMap(EntityTag.init) ?? etag
        let date = headers[.lastModified].flatMap(Date.init(httpDate:)) ?? lastModified
        let current = Validators(eTag: tag, lastModified: date)
        switch request.preconditionOutcome(for: current) {
        case .met: return validated(by: current, for: request)
        case .notModified: return validated(by: current, for: request).asNotModified()
        case .failed: return Response(HTTPError.anotherVersion.message, status: .preconditionFailed)
        }
    }

    /// The response with `ETag` and `Last-Modified`, where it has none of its own and the request only reads.
    func validated(by current: Validators, for request: Request) -> Response {
        guard request.method == .get || request.method == .head else { return self }
        var response = self
        if let tag = current.eTag, !headers.contains(.eTag) { response.headers.setUnchecked(.eTag, tag.description) }
        if let date = current.lastModified, !headers.contains(.lastModified) {
            response.headers.setUnchecked(.lastModified, date.httpDate)
        }
        return response
    }

    /// The response as 304: no content, and of the fields those that tell about what the client has, and cookies.
    ///
    /// Source: [RFC 9110 §15.4.5](https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5).
    func asNotModified() -> Response {
        var response = Response(status: .notModified)
        response.storage = storage
        for field in headers where Self.fieldsOfNotModified.contains(field.name) {
            response.headers.addUnchecked(field.name, field.value)
        }
        return response
    }

    private static let fieldsOfNotModified: Set<HeaderName> = [
        .cacheControl, HeaderName(unchecked: "Content-Location"), .date, .eTag, .expires, .lastModified, .setCookie,
        .vary,
    ]
}

extension HTTPError {
    /// The client counts on another version than there is.
    static let anotherVersion = HTTPError(
        .preconditionFailed, "The page has another version than the request counts on. Load it again.")
}
