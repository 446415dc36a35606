public import MartletHTTP
import MartletRouting

/// Refuses unsafe requests that another site may have made a browser send (cross-site request forgery), with 403.
///
/// A request other than GET, HEAD, OPTIONS and TRACE must
/// 1. have an `Origin` that is this site's or a trusted one's; over HTTPS without `Origin`, such a `Referer`;
/// 2. have the `csrftoken` cookie, and a token made of the same secret: in the form field `csrfmiddlewaretoken` of a
///    POST, or in the `X-CSRFToken` header.
///
/// Tokens come from ``MartletHTTP/Request/csrfToken``; the cookie is set, and `Vary: Cookie` with it, when one was
/// used. Cookie and tokens are Django's: a Django site can share them. Routes marked
/// ``MartletRouting/Route/csrfExempt()`` are left out, as are paths without a route, which get their 404.
///
/// The host is compared with what the client sent, so ``AllowedHosts`` must be further out.
///
/// Source: Django, [CSRF protection](https://docs.djangoproject.com/en/5.2/ref/csrf/).
public struct CSRFProtection: OrderedMiddleware {
    /// The cookie that holds the secret; value and lifetime are filled in.
    public var cookie = Cookie("csrftoken", "", maxAge: .seconds(31_449_600), sameSite: .lax)

    /// The header that scripts send a token in.
    public var headerName = HeaderName(literal: "X-CSRFToken")

    /// The form field that pages send a token in.
    public var fieldName = "csrfmiddlewaretoken"

    /// Other sites whose forms may be sent here.
    public var trustedOrigins: [TrustedOrigin]

    /// Makes the layer.
    public init(trustedOrigins: [TrustedOrigin] = []) {
        self.trustedOrigins = trustedOrigins
    }

    /// The host is compared with what the client sent.
    public static let order: [MiddlewareOrder] = [
        .inside(AllowedHosts.self, because: "it compares Origin with the host that the client sent")
    ]

    /// Checks the request, and sets the cookie when a token was used.
    ///
    /// - Throws: ``CSRFFailure`` (403); ``HTTPError`` when the form cannot be read.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        var request = request
        let sent = request.cookies[cookie.name]
        let secret = sent.map { text in Result { () throws(CSRFSecret.Flaw) in try CSRFSecret(reading: text) } }
        // A cookie that cannot be read is replaced, or the client could never send a form again.
        let state = try CSRFState.make(secret)
        request.storage[CSRFState.self] = state
        if !trustedOrigins.isEmpty { request.storage[TrustedOrigins.self] = trustedOrigins }
        if mustCheck(request) {
            try checkOrigin(of: request)
            try await checkToken(of: request, secret)
        }
        var response = try await next(request)
        if let secret = state.secretToSet {
            var cookie = cookie
            cookie.value = secret.text
            try response.setCookie(cookie)
            response.headers.addVary(.cookie)
        }
        return response
    }

    private func mustCheck(_ request: Request) -> Bool {
        if request.method.isSafe || request.skipsCSRFChecks { return false }
        guard let route = request.route else { return !request.isDispatched }
        return route.storage[CSRFExemption.self] != true
    }
}

extension CSRFState {
    fileprivate static func make(_ cookie: Result<CSRFSecret, CSRFSecret.Flaw>?) throws -> CSRFState {
        switch cookie {
        case nil: CSRFState(secret: nil, mustSetCookie: false)
        case .success(let secret): CSRFState(secret: secret, mustSetCookie: false)
        case .failure: CSRFState(secret: try CSRFSecret.random(), mustSetCookie: true)
        }
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
