import MartletHTTP
public import MartletMiddleware

/// Which sites' pages may open a WebSocket.
///
/// A browser lets any page connect to any server, with the visitor's cookies: only the server's look at `Origin` keeps
/// other sites from speaking in the visitor's name. Clients that are no browsers send no `Origin` and are let in.
///
/// Source: [RFC 6455 §10.2](https://www.rfc-editor.org/rfc/rfc6455#section-10.2).
public struct WebSocketOrigins: Sendable {
    private let allowsAny: Bool
    private let others: [TrustedOrigin]

    /// Pages of the host that the request names, and of the origins that ``MartletMiddleware/CSRFProtection`` trusts.
    public static let sameSite = WebSocketOrigins(allowsAny: false, others: [])

    /// Pages of every site: for sockets that do not look at cookies.
    public static let any = WebSocketOrigins(allowsAny: true, others: [])

    /// As ``sameSite``, and pages of other sites.
    ///
    /// ```swift
    /// .sameSite(and: TrustedOrigin("https://*.example.com"))
    /// ```
    ///
    /// - Parameter others: The sites; `nil`, which ``MartletMiddleware/TrustedOrigin`` is for what is no origin, trusts
    ///   nobody.
    public static func sameSite(and others: TrustedOrigin?...) -> WebSocketOrigins {
        WebSocketOrigins(allowsAny: false, others: others.compactMap(\.self))
    }

    /// Refuses a request that another site's page has made.
    ///
    /// - Throws: ``HTTPError`` 403, or 400 when the request has no valid host.
    func check(_ request: Request) throws(HTTPError) {
        guard !allowsAny else { return }
        let values = request.headers.values(.origin)
        guard let origin = values.first else { return }
        let own = "\(request.scheme)://\(try request.host)"
        let trusted = others + (request.storage[TrustedOrigins.self] ?? [])
        guard values.count == 1, origin.lowercased() == own || trusted.contains(where: { $0.matches(origin: origin) })
        else {
            throw HTTPError(
                .forbidden,
                "Pages of \(origin.debugDescription) may not connect to \(own). If that is this site, let the proxy "
                    + "pass Host and X-Forwarded-Proto on and trust it; else add the origin to the trusted origins.")
        }
    }
}
