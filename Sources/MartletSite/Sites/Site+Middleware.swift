public import MartletHTTP
import MartletMiddleware

extension Site {
    /// The layers that every site should have: forwarded headers, request id, log, allowed hosts, security headers,
    /// CSRF protection.
    @Sendable public static func standardMiddleware(_ settings: Settings) -> [any Middleware] {
        [
            ForwardedHeaders(settings.forwarding),
            RequestID(),
            RequestLog(),
            AllowedHosts(settings.allowedHosts),
            SecurityHeaders(),
            CSRFProtection(trustedOrigins: settings.trustedOrigins),
        ]
    }
}
