/// The origins whose pages may read a site's answers.
struct AllowedOrigins: Sendable {
    /// As they are written, but for the case of scheme and host.
    private let exact: Set<String>
    private let wild: [TrustedOrigin]
    private let patterns: [TextPattern]

    init(_ origins: [String], _ patterns: [TextPattern]) throws(CORSOriginError) {
        var exact: Set<String> = []
        var wild: [TrustedOrigin] = []
        for text in origins {
            // What browsers send for a page without an origin, and Chrome on Android for a file.
            if text == "null" || text == "file://" {
                exact.insert(text)
                continue
            }
            guard let origin = TrustedOrigin(text) else { throw CORSOriginError(origin: text) }
            if origin.suffix == nil { exact.insert(text.lowercased()) } else { wild.append(origin) }
        }
        self.exact = exact
        self.wild = wild
        self.patterns = patterns
    }

    /// Whether an `Origin` field, which browsers write in lower case, names one of them.
    func contains(_ origin: String) -> Bool {
        exact.contains(origin) || wild.contains { $0.matches(origin: origin) }
            || patterns.contains { $0.begins(origin) }
    }
}

/// A text that is to be an allowed origin, and is none.
public struct CORSOriginError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text.
    public let origin: String

    /// What is wrong, and what to do.
    public var description: String {
        "\(origin.debugDescription) is no origin that CORS could allow. Write scheme and host, and nothing behind them: "
            + "https://example.com, https://*.example.com, http://localhost:3000."
    }
}
