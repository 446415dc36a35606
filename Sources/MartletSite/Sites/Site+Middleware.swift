public import MartletHTTP
import MartletMiddleware

extension Site {
    /// The layers that every site should have: forwarded headers, request id, log, the time limit where the settings have one,
    /// allowed hosts, security headers, CSRF protection.
    @Sendable public static func standardMiddleware(_ settings: Settings) -> [any Middleware] {
        let layers: [(any Middleware)?] = [
            ForwardedHeaders(ForwardedSettings(proxies: settings.trustedProxies)),
            RequestID(),
            RequestLog(),
            settings.requestTimeout.map { RequestTimeout($0) },
            AllowedHosts(settings.allowedHosts),
            SecurityHeaders(),
            CSRFProtection(trustedOrigins: settings.trustedOrigins),
        ]
        return layers.compactMap(\.self)
    }
}
