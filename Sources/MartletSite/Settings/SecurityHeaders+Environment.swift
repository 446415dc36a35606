package import MartletMiddleware

extension SecurityHeaders {
    /// Reads the layer's settings, by Django's names.
    package init(_ reader: inout SettingsReader) {
        reader.section("HTTPS and headers that make browsers strict", for: .web)
        let seconds = reader.int(
            "SECURE_HSTS_SECONDS", default: 0, in: 0...315_360_000,
            about: "How many seconds browsers use nothing but HTTPS for this host; 0 says nothing about it.")
        let includesSubdomains = reader.bool(
            "SECURE_HSTS_INCLUDE_SUBDOMAINS", default: false, about: "Whether that counts for all hosts below it.")
        let preload = reader.bool(
            "SECURE_HSTS_PRELOAD", default: false, about: "Whether the host may be put on browsers' built-in lists.")
        let policy = StrictTransport(
            maxAge: .seconds(seconds), includesSubdomains: includesSubdomains, preload: preload)
        var layer = SecurityHeaders(
            strictTransport: seconds > 0 ? policy : nil,
            redirectsToHTTPS: reader.bool(
                "SECURE_SSL_REDIRECT", default: false, about: "Redirects requests over HTTP to HTTPS."),
            redirectHost: reader.host(
                "SECURE_SSL_HOST", about: "The host of that redirect; the one that was asked for unless told."),
            redirectExempt: reader.patterns(
                "SECURE_REDIRECT_EXEMPT", about: "Regular expressions, with commas, of paths without that redirect."
            ).map { .matching($0) })
        layer.refusesSniffing = reader.bool(
            "SECURE_CONTENT_TYPE_NOSNIFF", default: true, about: "X-Content-Type-Options: nosniff.")
        reader.read(
            "SECURE_REFERRER_POLICY", expected: "a referrer policy such as same-origin, several with commas, or off",
            into: &layer.referrerPolicy, default: "same-origin", about: "Referrer-Policy; off leaves it out.",
            Self.orOff { ReferrerPolicy($0) })
        reader.read(
            "SECURE_CROSS_ORIGIN_OPENER_POLICY",
            expected: "one of same-origin, same-origin-allow-popups, noopener-allow-popups, unsafe-none, off",
            into: &layer.crossOriginOpenerPolicy, default: "same-origin",
            about: "Cross-Origin-Opener-Policy; off leaves it out.", Self.orOff { OpenerPolicy($0) })
        reader.read(
            "X_FRAME_OPTIONS", expected: "one of DENY, SAMEORIGIN, off", into: &layer.frameOptions, default: "DENY",
            about: "Who may show pages in a frame; off leaves the header out.",
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
    mutating func patterns(_ name: String, about: String) -> [TextPattern] {
        list(name, expected: "regular expressions with commas between them", about: about) { try? TextPattern($0) }
    }
}
