public import MartletHTTP

/// Tells browsers to be strict, and sends clients to HTTPS where that is configured.
///
/// A header that a view has set stays as it is.
///
/// Source: Django, [security middleware](https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.security)
/// and [clickjacking protection](https://docs.djangoproject.com/en/5.2/ref/clickjacking/).
public struct SecurityHeaders: Middleware {
    /// How long browsers use nothing but HTTPS for this host.
    ///
    /// Source: [RFC 6797](https://www.rfc-editor.org/rfc/rfc6797).
    public struct StrictTransport: Sendable, Hashable {
        /// How long, in whole seconds. Start with an hour: browsers cannot be told to forget it by a site that is
        /// broken under HTTPS.
        public var maxAge: Duration
        /// Whether it counts for all hosts below this one.
        public var includesSubdomains: Bool
        /// Whether the site may be put on browsers' built-in lists.
        public var preload: Bool

        /// Makes a policy.
        public init(maxAge: Duration, includesSubdomains: Bool = false, preload: Bool = false) {
            self.maxAge = maxAge
            self.includesSubdomains = includesSubdomains
            self.preload = preload
        }

        var fieldValue: String {
            "max-age=\(maxAge.components.seconds)" + (includesSubdomains ? "; includeSubDomains" : "")
                + (preload ? "; preload" : "")
        }
    }

    /// `Strict-Transport-Security`, sent over HTTPS only.
    public var strictTransport: StrictTransport?
    /// Whether requests over HTTP are redirected (301); see ``redirectExemptPrefixes``.
    public var redirectsToHTTPS: Bool
    /// The host to redirect to; the one the client asked for unless told.
    public var redirectHost: String?
    /// Paths that begin like this are served over HTTP too, such as `/live/` for a probe.
    public var redirectExemptPrefixes: [String]
    /// `Referrer-Policy`; `nil` leaves it out.
    public var referrerPolicy: String? = "same-origin"
    /// `Cross-Origin-Opener-Policy`; `nil` leaves it out.
    public var crossOriginOpenerPolicy: String? = "same-origin"
    /// `X-Frame-Options`; `nil` leaves it out.
    public var frameOptions: String? = "DENY"
    /// `X-Content-Type-Options: nosniff`.
    public var refusesSniffing = true

    /// Makes the layer with Django's defaults.
    public init(
        strictTransport: StrictTransport? = nil, redirectsToHTTPS: Bool = false, redirectHost: String? = nil,
        redirectExemptPrefixes: [String] = []
    ) {
        self.strictTransport = strictTransport
        self.redirectsToHTTPS = redirectsToHTTPS
        self.redirectHost = redirectHost
        self.redirectExemptPrefixes = redirectExemptPrefixes
    }

    /// Redirects, or answers with the headers.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        if redirectsToHTTPS, !request.isSecure, !redirectExemptPrefixes.contains(where: request.path.hasPrefix) {
            return try redirect(request)
        }
        var response = try await next(request)
        if let strictTransport, request.isSecure {
            try response.setDefault(.strictTransportSecurity, strictTransport.fieldValue)
        }
        if refusesSniffing { try response.setDefault(.xContentTypeOptions, "nosniff") }
        if let referrerPolicy { try response.setDefault(.referrerPolicy, referrerPolicy) }
        if let crossOriginOpenerPolicy { try response.setDefault(.crossOriginOpenerPolicy, crossOriginOpenerPolicy) }
        if let frameOptions { try response.setDefault(.xFrameOptions, frameOptions) }
        return response
    }

    private func redirect(_ request: Request) throws -> Response {
        let host = try redirectHost ?? request.host.description
        let query = request.queryString.isEmpty ? "" : "?" + request.queryString
        return try Response.redirect(
            to: "https://\(host)\(PathEncoding.encode(request.path))\(query)", status: .movedPermanently)
    }
}

extension Response {
    fileprivate mutating func setDefault(_ name: HeaderName, _ value: String) throws(HeaderError) {
        if !headers.contains(name) { try headers.set(name, value) }
    }
}

extension HeaderName {
    fileprivate static let strictTransportSecurity = HeaderName(literal: "Strict-Transport-Security")
    fileprivate static let xContentTypeOptions = HeaderName(literal: "X-Content-Type-Options")
    fileprivate static let referrerPolicy = HeaderName(literal: "Referrer-Policy")
    fileprivate static let crossOriginOpenerPolicy = HeaderName(literal: "Cross-Origin-Opener-Policy")
    fileprivate static let xFrameOptions = HeaderName(literal: "X-Frame-Options")
}
