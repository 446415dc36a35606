import MartletHTTP
public import MartletRouting

extension Route {
    /// Serves the route, or every route of an included table, to the networks of `INTERNAL_NETWORKS` only; to others there is
    /// no such page.
    ///
    /// ```swift
    /// include("stock/", stockURLs).internalOnly()
    /// ```
    ///
    /// A request that a proxy has passed on which is not among `TRUSTED_PROXIES` is nobody's from inside: the address that
    /// is known is the proxy's.
    public func internalOnly() -> Route { middleware(InternalOnly()).protected(by: "network") }
}

/// Answers 404 to whoever is not of the site's own networks.
struct InternalOnly: Middleware {
    /// - Throws: ``MartletHTTP/HTTPError`` 404 for a stranger, in the words for a page that is not there.
    func respond(to request: Request, next: Handler) async throws -> Response {
        let networks = RunningSite.current?.settings.internalNetworks ?? []
        guard request.comes(from: networks) else {
            throw HTTPError(.notFound, "There is no page at '\(request.path)'.")
        }
        return try await next(request)
    }
}
