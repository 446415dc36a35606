public import MartletHTTP
import MartletJSON
import MartletRouting
import MartletSessions

/// Refuses unsafe requests that another site may have made a browser send (cross-site request forgery), with 403.
///
/// A request other than GET, HEAD, OPTIONS and TRACE must
/// 1. have an `Origin` that is this site's or a trusted one's; over HTTPS without `Origin`, such a `Referer`;
/// 2. have the `csrftoken` cookie, and a token made of the same secret: in the form field `csrfmiddlewaretoken` of a
///    POST, or in the `X-CSRFToken` header.
///
/// Tokens come from ``MartletHTTP/Request/csrfToken``; the cookie is set, and `Vary: Cookie` with it, when one was
/// used. Cookie and tokens are Django's: a Django site can share them. Routes marked
/// ``MartletRouting/Route/csrfExempt()`` are left out, as are paths without a route, which get their 404; a view of such
/// a route can still ask for the check with ``MartletHTTP/Request/checkCSRF()``.
///
/// The host is compared with what the client sent, so ``AllowedHosts`` must be further out.
///
/// Source: Django, [CSRF protection](https://docs.djangoproject.com/en/5.2/ref/csrf/).
public struct CSRFProtection: OrderedMiddleware {
    /// What the layer was told.
    struct Rules: Sendable {
        var cookie = Cookie("csrftoken", "", maxAge: .seconds(31_449_600), sameSite: .lax)
        var headerName = HeaderName(literal: "X-CSRFToken")
        var fieldName = "csrfmiddlewaretoken"
        var trustedOrigins: [TrustedOrigin] = []
        var usesSessions = false
    }

    /// The rules in one piece, so that every request can hold on to them by one reference.
    final class SharedRules: Sendable {
        let rules: Rules

        init(_ rules: Rules) { self.rules = rules }
    }

    private var shared: SharedRules

    private var rules: Rules {
        get { shared.rules }
        set { shared = SharedRules(newValue) }
    }

    /// Makes the layer.
    public init(trustedOrigins: [TrustedOrigin] = []) {
        shared = SharedRules(Rules(trustedOrigins: trustedOrigins))
    }

    /// The host is compared with what the client sent.
    public static let order: [MiddlewareOrder] = [
        .inside(AllowedHosts.self, because: "it compares Origin with the host that the client sent"),
        .inside(Sessions.self, because: "its secret may be kept in the session"),
    ]

    /// The cookie that holds the secret; the value is filled in.
    public var cookie: Cookie {
        get { rules.cookie }
        set { rules.cookie = newValue }
    }

    /// The header that scripts send a token in.
    public var headerName: HeaderName {
        get { rules.headerName }
        set { rules.headerName = newValue }
    }

    /// The form field that pages send a token in.
    public var fieldName: String {
        get { rules.fieldName }
        set { rules.fieldName = newValue }
    }

    /// Other sites whose forms may be sent here.
    public var trustedOrigins: [TrustedOrigin] {
        get { rules.trustedOrigins }
        set { rules.trustedOrigins = newValue }
    }

    /// Whether the secret is kept in the session, under `_csrftoken`, and not in a cookie of its own. The session is then
    /// read with every request that brings its cookie.
    public var usesSessions: Bool {
        get { rules.usesSessions }
        set { rules.usesSessions = newValue }
    }

    /// Checks the request, and keeps the secret when a token was used.
    ///
    /// - Throws: ``CSRFFailure`` (403); `HTTPError` when the form cannot be read; `MissingSessions` when the secret is to
    ///   be kept in a session and there is none.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        var request = request
        let rules = shared.rules
        let sent = try await rules.secret(of: request)
        let state = try CSRFState(shared, sent)
        request.storage[CSRFState.self] = state
        if !rules.trustedOrigins.isEmpty { request.storage[TrustedOrigins.self] = rules.trustedOrigins }
        if mustCheck(request) { try await rules.check(request, sent) }
        var response = try await next(request)
        if let secret = state.secretToSet { try await rules.keep(secret, request, &response) }
        return response
    }

    private func mustCheck(_ request: Request) -> Bool {
        if request.method.isSafe || request.skipsCSRFChecks { return false }
        guard let route = request.route else { return !request.isDispatched }
        return route.storage[CSRFExemption.self] != true
    }
}

extension CSRFProtection.Rules {
    /// Under which key a session has the secret, as in Django.
    private static let sessionKey = "_csrftoken"

    /// The secret that the client has, or why it is none.
    fileprivate func secret(of request: Request) async throws -> Result<CSRFSecret, CSRFSecret.Flaw>? {
        let text =
            usesSessions ? try await request.session.peek(Self.sessionKey)?.stringValue : request.cookies[cookie.name]
        return text.map { text in Result { () throws(CSRFSecret.Flaw) in try CSRFSecret(reading: text) } }
    }

    /// Keeps the secret where the next request finds it.
    fileprivate func keep(_ secret: CSRFSecret, _ request: Request, _ response: inout Response) async throws {
        guard usesSessions else {
            var cookie = cookie
            cookie.value = secret.text
            try response.setCookie(cookie)
            response.headers.addVary(.cookie)
            return
        }
        let session = try request.session
        if try await session[Self.sessionKey] != .string(secret.text) { try session.set(Self.sessionKey, secret.text) }
    }

    /// Checks where the request comes from, and whether it knows the secret.
    func check(_ request: Request, _ sent: Result<CSRFSecret, CSRFSecret.Flaw>?) async throws {
        try checkOrigin(of: request)
        try await checkToken(of: request, sent)
    }
}

extension Request {
    /// Checks the request as ``CSRFProtection`` does, whatever its route says; safe methods pass.
    ///
    /// For views that are exempt because most clients have no cookies, and that have found out that this one was
    /// authenticated by its session: browsers send that cookie with other sites' requests, too.
    ///
    /// ```swift
    /// func api(_ request: Request) async throws -> Response {      // path(…).csrfExempt()
    ///     if try await request.token == nil { try await request.checkCSRF() }
    ///     …
    /// }
    /// ```
    ///
    /// - Throws: ``CSRFFailure`` (403); ``MissingCSRFProtection`` without the layer; `HTTPError` when the form cannot be
    ///   read.
    ///
    /// Source: Django REST framework's `SessionAuthentication.enforce_csrf`.
    public func checkCSRF() async throws {
        guard let state = storage[CSRFState.self] else { throw MissingCSRFProtection() }
        if method.isSafe || skipsCSRFChecks { return }
        try await state.shared.rules.check(self, state.sent)
    }
}

/// Why a request was taken for a forgery.
public struct CSRFFailure: HTTPResponseError, CustomStringConvertible {
    /// The reason.
    public let reason: String

    /// 403.
    public var status: HTTPStatus { .forbidden }

    /// The reason, and what to do.
    public var message: String { "CSRF verification failed: \(reason) Reload the page and send the form again." }

    /// None.
    public var headers: Headers { Headers() }

    /// The reason.
    public var description: String { "CSRF verification failed: \(reason)" }
}
