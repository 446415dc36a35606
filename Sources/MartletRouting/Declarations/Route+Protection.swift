public import MartletHTTP

/// Who may change data by a route, in a route's storage: what `manage check` looks for.
public struct RouteProtection: Sendable, Hashable {
    /// What lets only some clients through, such as `login`; `nil` for a route that is open to everybody.
    public let guardName: String?
    /// Why a route is open to everybody.
    public let reason: String?

    /// The key in a route's storage.
    public enum Key: RequestStorageKey {
        /// Who may.
        public typealias Value = RouteProtection
    }
}

extension Route {
    /// Says that a layer of the route lets only some clients through; the layer itself is what does so.
    ///
    /// ```swift
    /// extension Route {
    ///     public func loginRequired() -> Route { middleware(LoginRequired()).protected(by: "login") }
    /// }
    /// ```
    ///
    /// `manage check` warns of routes that change data (POST, PUT, PATCH, DELETE) and say neither this nor
    /// ``openToAll(because:)``.
    public func protected(by guardName: String) -> Route {
        setting(
            RouteProtection.Key.self, to: RouteProtection(guardName: guardName, reason: nil),
            note: "protected(\(guardName))")
    }

    /// Says that everybody may change data by this route, and why.
    ///
    /// ```swift
    /// path("comments/", commentCreate).methods(.post).openToAll(because: "readers have no accounts")
    /// ```
    public func openToAll(because reason: String) -> Route {
        setting(
            RouteProtection.Key.self, to: RouteProtection(guardName: nil, reason: reason), note: "openToAll")
    }
}
