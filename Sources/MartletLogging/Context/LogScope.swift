/// What is ambient: the settings and the context of a task tree. A class, so that a task-local holds one word.
final class LogScope: Sendable {
    let settings: LogSettings
    /// What is bound for a time.
    let context: LogContext
    /// What is bound for the request, with what was bound before it; `nil` outside of one.
    let bindings: LogBindings?

    init(settings: LogSettings, context: LogContext, bindings: LogBindings? = nil) {
        self.settings = settings
        self.context = context
        self.bindings = bindings
    }

    /// All that is bound.
    var whole: LogContext {
        guard let bindings else { return context }
        return context.fields.isEmpty ? bindings.context : bindings.context.merging(context)
    }

    /// The same with further values.
    func binding(_ more: LogContext) -> LogScope {
        LogScope(settings: settings, context: context.merging(more), bindings: bindings)
    }

    /// The same with other settings.
    func with(_ settings: LogSettings) -> LogScope {
        LogScope(settings: settings, context: context, bindings: bindings)
    }

    /// The scope of this task.
    @TaskLocal static var current = LogScope(settings: .standard, context: LogContext())
}

extension Logger {
    /// Where this task's events go, for what is told on a thread that belongs to no task.
    package static var settings: LogSettings { LogScope.current.settings }

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
        let scope = LogScope.current.binding(context)
        return try await LogScope.$current.withValue(scope, operation: operation, isolation: isolation)
    }

    /// Binds values to every event of an operation that does not suspend; see above.
    public static func withContext<R>(_ context: LogContext, operation: () throws -> R) rethrows -> R {
        let scope = LogScope.current.binding(context)
        return try LogScope.$current.withValue(scope, operation: operation)
    }

    /// What is bound for this task, to be handed on: to a queued job, to a page that tells the request's identifier.
    public static var context: LogContext { LogScope.current.whole }

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
        let scope = LogScope.current.with(settings)
        return try await LogScope.$current.withValue(
            scope,
            operation: {
                try await LogGate.$current.withValue(settings.gate, operation: operation, isolation: isolation)
            }, isolation: isolation)
    }

    /// Uses settings for an operation that does not suspend; see above.
    public static func with<R>(_ settings: LogSettings, operation: () throws -> R) rethrows -> R {
        let scope = LogScope.current.with(settings)
        return try LogScope.$current.withValue(scope) {
            try LogGate.$current.withValue(settings.gate, operation: operation)
        }
    }

    /// Writes what the sink of this task still holds, and returns when it is written. Call it before the program ends.
    ///
    /// - Parameter limit: How long to wait at most, three seconds unless told: a log that nobody reads must not keep a
    ///   program from ending. What is not written by then still waits to be. `nil` for as long as it takes.
    public static func flush(within limit: Duration? = .seconds(3)) {
        LogScope.current.settings.sink.flush(within: limit)
    }
}
