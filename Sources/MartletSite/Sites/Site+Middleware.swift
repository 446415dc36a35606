public import MartletHTTP
import MartletMessages
import MartletMiddleware

extension Site {
    /// The layers that every site should have: forwarded headers, request id, log, allowed hosts, security headers,
    /// CSRF protection, messages.
    @Sendable public static func standardMiddleware(_ settings: Settings) -> [any Middleware] {
        [
            ForwardedHeaders(ForwardedSettings(proxies: settings.trustedProxies)),
            RequestID(),
            RequestLog(),
            AllowedHosts(settings.allowedHosts),
            SecurityHeaders(),
            CSRFProtection(trustedOrigins: settings.trustedOrigins),
            Messages(),
        ]
    }
}
