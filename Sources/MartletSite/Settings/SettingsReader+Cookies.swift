import MartletHTTP

extension SettingsReader {
    /// The attributes of a cookie, under Django's names: `SESSION_COOKIE_NAME` and so on.
    ///
    /// - Parameters:
    ///   - prefix: `SESSION_COOKIE`.
    ///   - cookie: The defaults; what does not fit stays as it is.
    mutating func cookie(_ prefix: String, into cookie: inout Cookie) {
        read("\(prefix)_NAME", expected: "letters, digits, '-' and '_'", into: &cookie.name) { text in
            HeaderName(text).map { _ in text }
        }
        read("\(prefix)_DOMAIN", expected: "a domain such as .example.org", into: &cookie.domain) { text in
            text.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: ";") } ? .some(text) : nil
        }
        read("\(prefix)_PATH", expected: "a path that begins with '/'", into: &cookie.path) { text in
            let isLegal = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: ";") }
            return text.hasPrefix("/") && isLegal ? text : nil
        }
        cookie.isSecure = bool("\(prefix)_SECURE", default: cookie.isSecure)
        cookie.isHTTPOnly = bool("\(prefix)_HTTPONLY", default: cookie.isHTTPOnly)
        let choices: KeyValuePairs<String, Cookie.SameSite?> = [
            "lax": .lax, "strict": .strict, "none": Cookie.SameSite.none, "false": nil,
        ]
        cookie.sameSite = choice("\(prefix)_SAMESITE", default: cookie.sameSite, choices)
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
        read(name, expected: expected, into: &age) { (text: String) -> Duration?? in
            if orBrowser, text.lowercased() == "browser" { return .some(nil) }
            if let seconds = Int(text), (0...10_000_000_000).contains(seconds) { return .seconds(seconds) }
            return Quantity.duration(text).map { .some($0) }
        }
    }
}
