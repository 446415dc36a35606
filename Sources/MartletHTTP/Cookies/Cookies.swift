/// The cookies that a client has sent.
///
/// ```swift
/// let theme = request.cookies["theme"] ?? "light"
/// ```
///
/// Read as leniently as Django reads them: a part without `=` is a value without a name, quoted values are unquoted,
/// and where a name stands twice the last one counts. (Browsers send the cookie with the longest path first.)
///
/// Source: [RFC 6265 §5.4](https://www.rfc-editor.org/rfc/rfc6265#section-5.4).
public struct Cookies: Sendable, Sequence {
    /// The values of the `Cookie` fields. They are searched anew for each name: most requests ask for two or three, and
    /// need no copy of the rest.
    private let fields: [String]

    init(fields: [String]) {
        self.fields = fields
    }

    /// The value of the last cookie of that name; `nil` when there is none.
    public subscript(_ name: String) -> String? {
        var found: Substring?
        for field in fields {
            for part in CookieParts(rest: field[...]) where part.name == name { found = part.value }
        }
        return found.map(CookieQuoting.unquote)
    }

    /// Iterates over the cookies in the order they were sent.
    public func makeIterator() -> IndexingIterator<[(name: String, value: String)]> {
        let pairs = fields.flatMap { field in
            CookieParts(rest: field[...]).map { (name: String($0.name), value: CookieQuoting.unquote($0.value)) }
        }
        return pairs.makeIterator()
    }
}

/// The parts of a `Cookie` field, one after the other.
private struct CookieParts: Sequence, IteratorProtocol {
    var rest: Substring

    mutating func next() -> (name: Substring, value: Substring)? {
        while !rest.isEmpty {
            let end = rest.utf8.firstIndex(of: UInt8(ascii: ";")) ?? rest.endIndex
            let part = rest[..<end]
            rest = end == rest.endIndex ? "" : rest[rest.utf8.index(after: end)...]
            let equals = part.utf8.firstIndex(of: UInt8(ascii: "="))
            let name = equals.map { part[..<$0].trimmed } ?? ""
            let value = (equals.map { part[part.utf8.index(after: $0)...] } ?? part).trimmed
            if !name.isEmpty || !value.isEmpty { return (name, value) }
        }
        return nil
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    fileprivate var trimmed: Substring {
        var trimmed = utf8
        while let first = trimmed.first, first == 0x20 || first == 0x09 { trimmed.removeFirst() }
        while let last = trimmed.last, last == 0x20 || last == 0x09 { trimmed.removeLast() }
        return Substring(trimmed)
    }
}

extension Request {
    /// The cookies that the client has sent.
    ///
    /// Read on every access: keep them in a variable to use them often.
    public var cookies: Cookies { Cookies(fields: headers.values(.cookie)) }
}
