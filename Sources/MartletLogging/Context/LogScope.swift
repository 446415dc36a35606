/// What is ambient: the settings and the context of a task tree. A class, so that a task-local holds one word.
final class LogScope: Sendable {
    let settings: LogSettings
    let context: LogContext

    init(settings: LogSettings, context: LogContext) {
        self.settings = settings
        self.context = context
    }

    /// The scope of this task.
    @TaskLocal static var current = LogScope(settings: .standard, context: LogContext())
}

extension Logger {
    /// Binds values to every event of a task and its children.
    ///
    /// ```swift
    /// try await Logger.withContext(["request_id": id]) { try await respond(to: request) }
    /// ```
    ///
    /// - Parameters:
    ///   - context: The values; they count over values of the same names bound before.
    ///   - operation: What runs with them.
    public static func withContext<R>(
        _ context: LogContext, isolation: isolated (any Actor)? = #isolation, operation: () async throws -> R
    ) async rethrows -> R {
        let outer = LogScope.current
        let scope = LogScope(settings: outer.settings, context: outer.context.merging(context))
        return try await LogScope.$current.withValue(scope, operation: operation, isolation: isolation)
    }

    /// Binds values to every event of an operation that does not suspend; see above.
    public static func withContext<R>(_ context: LogContext, operation: () throws -> R) rethrows -> R {
        let outer = LogScope.current
        let scope = LogScope(settings: outer.settings, context: outer.context.merging(context))
        return try LogScope.$current.withValue(scope, operation: operation)
    }

    /// What is bound for this task, to be handed on: to a queued job, to a page that tells the request's identifier.
    public static var context: LogContext { LogScope.current.context }

    /// Uses settings for a task and its children: once around a program, or around one test.
    ///
    /// ```swift
    /// let sink = MemorySink()
    /// await Logger.with(LogSettings(sink: sink)) { await publish(post) }
    /// #expect(sink.events.map(\.name) == ["post_published"])
    /// ```
    public static func with<R>(
        _ settings: LogSettings, isolation: isolated (any Actor)? = #isolation, operation: () async throws -> R
    ) async rethrows -> R {
        let scope = LogScope(settings: settings, context: LogScope.current.context)
        return try await LogScope.$current.withValue(
            scope,
            operation: {
                try await LogGate.$current.withValue(settings.gate, operation: operation, isolation: isolation)
            }, isolation: isolation)
    }

    /// Uses settings for an operation that does not suspend; see above.
    public static func with<R>(_ settings: LogSettings, operation: () throws -> R) rethrows -> R {
        let scope = LogScope(settings: settings, context: LogScope.current.context)
        return try LogScope.$current.withValue(scope) {
            try LogGate.$current.withValue(settings.gate, operation: operation)
        }
    }

    /// Writes what the sink of this task still holds, and returns when it is written. Call it before the program ends.
    public static func flush() { LogScope.current.settings.sink.flush() }
}
