import MartletHTTP
import MartletMiddleware
import MartletReporting
import MartletRouting
import MartletSessions

/// A request as the toolbar tells it: what the debug page tells too, by the same rules about secrets.
struct RecordedRequest: Sendable {
    let summary: RequestSummary
    /// The target as it stood on the request line.
    let target: String
    let id: String?
    let route: RouteInfo?
    let arguments: [(name: String, value: String)]
    /// The keys of the session; `nil` where nobody has asked for it.
    let sessionKeys: [String]?
    /// What the browser wants it for, such as `document`.
    let destination: String?
    /// Whether the client is one that the toolbar is for.
    let isWelcome: Bool

    init(_ request: Request, isWelcome: Bool) {
        summary = RequestSummary(request)
        target = String(request.target.prefix(2_000))
        id = request.id
        route = request.route
        arguments = request.pathArguments.map { argument in
            (argument.name, HiddenNames.shown(String(argument.value.prefix(500)), under: argument.name))
        }
        sessionKeys = request.sessionIfAny?.knownKeys
        destination = request.headers[.secFetchDest]
        self.isWelcome = isWelcome
    }
}

/// A response without its content.
struct RecordedResponse: Sendable {
    let status: HTTPStatus
    let headers: [(name: String, value: String)]
    /// `nil` for a stream whose length nobody knows.
    let length: Int?
    let isLater: Bool
    let duration: Duration
    let processTime: ProcessTime
    let isPage: Bool

    init(_ response: Response, duration: Duration, processTime: ProcessTime) {
        status = response.status
        headers = response.headers.map { field in
            let name = field.name.description
            return (name, HiddenNames.shown(String(field.value.prefix(8_192)), under: name))
        }
        length = response.body.length
        isLater = response.body.runsLater
        self.duration = duration
        self.processTime = processTime
        isPage = response.headers[.contentType]?.lowercased().hasPrefix("text/html") == true
    }
}

extension HeaderName {
    static let secFetchDest = HeaderName(literal: "Sec-Fetch-Dest")
    static let secFetchMode = HeaderName(literal: "Sec-Fetch-Mode")
    static let secFetchSite = HeaderName(literal: "Sec-Fetch-Site")
    static let serverTiming = HeaderName(literal: "Server-Timing")
}
