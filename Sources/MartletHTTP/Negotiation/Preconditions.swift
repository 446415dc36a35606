public import FoundationEssentials

extension Request {
    /// Whether the copy that the client has is current, so that 304 will do.
    ///
    /// `If-None-Match` decides when it is present, else `If-Modified-Since`; both only for GET and HEAD.
    ///
    /// - Parameters:
    ///   - eTag: The entity tag of what would be sent, with its quotes.
    ///   - lastModified: When it was last changed; fractions of a second do not count.
    ///
    /// Source: [RFC 9110 §13.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2).
    public func hasCurrentCopy(eTag: String?, lastModified: Date?) -> Bool {
        guard method == .get || method == .head else { return false }
        let tags = headers.values(.ifNoneMatch)
        if !tags.isEmpty {
            guard let eTag else { return false }
            return tags.contains { $0.trimmingBlanks() == "*" || Self.list($0, contains: eTag) }
        }
        guard let lastModified, let since = headers[.ifModifiedSince].flatMap({ Date(httpDate: $0) }) else {
            return false
        }
        return lastModified.timeIntervalSince1970.rounded(.down) <= since.timeIntervalSince1970
    }

    /// Whether a list of entity tags has one; compared weakly, as `If-None-Match` asks for.
    private static func list(_ field: String, contains eTag: String) -> Bool {
        let strong = eTag.hasPrefix("W/") ? eTag.dropFirst(2) : eTag[...]
        var rest = field[...]
        while let open = rest.firstIndex(of: "\"") {
            guard let close = rest[rest.index(after: open)...].firstIndex(of: "\"") else { return false }
            if rest[open...close] == strong { return true }
            rest = rest[rest.index(after: close)...]
        }
        return false
    }
}
