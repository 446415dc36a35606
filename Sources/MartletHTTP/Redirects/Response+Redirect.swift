extension Response {
    /// Sends the client to another URL.
    ///
    /// ```swift
    /// return try Response.redirect(to: "/posts/")
    /// return try Response.redirect(to: "/neu/", status: .movedPermanently)
    /// ```
    ///
    /// The target must not be text of a user: it may name any host.
    ///
    /// - Parameters:
    ///   - target: A path, or a whole URL of `http` or `https`; characters beyond ASCII are encoded.
    ///   - status: 302 unless told; 303 after a form, 307 and 308 keep the method.
    /// - Throws: ``HTTPError`` 400 when the target has a control character (it would split the header), or another
    ///   scheme.
    ///
    /// Source: [RFC 9110 §15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4).
    public static func redirect(to target: String, status: HTTPStatus = .found) throws(HTTPError) -> Response {
        guard target.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw HTTPError(.badRequest, "The target of the redirect has a control character.")
        }
        if let scheme = scheme(of: target), scheme != "http", scheme != "https" {
            throw HTTPError(.badRequest, "The target of the redirect has the scheme '\(scheme)'; use http or https.")
        }
        var response = Response(status: status)
        response.headers.setUnchecked(.location, IRI.encode(target))
        return response
    }

    /// What stands before the first `:`, when it stands before any `/`, `?` or `#`.
    private static func scheme(of target: String) -> String? {
        guard let end = target.firstIndex(where: { ":/?#".contains($0) }), target[end] == ":" else { return nil }
        return target[..<end].lowercased().trimmingBlanks()
    }
}
