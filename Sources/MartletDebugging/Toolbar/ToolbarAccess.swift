import MartletHTTP
import MartletMiddleware

/// Lets only the developer's own browser look, whatever layers the site has.
///
/// | request | answer |
/// | --- | --- |
/// | from another network | 404 |
/// | for another host: another site's name, with this address | 400 |
/// | from a page of another site: `Sec-Fetch-Site`, `Origin` | 403, but for links that are followed |
/// | that does something, and does not tell that it comes from here | 403 |
struct ToolbarAccess: Middleware {
    let rules: DebugToolbar.Rules

    func respond(to request: Request, next: Handler) async throws -> Response {
        guard request.comes(from: rules.networks) else {
            throw HTTPError(.notFound, "There is no page at '\(request.path)'.")
        }
        let host = try request.host
        guard rules.hosts.contains(host) else {
            throw HTTPError(.badRequest, "The host '\(host.name)' is not served here.")
        }
        guard Self.isFromHere(request, "\(request.scheme)://\(host)") else {
            throw HTTPError(.forbidden, "The debug toolbar answers to its own pages only.")
        }
        var response = try await next(request)
        for (name, value) in Self.fields where !response.headers.contains(name) {
            response.headers.addUnchecked(name, value)
        }
        return response
    }

    private static func isFromHere(_ request: Request, _ own: String) -> Bool {
        if let origin = request.headers[.origin], origin != own { return false }
        let site = request.headers[.secFetchSite]
        if request.method == .get || request.method == .head {
            // A link from anywhere may lead here: whoever has made it sees nothing of the page.
            let isFollowed = request.headers[.secFetchMode] == "navigate"
            return site == nil || site == "same-origin" || site == "none" || isFollowed
        }
        return site.map { $0 == "same-origin" } ?? (request.headers[.origin] == own)
    }

    private static let fields: [(HeaderName, String)] = [
        (
            .contentSecurityPolicy,
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
                + "base-uri 'none'; frame-ancestors 'none'"
        ),
        (.cacheControl, "no-store"),
        (HeaderName(literal: "X-Content-Type-Options"), "nosniff"),
        (HeaderName(literal: "Cross-Origin-Resource-Policy"), "same-origin"),
        (HeaderName(literal: "Referrer-Policy"), "same-origin"),
    ]
}
