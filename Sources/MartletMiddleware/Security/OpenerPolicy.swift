/// Whether pages of other origins that open this site's, or are opened by them, share their window's group with it.
///
/// Source: [HTML, §7.1.3](https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies).
public struct OpenerPolicy: Sendable, Hashable, LosslessStringConvertible {
    /// The policy as it stands in the header.
    public let description: String

    /// Reads a policy; `nil` for a text that is none that browsers know.
    public init?(_ description: String) {
        let known: [OpenerPolicy] = [.sameOrigin, .sameOriginAllowPopups, .noopenerAllowPopups, .unsafeNone]
        guard let policy = known.first(where: { $0.description == description }) else { return nil }
        self = policy
    }

    private init(known description: String) {
        self.description = description
    }

    /// With no other origin: what Django sends.
    public static let sameOrigin = OpenerPolicy(known: "same-origin")
    /// With windows that the page itself opens, such as those of a payment service.
    public static let sameOriginAllowPopups = OpenerPolicy(known: "same-origin-allow-popups")
    /// With no window that opens the page, not even of the same origin.
    public static let noopenerAllowPopups = OpenerPolicy(known: "noopener-allow-popups")
    /// With all.
    public static let unsafeNone = OpenerPolicy(known: "unsafe-none")
}
