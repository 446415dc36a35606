import MartletHTTP

/// How much of a page's address browsers tell the pages it links to.
///
/// Source: [Referrer Policy §3](https://www.w3.org/TR/referrer-policy/#referrer-policies).
public struct ReferrerPolicy: Sendable, Hashable, LosslessStringConvertible {
    /// One policy, or several with commas: a browser takes the last that it knows.
    public let description: String

    private static let known = [
        "no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "same-origin",
        "strict-origin", "strict-origin-when-cross-origin", "unsafe-url",
    ]

    /// Reads a policy, or several with commas between them.
    ///
    /// - Returns: `nil` when one of them is none that browsers know.
    public init?(_ description: String) {
        let policies = description.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingBlanks() }
        guard policies.allSatisfy(Self.known.contains) else { return nil }
        self.description = policies.joined(separator: ",")
    }

    private init(known description: String) {
        self.description = description
    }

    /// The address goes to pages of the same origin only: what Django sends.
    public static let sameOrigin = ReferrerPolicy(known: "same-origin")
    /// Nothing is told.
    public static let noReferrer = ReferrerPolicy(known: "no-referrer")
    /// The origin, and nothing when leaving HTTPS.
    public static let strictOrigin = ReferrerPolicy(known: "strict-origin")
    /// The address to the same origin, the origin to others, and nothing when leaving HTTPS: what browsers do unasked.
    public static let strictOriginWhenCrossOrigin = ReferrerPolicy(known: "strict-origin-when-cross-origin")
}
