import MartletHTTP
public import MartletMiddleware

extension CSRFProtection {
    /// Reads Django's settings whose names begin with `CSRF_`; `Docs/middleware.md` lists them.
    ///
    /// What does not fit is reported to the reader, and the default stands.
    public init(_ reader: inout SettingsReader) {
        reader.section("Forms", for: .web)
        self.init(
            trustedOrigins: reader.list(
                "CSRF_TRUSTED_ORIGINS", expected: "origins such as https://example.org",
                about: "Origins that may send forms although they are not the host itself, with commas, such as "
                    + "https://blog.example.org behind a proxy that ends TLS."
            ) { TrustedOrigin($0) })
        reader.cookie("CSRF_COOKIE", into: &cookie, of: "forms")
        reader.cookieAge("CSRF_COOKIE_AGE", into: &cookie.maxAge, orBrowser: true)
        reader.read(
            "CSRF_HEADER_NAME", expected: "a header's name, such as X-CSRFToken or Django's HTTP_X_CSRFTOKEN",
            into: &headerName, default: "X-CSRFToken", about: "The header in which scripts send the token of forms."
        ) { HeaderName(Self.headerName($0)) }
        usesSessions = reader.bool(
            "CSRF_USE_SESSIONS", default: false,
            about: "Whether the secret of forms is kept in sessions, not in a cookie.")
    }

    /// Django writes header names as WSGI does: `HTTP_X_CSRFTOKEN`.
    private static func headerName(_ text: String) -> String {
        guard text.hasPrefix("HTTP_") else { return text }
        return String(text.dropFirst(5).map { $0 == "_" ? "-" : $0 })
    }
}
