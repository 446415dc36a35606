import MartletHTTP

extension SettingsReader {
    /// The attributes of a cookie, under Django's names: `SESSION_COOKIE_NAME` and so on.
    ///
    /// - Parameters:
    ///   - prefix: `SESSION_COOKIE`.
    ///   - cookie: The defaults; what does not fit stays as it is.
    ///   - use: What the cookie is for: `sessions`.
    mutating func cookie(_ prefix: String, into cookie: inout Cookie, of use: String) {
        read(
            "\(prefix)_NAME", expected: "letters, digits, '-' and '_'", into: &cookie.name, default: cookie.name,
            about: "The name of the cookie of \(use)."
        ) { text in
            HeaderName(text).map { _ in text }
        }
        read(
            "\(prefix)_DOMAIN", expected: "a domain such as .example.org", into: &cookie.domain,
            about: "The domain whose hosts get that cookie; the host alone unless told."
        ) { text in
            text.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: ";") } ? .some(text) : nil
        }
        read(
            "\(prefix)_PATH", expected: "a path that begins with '/'", into: &cookie.path, default: cookie.path,
            about: "The path below which it is sent."
        ) { text in
            let isLegal = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: ";") }
            return text.hasPrefix("/") && isLegal ? text : nil
        }
        cookie.isSecure = bool(
            "\(prefix)_SECURE", default: cookie.isSecure,
            about: "Whether it is sent over HTTPS only; true wherever the site has it.")
        cookie.isHTTPOnly = bool(
            "\(prefix)_HTTPONLY", default: cookie.isHTTPOnly, about: "Whether it is hidden from scripts.")
        let choices: KeyValuePairs<String, Cookie.SameSite?> = [
            "lax": .lax, "strict": .strict, "none": Cookie.SameSite.none, "false": nil,
        ]
        cookie.sameSite = choice(
            "\(prefix)_SAMESITE", default: cookie.sameSite, choices,
            about: "Whether requests that other sites cause carry it: lax, strict or none; false says nothing.")
        if cookie.sameSite == Cookie.SameSite.none, !cookie.isSecure {
            report("\(prefix)_SAMESITE", expected: "Lax or Strict unless \(prefix)_SECURE is true")
        }
    }

    /// How long a cookie is kept: whole seconds, as in Django, or a number with a unit.
    ///
    /// - Parameter orBrowser: Whether it may end with the browser, which is written `browser`.
    mutating func cookieAge(_ name: String, into age: inout Duration?, orBrowser: Bool) {
        let expected =
            "a number of seconds, or one with a unit such as 336h" + (orBrowser ? ", or browser to end with it" : "")
        let standard = age.map { "\($0.components.seconds)" }
        read(
            name, expected: expected, into: &age, default: standard,
            about:
                "How long it is kept: seconds, or a number with a unit\(orBrowser ? "; browser to end with it" : "")."
        ) { (text: String) -> Duration?? in
            if orBrowser, text.lowercased() == "browser" { return .some(nil) }
            if let seconds = Int(text), (0...10_000_000_000).contains(seconds) { return .seconds(seconds) }
            return Quantity.duration(text).map { .some($0) }
        }
    }
}
