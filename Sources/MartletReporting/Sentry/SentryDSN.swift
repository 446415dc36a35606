import MartletHTTP

/// Where a project of Sentry, or of a tracker that speaks its protocol, takes events:
/// `https://KEY@o1.ingest.sentry.io/42`.
///
/// Source: Sentry, [Envelopes](https://develop.sentry.dev/sdk/data-model/envelopes/).
public struct SentryDSN: Sendable, Hashable, CustomStringConvertible {
    /// The address that envelopes are sent to.
    public let envelopeURL: String

    /// Names the project's key; it lets whoever has it send events, and read none.
    public let publicKey: String

    /// The DSN as it was read, without a secret key, which is no longer used.
    public let description: String

    /// Reads a DSN.
    ///
    /// - Returns: `nil` for what is none.
    public init?(_ text: String) {
        guard let schemeEnd = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<schemeEnd.lowerBound]
        let rest = text[schemeEnd.upperBound...]
        guard scheme == "https" || scheme == "http", !text.contains(where: { "?#".contains($0) }),
            let at = rest.firstIndex(of: "@"), let slash = rest[at...].firstIndex(of: "/")
        else { return nil }
        let key = rest[..<at].prefix { $0 != ":" }
        let host = rest[rest.index(after: at)..<slash]
        let path = rest[slash...].split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard Self.isWord(key), RequestHost(String(host)) != nil, let project = path.last, Self.isWord(project),
            path.dropLast().allSatisfy(Self.isWord)
        else { return nil }
        let prefix = path.dropLast().map { "/\($0)" }.joined()
        publicKey = String(key)
        envelopeURL = "\(scheme)://\(host)\(prefix)/api/\(project)/envelope/"
        description = "\(scheme)://\(key)@\(host)\(prefix)/\(project)"
    }

    private static func isWord(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(\.isUnreservedByte)
    }
}
