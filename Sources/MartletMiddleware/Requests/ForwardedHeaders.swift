public import MartletHTTP
public import MartletRouting

/// Believes what trusted proxies say about the client: its address, its scheme and, where asked for, the host.
///
/// ```swift
/// ForwardedHeaders(ForwardedSettings(proxies: ["10.0.0.0/8"].compactMap(AddressRange.init)))
/// ```
///
/// Routes that have a host of their own are found by the host that the proxies tell.
///
/// The outermost layer, so that all others see the client and not the proxy. Without it, and without proxies in its
/// settings, forwarded headers count for nothing.
public struct ForwardedHeaders: OrderedMiddleware, ChangesHost {
    private let settings: ForwardedSettings

    /// Makes the layer.
    public init(_ settings: ForwardedSettings) {
        self.settings = settings
    }

    /// What other layers ask for, the client's address, scheme and host, is known behind this layer only.
    public static let order: [MiddlewareOrder] = [
        .outside(RequestLog.self, because: "the log tells the client's address"),
        .outside(AllowedHosts.self, because: "the host may be one that a proxy tells"),
        .outside(SecurityHeaders.self, because: "a proxy tells whether the client came over HTTPS"),
        .outside(CSRFProtection.self, because: "a proxy tells the client's scheme and host"),
    ]

    /// Answers the request as the proxies' client made it.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        guard !settings.proxies.isEmpty else { return try await next(request) }
        var request = request
        request.believe(settings)
        return try await next(request)
    }
}
