import MartletHTTP
import MartletMiddleware
public import MartletRouting

/// The addresses that orchestrators ask: `live/` and `ready/`. A project includes them in one line.
///
/// ```swift
/// let siteURLs = URLs {
///     include("", healthURLs)
///     include("", blogURLs)
/// }
/// ```
///
/// They are for `INTERNAL_NETWORKS` only.
public let healthURLs = URLs {
    path("live/", live, name: "live").methods(.get).internalOnly().forProbes()
    path("ready/", ready, name: "ready").methods(.get).internalOnly().forProbes()
}

/// Says that the process serves; asks nothing else, so that a database that is down restarts no process.
@Sendable func live(_ request: Request) async throws -> Response {
    Response(content: Array(#"{"status":"ok"}"#.utf8), contentType: .json).notKept
}

/// Says whether requests can be answered: 503, and what is broken, while something that the site needs does not answer,
/// and as soon as the server is to stop.
@Sendable func ready(_ request: Request) async throws -> Response {
    guard let site = RunningSite.current else { throw HTTPError(.notFound) }
    let health = site.isDraining ? Health.draining : await site.health()
    return try Response(
        content: health.json(), contentType: .json, status: health.isReady ? .ok : .serviceUnavailable
    ).notKept
}

extension Response {
    /// What was true a moment ago helps nobody.
    fileprivate var notKept: Response {
        var response = self
        response.headers.addMissing([Headers.Field(name: .cacheControl, value: "no-store")])
        return response
    }
}
