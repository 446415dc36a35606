/// A source that a directive of a ``ContentSecurityPolicy`` allows: a keyword, a host, a scheme, a hash.
///
/// Source: [CSP Level 3 §2.3.1](https://www.w3.org/TR/CSP3/#framework-directive-source-list).
public struct PolicySource: Sendable, Hashable, LosslessStringConvertible, ExpressibleByStringLiteral {
    /// The source as it stands in the header.
    public let description: String

    private static let keywords: Set<String> = [
        "none", "self", "strict-dynamic", "unsafe-inline", "unsafe-eval", "unsafe-hashes", "wasm-unsafe-eval",
        "report-sample", "unsafe-allow-redirects", "inline-speculation-rules", "trusted-types-eval", "script",
        "allow-duplicates",
    ]

    /// Makes a source from a text such as `https://cdn.example.com`, `data:` or `'sha256-…'`.
    ///
    /// - Returns: `nil` for a text with white space, a comma, a semicolon or a control character; for one in quotes that is
    ///   neither a keyword nor a hash or nonce; and for a keyword without its quotes, which would be a host's name.
    public init?(_ text: String) {
        let isLegal = text.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && byte != UInt8(ascii: ";") && byte != UInt8(ascii: ",")
        }
        guard isLegal, !text.isEmpty else { return nil }
        if text.hasPrefix("'") || text.hasSuffix("'") {
            let word = text.dropFirst().dropLast()
            let hasLegalPrefix = ["sha256-", "sha384-", "sha512-", "nonce-"].contains(where: word.hasPrefix)
            guard text.utf8.count > 2, text.hasPrefix("'"), text.hasSuffix("'"), !word.contains("'"),
                hasLegalPrefix || Self.keywords.contains(word.lowercased())
            else { return nil }
        } else if text.contains("'") || Self.keywords.subtracting(["script"]).contains(text.lowercased()) {
            return nil
        }
        description = text
    }

    /// Makes a source from a literal; one that ``init(_:)`` would refuse stops the program the first time it runs: it is a
    /// mistake in the source, and no input can cause it.
    public init(stringLiteral literal: StaticString) {
        let text = String(describing: literal)
        // A literal is fixed when the program is written, so this cannot depend on what a client sends.
        precondition(
            PolicySource(text) != nil,
            "\(text.debugDescription) is no source of a policy. Write hosts and schemes as they are, keywords as .selfOrigin"
        )
        description = text
    }

    private init(known description: String) {
        self.description = description
    }

    /// `'self'`: the site itself.
    public static let selfOrigin = PolicySource(known: "'self'")
    /// `'none'`: nothing.
    public static let none = PolicySource(known: "'none'")
    /// What has the request's nonce: `<script nonce="{{ csp_nonce }}">`; see ``MartletHTTP/Request/cspNonce``.
    public static let nonce = PolicySource(known: "<nonce>")
    /// `'strict-dynamic'`: what scripts load that have a nonce or hash.
    public static let strictDynamic = PolicySource(known: "'strict-dynamic'")
    /// `'unsafe-inline'`: scripts and styles within the page, which is what a policy is there to prevent.
    public static let unsafeInline = PolicySource(known: "'unsafe-inline'")
    /// `'unsafe-eval'`: scripts made of texts.
    public static let unsafeEval = PolicySource(known: "'unsafe-eval'")
    /// `'unsafe-hashes'`: attributes such as `onclick` whose hash is listed.
    public static let unsafeHashes = PolicySource(known: "'unsafe-hashes'")
    /// `'wasm-unsafe-eval'`: WebAssembly.
    public static let wasmUnsafeEval = PolicySource(known: "'wasm-unsafe-eval'")
    /// `'report-sample'`: reports have the beginning of what was refused.
    public static let reportSample = PolicySource(known: "'report-sample'")
    /// `'script'`, of `require-trusted-types-for`.
    public static let script = PolicySource(known: "'script'")
}
