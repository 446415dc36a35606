import MartletHTTP

/// A site whose forms may be sent here: `https://example.com`, or `https://*.example.com` for all below it.
///
/// Source: Django, [`CSRF_TRUSTED_ORIGINS`](https://docs.djangoproject.com/en/5.2/ref/settings/#csrf-trusted-origins).
public struct TrustedOrigin: Sendable, Hashable, LosslessStringConvertible {
    /// The origin as it was written.
    public let description: String

    let parts: OriginParts
    /// What the host must end with, with its dot; `nil` for one host.
    let suffix: String?

    /// Reads an origin.
    ///
    /// - Returns: `nil` when there is no scheme, no host, a path, or a `*` that does not stand for a whole label.
    public init?(_ description: String) {
        guard let parts = OriginParts(description), !parts.hasMore, !parts.authority.isEmpty else { return nil }
        let rest = parts.authority.hasPrefix("*.") ? parts.authority.dropFirst(2) : parts.authority[...]
        guard !rest.contains("*"), !rest.isEmpty else { return nil }
        self.description = description
        self.parts = parts
        suffix = parts.authority.hasPrefix("*.") ? "." + rest.lowercased() : nil
    }

    /// Whether an `Origin` field names this origin.
    package func matches(origin: String) -> Bool {
        OriginParts(origin).map { !$0.hasMore && matches($0) } ?? false
    }

    /// Whether the origin is that of `other`.
    func matches(_ other: OriginParts) -> Bool {
        parts.scheme == other.scheme && matches(authority: other.authority)
    }

    /// Whether host and port are those of the origin.
    func matches(authority: String) -> Bool {
        guard let suffix else { return authority == parts.authority.lowercased() }
        return authority.hasSuffix(suffix) || authority == suffix.dropFirst()
    }
}

/// The beginning of a URL.
struct OriginParts: Sendable, Hashable {
    /// In lower case.
    let scheme: String
    /// Host and port.
    let authority: String
    /// Whether a path, query or fragment follows.
    let hasMore: Bool

    /// Reads `scheme://host:port…`; `nil` for another text, and for brackets that do not hold an address.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://"), colon > text.startIndex else {
            return nil
        }
        let rest = text[colon...].dropFirst(3)
        let end = rest.firstIndex { "/?#\\".contains($0) } ?? rest.endIndex
        let authority = rest[..<end]
        guard authority.contains("[") == authority.contains("]") else { return nil }
        scheme = text[..<colon].lowercased()
        self.authority = String(authority)
        hasMore = end < rest.endIndex
    }
}

/// The site's trusted origins, in a request's storage: for views that check `Origin` themselves.
package enum TrustedOrigins: RequestStorageKey {
    package typealias Value = [TrustedOrigin]
}
