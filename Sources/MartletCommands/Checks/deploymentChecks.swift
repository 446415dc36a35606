import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletORM
import MartletSessions
import MartletSite

/// Django's checks of a deployment, under its ids; `Docs/checks.md` says which are not here, and why.
///
/// They look at the layers that the site makes and not at the settings alone, so that a layer made by hand is seen too.
let deploymentChecks: [Check] = [
    Check(.security, isForDeployment: true) { context in
        guard let settings = context.settings else { return [] }
        let layers = try context.site.middleware(settings)
        let headers = layers.lazy.compactMap { $0 as? SecurityHeaders }.first
        return transportFindings(headers) + headerFindings(headers) + formFindings(layers)
            + sessionFindings(context, layers) + settingsFindings(settings, layers)
    }
]

/// W001, W004, W005, W008, W021.
private func transportFindings(_ headers: SecurityHeaders?) -> [CheckMessage] {
    guard let headers else {
        return [
            .warning(
                "security.W001",
                "No layer SecurityHeaders is in the site's middleware, so the settings that begin with "
                    + "SECURE_ have no effect.", hint: "Use Site.standardMiddleware, or add SecurityHeaders().")
        ]
    }
    var findings: [CheckMessage] = []
    if let transport = headers.strictTransport {
        if !transport.includesSubdomains {
            findings.append(
                .warning(
                    "security.W005",
                    "SECURE_HSTS_INCLUDE_SUBDOMAINS is not true, so hosts below this one can be asked "
                        + "over HTTP.", hint: "Set it if every one of them has HTTPS."))
        }
        if !transport.preload {
            findings.append(
                .warning(
                    "security.W021", "SECURE_HSTS_PRELOAD is not true, so the site cannot be put on browsers' lists.",
                    hint: "Set it if every host of the domain has HTTPS for good."))
        }
    } else {
        findings.append(
            .warning(
                "security.W004", "SECURE_HSTS_SECONDS is 0, so browsers ask over HTTP when they are told to.",
                hint: "Set it to 3600 first, and to 31536000 when the site works: browsers do not forget it."))
    }
    if !headers.redirectsToHTTPS {
        findings.append(
            .warning(
                "security.W008", "SECURE_SSL_REDIRECT is not true, so the site answers over HTTP.",
                hint: "Set it, or silence this where a proxy redirects."))
    }
    return findings
}

/// W002, W006, W019, W022.
private func headerFindings(_ headers: SecurityHeaders?) -> [CheckMessage] {
    guard let headers else { return [frameFinding] }
    var findings: [CheckMessage] = []
    if !headers.refusesSniffing {
        findings.append(
            .warning(
                "security.W006", "SECURE_CONTENT_TYPE_NOSNIFF is false, so browsers guess the types of files.",
                hint: "Leave it out: an upload that looks like HTML is run otherwise."))
    }
    switch headers.frameOptions {
    case nil: findings.append(frameFinding)
    case .deny: break
    default:
        findings.append(
            .warning(
                "security.W019", "X_FRAME_OPTIONS is not DENY.",
                hint: "Leave it out unless pages of the site show each other in frames; one route may say otherwise."))
    }
    if headers.referrerPolicy == nil {
        findings.append(
            .warning(
                "security.W022", "SECURE_REFERRER_POLICY is off, so other sites learn from which page visitors come.",
                hint: "Leave it out for same-origin."))
    }
    return findings
}

private var frameFinding: CheckMessage {
    .warning(
        "security.W002", "Pages are sent without X-Frame-Options, so any site can show them in a frame.",
        hint: "Have SecurityHeaders in the middleware, and X_FRAME_OPTIONS not off.")
}

/// W003, W016.
private func formFindings(_ layers: [any Middleware]) -> [CheckMessage] {
    guard let csrf = layers.lazy.compactMap({ $0 as? CSRFProtection }).first else {
        return [
            .warning(
                "security.W003",
                "No layer CSRFProtection is in the site's middleware, so other sites can send its forms.",
                hint: "Use Site.standardMiddleware, or add CSRFProtection().")
        ]
    }
    guard !csrf.usesSessions, !csrf.cookie.isSecure else { return [] }
    return [
        .warning(
            "security.W016", "CSRF_COOKIE_SECURE is not true, so the cookie of forms is sent over HTTP.",
            hint: "Set it wherever the site has HTTPS.")
    ]
}

/// W010 to W015: the ids tell whether the table, the layer or both are there.
private func sessionFindings(_ context: CheckContext, _ layers: [any Middleware]) -> [CheckMessage] {
    guard let settings = context.settings else { return [] }
    let layer = layers.lazy.compactMap { $0 as? Sessions }.first
    let hasTable = context.site.registry.models.contains { $0 == Session.self }
    guard layer != nil || hasTable else { return [] }
    let cookie = (layer?.settings ?? settings.sessions).cookie
    let number = layer == nil ? 0 : hasTable ? 2 : 1
    var findings: [CheckMessage] = []
    if !cookie.isSecure {
        findings.append(
            .warning(
                "security.W01\(number)",
                "SESSION_COOKIE_SECURE is not true, so the cookie of sessions is sent over HTTP.",
                hint: "Set it wherever the site has HTTPS."))
    }
    if !cookie.isHTTPOnly {
        findings.append(
            .warning(
                "security.W01\(number + 3)",
                "SESSION_COOKIE_HTTPONLY is false, so scripts can read the cookie of sessions.",
                hint: "Leave it out."))
    }
    return findings
}

/// W009, W018, W020, W025, and W101 of Martlet's own.
private func settingsFindings(_ settings: Settings, _ layers: [any Middleware]) -> [CheckMessage] {
    var findings: [CheckMessage] = []
    if settings.debug {
        findings.append(
            .warning(
                "security.W018", "DEBUG is true.",
                hint: "Take it out: it shows strangers the code and the settings of the site."))
    }
    if SecretStrength.isWeak(settings.secretKey.revealed) {
        findings.append(.warning("security.W009", "SECRET_KEY \(SecretStrength.words).", hint: SecretStrength.hint))
    }
    for (index, key) in settings.secretKeyFallbacks.enumerated() where SecretStrength.isWeak(key.revealed) {
        findings.append(
            .warning(
                "security.W025", "SECRET_KEY_FALLBACKS[\(index)] \(SecretStrength.words).", hint: SecretStrength.hint))
    }
    if settings.allowedHosts.isEmpty {
        findings.append(
            .warning("security.W020", "ALLOWED_HOSTS is empty.", hint: "Name the hosts that the site answers to."))
    } else if settings.allowedHosts.contains("*") {
        findings.append(
            .warning(
                "security.W101", "ALLOWED_HOSTS has '*', so links in mails and redirects can lead to any host.",
                hint: "Name the hosts that the site answers to."))
    }
    return findings
}

/// Django's idea of a key that can be guessed.
private enum SecretStrength {
    static let words =
        "has fewer than 50 characters or fewer than 5 different ones, or is one that was made for development"
    static let hint =
        "Make another with `openssl rand -base64 48`, and keep the old one in SECRET_KEY_FALLBACKS for a while."

    static func isWeak(_ key: String) -> Bool {
        key.count < 50 || Set(key).count < 5 || key.hasPrefix("django-insecure-") || key.hasPrefix("insecure-")
    }
}
