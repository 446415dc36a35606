public import MartletHTTP
import MartletMessages
import MartletMiddleware
import MartletSessions

extension Site {
    /// The layers that every site should have: forwarded headers, request id, log, allowed hosts, security headers,
    /// sessions, CSRF protection, messages; and where the settings ask for them the time limit, maintenance mode, the selection
    /// of a language and common rules.
    ///
    /// - Throws: `SessionError` when the folder of sessions is not there.
    @Sendable public static func standardMiddleware(_ settings: Settings) throws -> [any Middleware] {
        let layers: [(any Middleware)?] = [
            ForwardedHeaders(settings.forwarding),
            RequestID(),
            RequestLog(settings.logging),
            settings.requestTimeout.map { RequestTimeout($0) },
            AllowedHosts(settings.allowedHosts),
            settings.maintenance,
            settings.securityHeaders,
            try Sessions(settings),
            settings.languages.codes.count > 1
                ? LanguageSelection(settings.languages, cookie: settings.languageCookieName) : nil,
            settings.commonRules,
            settings.csrf,
            Messages(settings),
        ]
        return layers.compactMap(\.self)
    }
}

extension RequestLog {
    /// As the settings say.
    fileprivate init(_ settings: LoggingSettings) {
        self.init(
            started: settings.requestStarted, tellsAddresses: settings.tellsAddresses, quietPaths: settings.quietPaths)
    }
}
