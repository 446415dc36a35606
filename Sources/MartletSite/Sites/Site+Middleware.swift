public import MartletHTTP
import MartletMiddleware

extension Site {
    /// The layers that every site should have: forwarded headers, request id, log, allowed hosts, security headers,
    /// CSRF protection; and where the settings ask for them maintenance mode, the selection of a language and
    /// common rules.
    @Sendable public static func standardMiddleware(_ settings: Settings) -> [any Middleware] {
        let layers: [(any Middleware)?] = [
            ForwardedHeaders(ForwardedSettings(proxies: settings.trustedProxies)),
            RequestID(),
            RequestLog(),
            AllowedHosts(settings.allowedHosts),
            settings.maintenance,
            settings.securityHeaders,
            settings.languages.codes.count > 1
                ? LanguageSelection(settings.languages, cookie: settings.languageCookieName) : nil,
            settings.commonRules,
            CSRFProtection(trustedOrigins: settings.trustedOrigins),
        ]
        return layers.compactMap(\.self)
    }
}
