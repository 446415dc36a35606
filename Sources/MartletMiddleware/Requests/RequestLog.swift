public import MartletHTTP
import MartletLogging
import MartletRouting

/// Tells one event for each request: `request_finished`, or `request_failed` with the error when a view threw one that
/// has no status of its own.
///
/// The event has `method`, `path`, `route` (the pattern), `status`, `duration` in seconds, and `bytes` (none for a
/// stream whose length nobody knows). Its level is `info`, `warning` from status 400 on, `error` from 500 on. The query
/// is left out: it may hold what users typed.
public struct RequestLog: OrderedMiddleware {
    private static let log = Logger("martlet.request")

    /// Makes the layer; directly inside ``RequestID``.
    public init() {}

    /// What a layer refuses is a request too.
    public static let order: [MiddlewareOrder] = [
        .outside(AllowedHosts.self, because: "requests that are refused are to be logged, too"),
        .outside(SecurityHeaders.self, because: "requests that are redirected are to be logged, too"),
        .outside(CSRFProtection.self, because: "requests that are refused are to be logged, too"),
    ]

    /// Answers the request, and tells it.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        let start = ContinuousClock.now
        do {
            let response = try await next(request)
            Self.tell(request, response, start.duration(to: .now))
            return response
        } catch {
            // Errors are responses here, but for cancellation: the client has gone away.
            Self.log.info(
                "request_cancelled", method: request.method.rawValue, path: request.path,
                duration: start.duration(to: .now))
            throw error
        }
    }

    private static func tell(_ request: Request, _ response: Response, _ duration: Duration) {
        let level = level(of: response.status)
        let failure = response.storage[ResponseError.self].flatMap { $0 is any HTTPResponseError ? nil : $0 }
        guard log.isEnabled(level) else { return }
        var fields = [
            LogField("method", .string(request.method.rawValue)),
            LogField("path", .string(request.path)),
            LogField("route", request.route.map { .string("/" + $0.pattern) } ?? .none),
            LogField("status", response.status.code.logDatum),
            LogField("duration", duration.logDatum),
            LogField("bytes", response.body.length.logDatum),
        ]
        if let failure { fields.append(LogField("error", LoggedError.error(failure).logDatum)) }
        log.log(level, failure == nil ? "request_finished" : "request_failed", fields)
    }

    private static func level(of status: HTTPStatus) -> LogLevel {
        if status.isServerError { return .error }
        return status.isClientError ? .warning : .info
    }
}
