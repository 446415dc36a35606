import MartletLogging

/// The names whose values no page and no report shows.
package enum HiddenNames {
    /// What stands in the place of a value.
    package static let placeholder = "[hidden]"

    /// Names that are too short, or too much like other words, for a rule about what a name contains.
    private static let whole: Set<String> = [
        "auth", "code", "cvc", "cvv", "key", "messages", "otp", "pass", "pin", "pwd", "sid", "sig", "signature",
    ]

    /// Whether values of a name are hidden: those that the log redacts, and a few more.
    package static func contains(_ name: String) -> Bool {
        SecretNames.matches(name) || whole.contains(name.lowercased())
    }

    /// The value, or what stands in its place.
    package static func shown(_ value: String, under name: String) -> String {
        contains(name) ? placeholder : value
    }
}
