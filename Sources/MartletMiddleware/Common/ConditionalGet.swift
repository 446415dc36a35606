import FoundationEssentials
import MartletCrypto
public import MartletHTTP

/// Answers 304 where the client has the current version: gives answers an `ETag` made of their content, and compares what
/// the request asks for.
///
/// The view runs all the same; what is saved is the content on the wire. A view that knows its version beforehand saves
/// itself the work: see `Request.preconditionOutcome(for:)`.
///
/// | answer to a GET | gets |
/// | --- | --- |
/// | 200 with content in memory | an `ETag`, unless it has one or is `Cache-Control: no-store` |
/// | a success with `ETag` or `Last-Modified` | 304 or 412 where the request's conditions say so |
/// | a stream or a file without either | nothing |
///
/// Source: Django, [`ConditionalGetMiddleware`](https://docs.djangoproject.com/en/5.2/ref/middleware/#conditional-get-middleware).
public struct ConditionalGet: OrderedMiddleware {
    /// Makes the layer.
    public init() {}

    /// Answers the request, or says that nothing has changed.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        var response = try await next(request)
        // It is too late to keep another method from doing its work.
        guard request.method == .get, response.status.isSuccess else { return response }
        if response.status == .ok, let bytes = response.body.bytes, !bytes.isEmpty, !response.headers.contains(.eTag),
            !response.forbidsStoring
        {
            // Half of the digest: 128 bits are more than enough to tell versions apart.
            let tag = Base64URL.encode(try Digest.sha256(of: bytes).prefix(16))
            response.headers.addMissing([Headers.Field(name: .eTag, value: "\"\(tag)\"")])
        }
        let validators = response.validators
        guard validators.eTag != nil || validators.lastModified != nil else { return response }
        switch request.preconditionOutcome(for: validators) {
        case .met: return response
        case .notModified: return response.notModified()
        case .failed: throw HTTPError(.preconditionFailed, "The page has another version than the request counts on.")
        }
    }
}

extension Response {
    fileprivate var forbidsStoring: Bool {
        headers.values(.cacheControl).contains { field in
            field.split(at: ",").contains { $0.trimmingBlanks().lowercased() == "no-store" }
        }
    }

    fileprivate var validators: Validators {
        Validators(
            eTag: headers[.eTag].flatMap { EntityTag($0) },
            lastModified: headers[.lastModified].flatMap { Date(httpDate: $0) })
    }

    /// The answer without its content, and without what describes the content: the client has both.
    ///
    /// A content security policy goes with the content, too: its nonce is that of the page that the client has kept.
    ///
    /// Source: [RFC 9110 §15.4.5](https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5).
    fileprivate func notModified() -> Response {
        var response = self
        response.status = .notModified
        response.body = .empty
        for field in headers where field.name.canonicalName.hasPrefix("content-") {
            if field.name.canonicalName != "content-location" { response.headers.remove(field.name) }
        }
        return response
    }
}
