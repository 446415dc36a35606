/// Runs an operation that may take so long.
///
/// ```swift
/// let rates = try await withTimeLimit(.seconds(2)) { try await exchangeRates() }
/// ```
///
/// When the time is over, the operation is cancelled: statements are ended at the database, sleeps and waits for a
/// connection end. This returns when the operation does; what neither waits nor looks at `Task.isCancelled` goes on to
/// its end, as always with cancellation. A result that comes late all the same is returned.
///
/// Inside another limit that ends earlier, that one counts.
///
/// - Parameters:
///   - duration: How long. Zero and less: the operation begins cancelled.
///   - time: Where the time comes from; the system's unless told.
///   - operation: Runs in a child task.
/// - Throws: ``TimeLimitError`` when the operation throws after the time is over; else what it throws.
public func withTimeLimit<Result: Sendable>(
    _ duration: Duration, time: TimeSource = .system, operation: @Sendable () async throws -> Result
) async throws -> Result {
    let limit = TimeLimit(duration, time)
    if let outer = TimeLimit.current, outer.end <= limit.end { return try await operation() }
    if duration > .zero {
        time.call(limit.end) { [weak limit] in limit?.pass() }
    } else {
        limit.pass()
    }
    defer { limit.finish() }
    do {
        return try await limit.run(operation)
    } catch  where limit.isOver {
        throw TimeLimitError(limit: duration, cause: error)
    }
}

/// Tells that an operation was given up because its time was over.
public struct TimeLimitError: Error, Sendable, CustomStringConvertible {
    /// How long it might have taken.
    public let limit: Duration

    /// What the operation threw when it was given up, such as the error of the statement that ran too long.
    public let cause: any Error

    package init(limit: Duration, cause: any Error) {
        self.limit = limit
        self.cause = cause
    }

    /// What happened, and in the middle of what.
    public var description: String {
        let place = cause is CancellationError ? "" : " It was given up with: \(cause)"
        return "The operation took longer than its limit of \(limit).\(place)"
    }
}
