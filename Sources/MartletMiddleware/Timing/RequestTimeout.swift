public import MartletHTTP
import MartletLogging
public import MartletRouting
public import MartletTiming

/// Limits the time that a request may take: when it is over, what the request waits for is given up, and the client gets
/// 503.
///
/// ```swift
/// RequestTimeout(.seconds(10))
///
/// path("report/", report).timeout(.seconds(60))
/// path("import/", importPosts).timeout(nil)
/// ```
///
/// The layers and the view inside run in a task that is cancelled. Statements end at the database with an error of kind
/// `timeout`, and transactions are rolled back; waits for a connection, sleeps and other waits that heed cancellation
/// end. What neither waits nor looks at `Task.isCancelled` goes on to its end, and its answer, though late, is sent. The
/// worker's other connections are not touched, and this one can be used again.
///
/// The time ends when the view returns: what writes a stream or speaks WebSocket has the limits of the server. Reading
/// the request's content counts.
///
/// The event `request_timed_out` has `limit`, `route`, and the error of what was given up, such as the statement.
public struct RequestTimeout: OrderedMiddleware {
    /// A request that is ended is logged, too.
    public static let order: [MiddlewareOrder] = [
        .inside(RequestLog.self, because: "requests that are ended are to be logged, too")
    ]

    private static let log = Logger("martlet.request")

    private let standard: Duration?
    private let limits: TimeLimitQueue

    /// Makes the layer; directly inside ``RequestLog``, so that sessions and the like have a limit, too.
    ///
    /// - Parameters:
    ///   - limit: How long a request may take; `nil` for those routes alone that have ``MartletRouting/Route/timeout(_:)``.
    ///   - time: Where the time comes from; the system's unless told.
    public init(_ limit: Duration?, time: TimeSource = .system) {
        standard = limit
        limits = TimeLimitQueue(time)
    }

    /// Answers the request within its time.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        guard let duration = request.route?.storage[RouteTimeout.self] ?? standard else {
            return try await next(request)
        }
        let ticket = limits.begin(duration)
        defer { limits.end(ticket) }
        do {
            return try await ticket.limit.run { try await next(request) }
        } catch  where ticket.limit.isOver && !(error is any HTTPResponseError) {
            Self.log.warning(
                "request_timed_out", method: request.method.rawValue, path: request.path,
                route: request.route.map { "/" + $0.pattern }, limit: duration, error: .error(error))
            throw RequestTimeoutError(limit: duration, cause: error)
        }
    }
}

/// A request that was given up because its time was over: 503.
///
/// Not 504, which a proxy says of the server behind it (RFC 9110 §15.6.5).
public struct RequestTimeoutError: HTTPResponseError, CustomStringConvertible {
    /// How long the request might have taken.
    public let limit: Duration
    /// What was thrown when it was given up.
    public let cause: any Error

    init(limit: Duration, cause: any Error) {
        self.limit = limit
        self.cause = cause
    }

    /// 503.
    public var status: HTTPStatus { .serviceUnavailable }
    /// What the client is told.
    public var message: String { "The answer took too long. Try again later." }
    /// None.
    public var headers: Headers { Headers() }

    /// What happened, and in the middle of what.
    public var description: String {
        let place = cause is CancellationError ? "" : " It was given up with: \(cause)"
        return "The request took longer than its limit of \(limit).\(place)"
    }
}

/// How long requests of a route may take, in a route's storage; `nil` for as long as they like.
public enum RouteTimeout: RequestStorageKey {
    /// The time, or none.
    public typealias Value = Duration?
}

extension Route {
    /// How long a request to this route may take, in place of what ``RequestTimeout`` says; `nil` for no limit.
    ///
    /// Counts where the layer is; without it no request has a limit.
    public func timeout(_ limit: Duration?) -> Route {
        setting(RouteTimeout.self, to: limit)
    }
}
