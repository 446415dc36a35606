internal import Synchronization

/// What is bound for a request while it runs, for all that belongs to it: also for the layers around whoever binds it.
package final class LogBindings: Sendable {
    /// Shared by the tasks of a request; held to add a value or to copy.
    private let bound: Mutex<LogContext>

    /// Begins with what is bound here, and some more.
    package init(_ context: LogContext) {
        bound = Mutex(LogScope.current.whole.merging(context))
    }

    var context: LogContext { bound.withLock { $0 } }

    fileprivate func add(_ context: LogContext) {
        bound.withLock { $0 = $0.merging(context) }
    }
}

extension Logger {
    /// Binds values to every event of the current request from now on, wherever it is told: also to those of the layers around
    /// whoever binds them, such as `request_finished`.
    ///
    /// ```swift
    /// struct Members: Middleware {
    ///     func respond(to request: Request, next: Handler) async throws -> Response {
    ///         if let member = try await member(of: request) { Logger.bind(["user_id": member.id]) }
    ///         return try await next(request)
    ///     }
    /// }
    /// ```
    ///
    /// A request is what runs inside of the layer `RequestID`, with the tasks that it starts. Elsewhere nothing is bound; there
    /// ``withContext(_:isolation:operation:)`` says for how long.
    ///
    /// - Parameter context: The values, in the place of others of the same names; one that ``withContext(_:isolation:operation:)``
    ///   binds inside of the request counts over them.
    ///
    /// Source: structlog, [`bind_contextvars`](https://www.structlog.org/en/stable/contextvars.html).
    public static func bind(_ context: LogContext) { LogScope.current.bindings?.add(context) }

    /// Binds values to every event of a request and its children, and lets ``bind(_:)`` bind more.
    package static func with<R>(
        _ bindings: LogBindings, isolation: isolated (any Actor)? = #isolation, operation: () async throws -> R
    ) async rethrows -> R {
        let scope = LogScope(settings: LogScope.current.settings, context: LogContext(), bindings: bindings)
        return try await LogScope.$current.withValue(scope, operation: operation, isolation: isolation)
    }
}
