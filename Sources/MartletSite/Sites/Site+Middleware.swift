public import MartletHTTP
import MartletMessages
import MartletMiddleware
import MartletSessions

extension Site {
    /// The layers that every site should have: forwarded headers, request id, log, allowed hosts, security headers,
    /// sessions, CSRF protection, messages.
    ///
    /// - Throws: `SessionError` when the folder of sessions is not there.
    @Sendable public static func standardMiddleware(_ settings: Settings) throws -> [any Middleware] {
        [
            ForwardedHeaders(ForwardedSettings(proxies: settings.trustedProxies)),
            RequestID(),
            RequestLog(),
            AllowedHosts(settings.allowedHosts),
            SecurityHeaders(),
            try Sessions(settings),
            settings.csrf,
            Messages(settings),
        ]
    }
}
