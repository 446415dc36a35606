import MartletHTTP

/// A layer that may tell another host than the request itself, as proxies do: where routes have hosts of their own, the
/// route is found once more behind it.
public protocol ChangesHost {}

/// Finds the routes of requests, and tells responses which route made them.
struct Routing: Sendable {
    private let table: RouteTable

    init(_ table: RouteTable) {
        self.table = table
    }

    /// Finds the route and attaches it to the request.
    ///
    /// - Parameter isFinal: Whether the host is known for certain, so that the limits of the route count from now on.
    func find(_ request: inout Request, isFinal: Bool) -> RouteMatch? {
        var host: RequestHost?
        if table.hasHosts {
            host = try? request.host
            request.storage[RoutedHost.self] = host
        }
        let match = table.match(request.path, host: host)
        request.storage[RouteResolution.self] = match.map { .match($0) } ?? .noMatch(table)
        if isFinal, let match { request.enter(route: match.info.pattern, bodyLimit: match.bodyLimit) }
        return match
    }

    /// Tells a response which route made it, and what the route says about keeping it.
    func finish(_ response: inout Response, _ match: RouteMatch?, _ method: HTTPMethod) {
        guard let match, response.storage[RouteInfoKey.self] == nil else { return }
        response.storage[RouteInfoKey.self] = match.info
        if let lifetime = match.lifetime, method == .get || method == .head { response.addLifetime(lifetime) }
    }

    /// A handler that finds the route before it passes a request on.
    func before(_ next: @escaping Handler) -> Handler {
        { request in
            var request = request
            let match = find(&request, isFinal: true)
            var response = try await next(request)
            finish(&response, match, request.method)
            return response
        }
    }

    /// Refuses to call the view of one host for a request of another: layers have looked at the route since, such as at
    /// its exemption from CSRF protection.
    static func checkHost(_ request: Request) throws {
        if request.storage[RoutedHost.self] != (try? request.host) { throw HostChangedError() }
    }
}

/// The host by which the route was found.
enum RoutedHost: RequestStorageKey {
    typealias Value = RequestHost
}

/// A layer has changed the host of a request behind the dispatcher's back.
struct HostChangedError: Error, CustomStringConvertible {
    var description: String {
        "A layer has changed the host of the request after its route was found. Let the layer conform to ChangesHost."
    }
}
