package import MartletMiddleware

extension SecurityHeaders {
    /// Reads the layer's settings, by Django's names.
    package init(_ reader: inout SettingsReader) {
        let seconds = reader.int("SECURE_HSTS_SECONDS", default: 0, in: 0...315_360_000)
        let includesSubdomains = reader.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default: false)
        let preload = reader.bool("SECURE_HSTS_PRELOAD", default: false)
        let policy = StrictTransport(
            maxAge: .seconds(seconds), includesSubdomains: includesSubdomains, preload: preload)
        var layer = SecurityHeaders(
            strictTransport: seconds > 0 ? policy : nil,
            redirectsToHTTPS: reader.bool("SECURE_SSL_REDIRECT", default: false),
            redirectHost: reader.host("SECURE_SSL_HOST"),
            redirectExempt: reader.patterns("SECURE_REDIRECT_EXEMPT").map { .matching($0) })
        layer.refusesSniffing = reader.bool("SECURE_CONTENT_TYPE_NOSNIFF", default: true)
        reader.read(
            "SECURE_REFERRER_POLICY", expected: "a referrer policy such as same-origin, several with commas, or off",
            into: &layer.referrerPolicy, Self.orOff { ReferrerPolicy($0) })
        reader.read(
            "SECURE_CROSS_ORIGIN_OPENER_POLICY",
            expected: "one of same-origin, same-origin-allow-popups, noopener-allow-popups, unsafe-none, off",
            into: &layer.crossOriginOpenerPolicy, Self.orOff { OpenerPolicy($0) })
        reader.read(
            "X_FRAME_OPTIONS", expected: "one of DENY, SAMEORIGIN, off", into: &layer.frameOptions,
            Self.orOff { FrameOptions(rawValue: $0.uppercased()) })
        // Set in one go: within an initializer the properties would not be seen to change.
        self = layer
    }

    /// Reads a value, or the word that stands for none: an empty variable counts as not set.
    private static func orOff<Value>(_ read: @escaping (String) -> Value?) -> (String) -> Value?? {
        { text in text.lowercased() == "off" ? .some(nil) : read(text).map { .some($0) } }
    }
}

extension SettingsReader {
    /// Regular expressions between commas.
    mutating func patterns(_ name: String) -> [TextPattern] {
        list(name, expected: "regular expressions with commas between them") { try? TextPattern($0) }
    }
}
