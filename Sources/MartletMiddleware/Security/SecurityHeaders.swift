public import MartletHTTP
import MartletRouting

/// Tells browsers to be strict, and sends clients to HTTPS where that is configured.
///
/// A header that a view has set stays as it is.
///
/// Source: Django, [security middleware](https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.security)
/// and [clickjacking protection](https://docs.djangoproject.com/en/5.2/ref/clickjacking/).
public struct SecurityHeaders: OrderedMiddleware {
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

        fileprivate var fieldValue: String {
            "max-age=\(maxAge.components.seconds)" + (includesSubdomains ? "; includeSubDomains" : "")
                + (preload ? "; preload" : "")
        }
    }

    /// `Strict-Transport-Security`, sent over HTTPS only.
    public var strictTransport: StrictTransport? { didSet { fields = Fields(self) } }
    /// Whether requests over HTTP are redirected (301); see ``redirectExempt``.
    public var redirectsToHTTPS: Bool
    /// The host to redirect to; the one the client asked for unless told.
    public var redirectHost: String?
    /// Paths that are served over HTTP too, such as `/live/` for a probe.
    public var redirectExempt: [PathRule]
    /// `Referrer-Policy`; `nil` leaves it out.
    public var referrerPolicy: ReferrerPolicy? = .sameOrigin { didSet { fields = Fields(self) } }
    /// `Cross-Origin-Opener-Policy`; `nil` leaves it out.
    public var crossOriginOpenerPolicy: OpenerPolicy? = .sameOrigin { didSet { fields = Fields(self) } }
    /// `X-Frame-Options`; `nil` leaves it out. A route may say otherwise: `.frameOptions(.sameOrigin)`.
    public var frameOptions: FrameOptions? = .deny { didSet { fields = Fields(self) } }
    /// `X-Content-Type-Options: nosniff`.
    public var refusesSniffing = true { didSet { fields = Fields(self) } }

    /// Made once, so that a request costs a few comparisons of names.
    private var fields = Fields()

    /// Makes the layer with Django's defaults.
    public init(
        strictTransport: StrictTransport? = nil, redirectsToHTTPS: Bool = false, redirectHost: String? = nil,
        redirectExempt: [PathRule] = []
    ) {
        self.strictTransport = strictTransport
        self.redirectsToHTTPS = redirectsToHTTPS
        self.redirectHost = redirectHost
        self.redirectExempt = redirectExempt
        fields = Fields(self)
    }

    /// The redirect names the host that the client sent.
    public static let order: [MiddlewareOrder] = [
        .inside(AllowedHosts.self, because: "the redirect to HTTPS names the host that the client sent")
    ]

    /// Redirects, or answers with the headers.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        let isSecure = request.isSecure
        if redirectsToHTTPS, !isSecure, !redirectExempt.contains(where: { $0.contains(request.path) }),
            !ProbeRoute.isAskedFor(by: request)
        {
            return try redirect(request)
        }
        var response = try await next(request)
        if let ofRoute = request.route?.storage[FrameOptionsOfRoute.self] {
            response.headers.addMissing(fields.withoutFrames)
            if let options = ofRoute.options { response.headers.addMissing([.frames(options)]) }
        } else {
            response.headers.addMissing(fields.all)
        }
        if isSecure, let strictTransport = fields.strictTransport { response.headers.addMissing([strictTransport]) }
        return response
    }

    private func redirect(_ request: Request) throws -> Response {
        let host = try redirectHost ?? request.host.description
        let query = request.queryString.isEmpty ? "" : "?" + request.queryString
        return try Response.redirect(
            to: "https://\(host)\(PathEncoding.encode(request.path))\(query)", status: .movedPermanently)
    }

    /// The fields that the layer's properties ask for.
    private struct Fields: Sendable {
        var all: [Headers.Field] = []
        var withoutFrames: [Headers.Field] = []
        var strictTransport: Headers.Field?

        init() {}

        init(_ layer: SecurityHeaders) {
            if layer.refusesSniffing {
                withoutFrames.append(Headers.Field(name: .xContentTypeOptions, value: "nosniff"))
            }
            if let policy = layer.referrerPolicy {
                withoutFrames.append(Headers.Field(name: .referrerPolicy, value: policy.description))
            }
            if let policy = layer.crossOriginOpenerPolicy {
                withoutFrames.append(Headers.Field(name: .crossOriginOpenerPolicy, value: policy.description))
            }
            all = withoutFrames + (layer.frameOptions.map { [.frames($0)] } ?? [])
            strictTransport = layer.strictTransport.map {
                Headers.Field(name: .strictTransportSecurity, value: $0.fieldValue)
            }
        }
    }
}

extension Headers.Field {
    fileprivate static func frames(_ options: FrameOptions) -> Headers.Field {
        Headers.Field(name: .xFrameOptions, value: options.rawValue)
    }
}

extension HeaderName {
    fileprivate static let strictTransportSecurity = HeaderName(literal: "Strict-Transport-Security")
    fileprivate static let xContentTypeOptions = HeaderName(literal: "X-Content-Type-Options")
    fileprivate static let referrerPolicy = HeaderName(literal: "Referrer-Policy")
    fileprivate static let crossOriginOpenerPolicy = HeaderName(literal: "Cross-Origin-Opener-Policy")
    fileprivate static let xFrameOptions = HeaderName(literal: "X-Frame-Options")
}
