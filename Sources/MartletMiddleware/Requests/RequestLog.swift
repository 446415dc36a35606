public import MartletHTTP
public import MartletLogging
import MartletRouting

/// Tells the events of each request by django-structlog's names and keys: `request_started`, then `request_finished`, or
/// `request_failed` with the exception when a view threw one that has no status of its own. Where the client goes away
/// first, the last one is `request_cancelled`.
///
/// | event | keys |
/// | --- | --- |
/// | `request_started` | `request`, `user_agent` |
/// | `request_finished` | `code`, `request`, `route` (the pattern), `duration` in seconds, `bytes` |
/// | `request_failed` | the same, and `exception` |
/// | `request_cancelled` | `request`, `route`, `duration` |
///
/// `request` is the method and the path: `GET /posts/7/`. The query is left out: it may hold what users typed. `bytes` is
/// none for a stream whose length nobody knows. The level is `info`, `warning` from status 400 on, `error` from 500 on.
///
/// Source: [django-structlog, events and metadata](https://django-structlog.readthedocs.io/en/latest/events.html).
public struct RequestLog: OrderedMiddleware {
    private static let log = Logger("martlet.request")

    /// Paths that orchestrators ask every few seconds: `/live/` and `/ready/`.
    public static let probePaths: Set<String> = ["/live/", "/ready/"]

    private let started: LogLevel?
    private let tellsAddresses: Bool
    private let quietPaths: Set<String>

    /// Makes the layer; directly inside ``RequestID``.
    ///
    /// - Parameters:
    ///   - started: The level of `request_started`; `nil` leaves it out.
    ///   - tellsAddresses: Whether every event of the request has the client's address as `ip`. It is personal data.
    ///   - quietPaths: Paths whose requests are left out, unless they fail with a status from 500 on.
    public init(
        started: LogLevel? = .info, tellsAddresses: Bool = false, quietPaths: Set<String> = RequestLog.probePaths
    ) {
        self.started = started
        self.tellsAddresses = tellsAddresses
        self.quietPaths = quietPaths
    }

    /// What a layer refuses is a request too.
    public static let order: [MiddlewareOrder] = [
        .outside(AllowedHosts.self, because: "requests that are refused are to be logged, too"),
        .outside(SecurityHeaders.self, because: "requests that are redirected are to be logged, too"),
        .outside(CSRFProtection.self, because: "requests that are refused are to be logged, too"),
    ]

    /// Answers the request, and tells it.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        guard tellsAddresses else { return try await told(request, next) }
        let context: LogContext = ["ip": request.clientAddress]
        var response = try await Logger.withContext(context) { try await told(request, next) }
        if response.body.runsLater {
            response.body = response.body.running { operation in
                try await Logger.withContext(context) { try await operation() }
            }
        }
        return response
    }

    private func told(_ request: Request, _ next: Handler) async throws -> Response {
        let start = ContinuousClock.now
        let isQuiet = quietPaths.contains(request.path)
        if !isQuiet { tellStart(request) }
        do {
            let response = try await next(request)
            if !isQuiet || response.status.isServerError { tell(request, response, start.duration(to: .now)) }
            return response
        } catch {
            // Errors are responses here, but for cancellation: the client has gone away.
            if !isQuiet {
                Self.log.info(
                    "request_cancelled", request: Self.line(request), route: Self.route(request),
                    duration: start.duration(to: .now))
            }
            throw error
        }
    }

    private func tellStart(_ request: Request) {
        guard let started, Self.log.isEnabled(started) else { return }
        let fields = [
            LogField("request", .string(Self.line(request))),
            LogField("user_agent", request.headers[.userAgent].logDatum),
        ]
        Self.log.log(started, "request_started", fields)
    }

    private func tell(_ request: Request, _ response: Response, _ duration: Duration) {
        let level = Self.level(of: response.status)
        let failure = response.storage[ResponseError.self].flatMap { $0 is any HTTPResponseError ? nil : $0 }
        guard Self.log.isEnabled(level) else { return }
        var fields = [
            LogField("code", response.status.code.logDatum),
            LogField("request", .string(Self.line(request))),
            LogField("route", Self.route(request).logDatum),
            LogField("duration", duration.logDatum),
            LogField("bytes", response.body.length.logDatum),
        ]
        if let failure { fields.append(LogField("exception", LoggedError.error(failure).logDatum)) }
        Self.log.log(level, failure == nil ? "request_finished" : "request_failed", fields)
    }

    private static func line(_ request: Request) -> String { "\(request.method.rawValue) \(request.path)" }

    private static func route(_ request: Request) -> String? { request.route.map { "/" + $0.pattern } }

    private static func level(of status: HTTPStatus) -> LogLevel {
        status.isServerError ? .error : status.isClientError ? .warning : .info
    }
}
