import MartletHTTP
import MartletJSON
import MartletORM
public import MartletRouting

/// The addresses that orchestrators ask: `live/` and `ready/`. A project includes them in one line.
///
/// ```swift
/// let siteURLs = URLs {
///     include("", healthURLs)
///     include("", blogURLs)
/// }
/// ```
public let healthURLs = URLs {
    path("live/", live, name: "live").methods(.get)
    path("ready/", ready, name: "ready").methods(.get)
}

/// Says that the process serves; asks nothing else, so that a database that is down restarts no process.
@Sendable func live(_ request: Request) async throws -> Response {
    Response(content: Array(#"{"status":"ok"}"#.utf8), contentType: .json)
}

/// Says whether requests can be answered: 503, and what is broken, while the database cannot be asked.
@Sendable func ready(_ request: Request) async throws -> Response {
    // What the database says is for the log, which has every failed statement, and not for whoever asks.
    let isUp = (try? await Database.current.rows(Statement("SELECT 1")) { $0.value(at: 0) }) != nil
    let content = JSON.object { object in
        object.field("status", isUp ? "ok" : "unavailable")
        object.object("checks") { checks in checks.field("database", isUp ? "ok" : "failed") }
    }
    return Response(content: content, contentType: .json, status: isUp ? .ok : .serviceUnavailable)
}
