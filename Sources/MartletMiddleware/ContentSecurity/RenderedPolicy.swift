import MartletHTTP

/// A policy as text, made once; only a nonce is put in for each request.
struct RenderedPolicy: Sendable {
    /// The text for a response whose page has no nonce; `nil` for a policy that says nothing.
    private let plain: String?

    /// The text in parts, between which the nonce goes; empty when no nonce is used.
    private let parts: [String]

    var usesNonce: Bool { !parts.isEmpty }

    init(_ policy: ContentSecurityPolicy) {
        let plain = policy.text()
        self.plain = plain.isEmpty ? nil : plain
        // No source or directive can hold the mark: a quote stands at the ends of a source only.
        let mark = "'"
        parts = policy.usesNonce ? Self.split(policy.text(nonce: mark), at: "'nonce-\(mark)'") : []
    }

    func text(nonce: String?) -> String? {
        guard let nonce, usesNonce else { return plain }
        return parts.joined(separator: "'nonce-\(nonce)'")
    }

    private static func split(_ text: String, at mark: String) -> [String] {
        var parts: [String] = []
        var rest = text[...]
        while let range = rest.firstRange(of: mark) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
