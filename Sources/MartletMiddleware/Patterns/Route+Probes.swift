import MartletHTTP
public import MartletRouting

extension Route {
    /// Serves the route, or every route of an included table, to programs that ask by an address of the network: whatever
    /// host they name, without redirecting them to HTTPS, and also while the site is being maintained.
    ///
    /// ```swift
    /// path("live/", live, name: "live").methods(.get).forProbes()
    /// ```
    ///
    /// Kubernetes asks a pod by its address, which is none of the site's `ALLOWED_HOSTS`.
    public func forProbes() -> Route { setting(ProbeRoute.self, to: true) }
}

extension RouteInfo {
    /// Whether the route is for programs that watch the site.
    package var isForProbes: Bool { storage[ProbeRoute.self] == true }
}

/// Whether a route is for programs that watch the site, in its storage.
enum ProbeRoute: RequestStorageKey {
    typealias Value = Bool

    /// Whether a request is for such a route.
    static func isAskedFor(by request: Request) -> Bool { request.route?.storage[ProbeRoute.self] == true }
}
