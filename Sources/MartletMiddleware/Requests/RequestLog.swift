public import MartletHTTP
import MartletLogging
import MartletRouting

/// Tells one event for each request: `request_finished`, or `request_failed` with the error when a view threw one that
/// has no status of its own.
///
/// The event has `method`, `path`, `route` (the pattern), `status`, `duration` in seconds, `bytes` (none for a stream
/// whose length nobody knows), and `ip`, the client's address. Its level is `info`, `warning` from status 400 on, `error`
/// from 500 on. The query is left out: it may hold what users typed.
///
/// Where the client goes away first, the event is `request_cancelled`. The names are django-structlog's, but for
/// `request_started`: it would be a second line that says nothing more.
public struct RequestLog: OrderedMiddleware {
    private static let log = Logger("martlet.request")

    private let quietPaths: Set<String>

    /// Makes the layer; directly inside ``RequestID``.
    ///
    /// - Parameter quietPaths: Paths that orchestrators ask every few seconds: what succeeds there is told as `debug`.
    public init(quietPaths: Set<String> = ["/live/", "/ready/"]) {
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
        let start = ContinuousClock.now
        do {
            let response = try await next(request)
            tell(request, response, start.duration(to: .now))
            return response
        } catch {
            // Errors are responses here, but for cancellation: the client has gone away.
            Self.log.info(
                "request_cancelled", method: request.method.rawValue, path: request.path,
                route: request.route.map { "/" + $0.pattern }, duration: start.duration(to: .now),
                ip: request.clientAddress)
            throw error
        }
    }

    private func tell(_ request: Request, _ response: Response, _ duration: Duration) {
        let level = level(of: response.status, at: request.path)
        let failure = response.storage[ResponseError.self].flatMap { $0 is any HTTPResponseError ? nil : $0 }
        guard Self.log.isEnabled(level) else { return }
        var fields = [
            LogField("method", .string(request.method.rawValue)),
            LogField("path", .string(request.path)),
            LogField("route", request.route.map { .string("/" + $0.pattern) } ?? .none),
            LogField("status", response.status.code.logDatum),
            LogField("duration", duration.logDatum),
            LogField("bytes", response.body.length.logDatum),
            LogField("ip", .string(request.clientAddress)),
        ]
        if let failure { fields.append(LogField("error", LoggedError.error(failure).logDatum)) }
        Self.log.log(level, failure == nil ? "request_finished" : "request_failed", fields)
    }

    private func level(of status: HTTPStatus, at path: String) -> LogLevel {
        if status.isServerError { return .error }
        if status.isClientError { return .warning }
        return quietPaths.contains(path) ? .debug : .info
    }
}
