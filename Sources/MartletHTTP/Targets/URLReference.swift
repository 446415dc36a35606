/// The parts of an address, whole or relative to another.
///
/// Its bytes are looked at and not its characters: a slash with a combining mark behind it is another character, but
/// still a slash for everybody who reads the address.
///
/// Source: [RFC 3986 §4.1, appendix B](https://www.rfc-editor.org/rfc/rfc3986#appendix-B).
package struct URLReference: Sendable, Hashable {
    /// In lower case; `nil` when there is none.
    package var scheme: String?
    /// What stands between `//` and the path: the host with its port; `nil` when there is no `//`.
    package var authority: String?
    /// The path; may be empty.
    package var path: String
    /// The query with its `?` and the fragment with its `#`; may be empty.
    package var rest: String

    /// Takes an address apart; every text is one.
    package init(_ address: String) {
        var rest = address[...].utf8
        let name = rest.prefix { $0 != UInt8(ascii: ":") }
        if name.endIndex != rest.endIndex, Self.isScheme(name) {
            scheme = String(Substring(name)).lowercased()
            rest = rest[name.endIndex...].dropFirst()
        }
        if rest.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")]) {
            let authority = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") && !$0.endsPath }
            self.authority = String(Substring(authority))
            rest = rest[authority.endIndex...]
        }
        let path = rest.prefix { !$0.endsPath }
        self.path = String(Substring(path))
        self.rest = String(Substring(rest[path.endIndex...]))
    }

    private static func isScheme(_ text: Substring.UTF8View) -> Bool {
        guard let first = text.first, (0x61...0x7A).contains(first | 0x20) else { return false }
        return text.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E].contains(byte)
        }
    }

    /// The path without `.` and `..`, each `..` with the name before it.
    ///
    /// Source: [RFC 3986 §5.2.4](https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4).
    package static func removingDots(_ path: String) -> String {
        guard path.utf8.contains(UInt8(ascii: ".")) else { return path }
        var names: [String] = []
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for part in parts.map({ String(Substring($0)) }) {
            switch part {
            case ".": continue
            // The empty name before the first slash stays.
            case "..": if names.count > 1 { names.removeLast() }
            default: names.append(part)
            }
        }
        if let last = parts.last.map({ String(Substring($0)) }), last == "." || last == ".." { names.append("") }
        return names.joined(separator: "/")
    }
}

extension UInt8 {
    fileprivate var endsPath: Bool { self == UInt8(ascii: "?") || self == UInt8(ascii: "#") }
}

extension Request {
    /// A whole URL of this site, for mails and feeds.
    ///
    /// ```swift
    /// try request.absoluteURL(for: "/posts/1/")   // "https://example.com/posts/1/"
    /// try request.absoluteURL()                   // the URL of this request, with its query
    /// ```
    ///
    /// - Parameter location: A path that begins with `/`, or one relative to the request's own, with or without a query;
    ///   a whole URL stays as it is, and `//host/path` gets the request's scheme. `nil` for the request's own.
    /// - Throws: ``HTTPError`` 400 when the request has no valid host.
    ///
    /// Source: Django,
    /// [`build_absolute_uri()`](https://docs.djangoproject.com/en/5.2/ref/request-response/#django.http.HttpRequest.build_absolute_uri).
    public func absoluteURL(for location: String? = nil) throws(HTTPError) -> String {
        guard let location else {
            return "\(scheme)://\(try host)\(Self.encodedPath(path))\(queryString.isEmpty ? "" : "?")\(queryString)"
        }
        let reference = URLReference(location)
        if reference.scheme != nil { return IRI.encode(location) }
        if let authority = reference.authority, !authority.isEmpty { return scheme + ":" + IRI.encode(location) }
        let root = "\(scheme)://\(try host)"
        if reference.path.isEmpty {
            return root + Self.encodedPath(path) + IRI.encode(reference.rest)
        }
        // As a browser would: relative to the directory of the current path.
        let directory = path.utf8[...(path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex)]
        let whole =
            reference.path.utf8.first == UInt8(ascii: "/")
            ? reference.path : Self.encodedPath(String(Substring(directory))) + reference.path
        return root + IRI.encode(URLReference.removingDots(whole) + reference.rest)
    }

    /// Two slashes behind a host mean no other host, so they stay.
    private static func encodedPath(_ path: String) -> String {
        path.utf8.allSatisfy(\.isPathByte) ? path : PercentCoding.encode(path.utf8, keeping: \.isPathByte)
    }
}
