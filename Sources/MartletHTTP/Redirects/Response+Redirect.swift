extension Response {
    /// Sends the client to another URL.
    ///
    /// ```swift
    /// return try Response.redirect(to: "/posts/")
    /// return try Response.redirect(to: "/neu/", status: .movedPermanently)
    /// ```
    ///
    /// The target must not be text of a user: it may name any host. See ``redirect(toUserSupplied:for:allowedHosts:fallback:status:)``.
    ///
    /// - Parameters:
    ///   - target: A path, or a whole URL of `http` or `https`; characters beyond ASCII are encoded.
    ///   - status: 302 unless told; 303 after a form, 307 and 308 keep the method.
    /// - Throws: ``HTTPError`` 400 when the target has a control character (it would split the header), another scheme,
    ///   or more than 16,384 bytes.
    ///
    /// Source: [RFC 9110 §15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4).
    public static func redirect(to target: String, status: RedirectStatus = .found) throws(HTTPError) -> Response {
        guard target.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw HTTPError(.badRequest, "The target of the redirect has a control character.")
        }
        if let scheme = URLReference(target.trimmingBlanks()).scheme, scheme != "http", scheme != "https" {
            throw HTTPError(.badRequest, "The target of the redirect has the scheme '\(scheme)'; use http or https.")
        }
        let location = IRI.encode(target)
        guard location.utf8.count <= longestTarget else {
            throw HTTPError(.badRequest, "The target of the redirect is longer than \(longestTarget) bytes.")
        }
        var response = Response(status: status.status)
        response.headers.setUnchecked(.location, location)
        return response
    }

    /// Sends the client where it asks to go, as a login page does with `?next=`, unless that leads to another host:
    /// then to the fallback.
    ///
    /// ```swift
    /// return try .redirect(toUserSupplied: request.query["next"], for: request, fallback: "/")
    /// ```
    ///
    /// - Parameters:
    ///   - target: Text of a client; `nil` and an empty one lead to the fallback.
    ///   - request: What is answered, for its host and its scheme.
    ///   - allowedHosts: Hosts beside the request's own, with their ports, such as `forms.example.com`.
    ///   - fallback: A path or URL of the site's own.
    ///   - status: 302 unless told.
    /// - Throws: ``HTTPError`` 400 when the fallback is no target.
    public static func redirect(
        toUserSupplied target: String?, for request: Request, allowedHosts: Set<String> = [], fallback: String,
        status: RedirectStatus = .found
    ) throws(HTTPError) -> Response {
        let target = target?.trimmingBlanks() ?? ""
        guard request.allowsRedirect(to: target, allowedHosts: allowedHosts) else {
            return try redirect(to: fallback, status: status)
        }
        return try redirect(to: target, status: status)
    }

    /// The longest target, in bytes: what servers take of a request's target does not reach further. As Django's
    /// `MAX_URL_REDIRECT_LENGTH`.
    private static let longestTarget = 16_384
}
