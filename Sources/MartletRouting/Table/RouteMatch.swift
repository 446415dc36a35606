public import MartletHTTP

/// A route that matches a path, with the view's arguments already read.
///
/// It knows the place of the route in its table and looks there when asked: what all requests for a route share is not
/// retained by each.
public final class RouteMatch: Sendable {
    /// The table the route is in.
    public let table: RouteTable

    private let index: Int
    private let view: BoundView

    init(_ index: Int, in table: RouteTable, view: BoundView) {
        self.index = index
        self.table = table
        self.view = view
    }

    /// The route.
    public var info: RouteInfo { table.compiled[index].info }

    /// The route with all that its includes add to it.
    var route: CompiledRoute { table.compiled[index] }

    /// The most bytes the route takes.
    var bodyLimit: Int? { table.compiled[index].bodyLimit }

    /// How long the answers may be kept.
    var lifetime: Duration? { table.compiled[index].lifetime }

    /// The view, inside the route's own middleware.
    ///
    /// The middleware finds the view through the request, so a request made anew on the way must keep its storage.
    var handler: Handler {
        table.compiled[index].layered?.respond ?? view.respond
    }

    /// The innermost handler of a route's own middleware.
    static let callView: Handler = { request in
        guard let match = request.storage[RouteResolution.self]?.match else {
            throw HTTPError(.internalServerError)
        }
        return try await match.view.respond(request)
    }
}

/// What a dispatcher has found out about a request: its table, and the match if there is one.
enum RouteResolution: RequestStorageKey, Sendable {
    typealias Value = RouteResolution

    case match(RouteMatch)
    case noMatch(RouteTable)

    var match: RouteMatch? {
        if case .match(let match) = self { match } else { nil }
    }

    var table: RouteTable {
        switch self {
        case .match(let match): match.table
        case .noMatch(let table): table
        }
    }
}

/// Where a response tells outer layers which route made it.
enum RouteInfoKey: RequestStorageKey {
    typealias Value = RouteInfo
}

extension Request {
    /// The route that the path matches; `nil` when none does, and outside of a ``Dispatcher``.
    ///
    /// Known before the first middleware runs.
    public var route: RouteInfo? { storage[RouteResolution.self]?.match?.info }
}

extension Response {
    /// The route that the request matched, for layers outside of the ``Dispatcher``.
    public var route: RouteInfo? { storage[RouteInfoKey.self] }
}

extension Request {
    /// Whether a ``Dispatcher`` has looked for the route: then ``route`` is `nil` because no pattern matches.
    package var isDispatched: Bool { storage[RouteResolution.self] != nil }
}
