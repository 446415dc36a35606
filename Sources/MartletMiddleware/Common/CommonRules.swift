public import MartletHTTP
import MartletRouting

/// Sends clients to the host with `www.`, and refuses some clients by their `User-Agent`.
///
/// ```swift
/// CommonRules(prependsWWW: true, disallowedUserAgents: [try TextPattern("^BadBot")])
/// ```
///
/// A path that only lacks its final slash gets it in the same redirect. Redirects are 301 for GET and HEAD, and 308 for other
/// methods, so that clients repeat them with their content.
///
/// What else Django's middleware of that name does needs no layer here: the dispatcher redirects for the missing slash, and
/// the server writes `Content-Length`.
///
/// Source: Django, [`CommonMiddleware`](https://docs.djangoproject.com/en/5.2/ref/middleware/#django.middleware.common.CommonMiddleware).
public struct CommonRules: OrderedMiddleware {
    private let prependsWWW: Bool
    private let appendsSlash: Bool
    private let disallowedUserAgents: [TextPattern]

    /// Makes the layer.
    ///
    /// - Parameters:
    ///   - prependsWWW: Whether `example.com` is redirected to `www.example.com` (`PREPEND_WWW` of Django).
    ///   - disallowedUserAgents: Who gets 403 (`DISALLOWED_USER_AGENTS`).
    ///   - appendsSlash: Whether the redirect to `www.` adds a missing slash; as the dispatcher's `appendSlash`.
    public init(prependsWWW: Bool = false, disallowedUserAgents: [TextPattern] = [], appendsSlash: Bool = true) {
        self.prependsWWW = prependsWWW
        self.disallowedUserAgents = disallowedUserAgents
        self.appendsSlash = appendsSlash
    }

    /// The redirect names the host that the client sent.
    public static let order: [MiddlewareOrder] = [
        .inside(AllowedHosts.self, because: "the redirect to www. names the host that the client sent"),
        .inside(ForwardedHeaders.self, because: "the redirect to www. names the scheme that a proxy tells"),
    ]

    /// Redirects, or answers.
    ///
    /// - Throws: ``HTTPError`` 403 for a disallowed user agent, 400 for a malformed host.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        if !disallowedUserAgents.isEmpty, let agent = request.headers[.userAgent],
            disallowedUserAgents.contains(where: { $0.isFound(in: agent) })
        {
            throw HTTPError(.forbidden, "Forbidden user agent")
        }
        if prependsWWW {
            let host = try request.host
            if !host.name.hasPrefix("www.") { return try redirect(request, to: "www.\(host)") }
        }
        return try await next(request)
    }

    private func redirect(_ request: Request, to host: String) throws -> Response {
        let path = (appendsSlash ? request.pathWithMissingSlash : nil) ?? request.path
        let query = request.queryString.isEmpty ? "" : "?" + request.queryString
        let isRead = request.method == .get || request.method == .head
        return try Response.redirect(
            to: "\(request.scheme)://\(host)\(PathEncoding.encode(path))\(query)",
            status: isRead ? .movedPermanently : .permanentRedirect)
    }
}
