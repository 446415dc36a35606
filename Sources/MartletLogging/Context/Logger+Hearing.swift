extension Logger {
    /// Hears the events of a task and its children, which go where they would have gone all the same.
    ///
    /// - Parameters:
    ///   - hear: Called on the thread that tells an event, so it must not wait for anything.
    ///   - operation: What is listened to.
    package static func hearing<R>(
        _ hear: @escaping @Sendable (LogEvent) -> Void, isolation: isolated (any Actor)? = #isolation,
        operation: () async throws -> R
    ) async rethrows -> R {
        let outer = LogScope.current
        let sink = OverheardSink(inner: outer.settings.sink, hear: hear)
        let scope = outer.with(outer.settings.sending(to: sink))
        return try await LogScope.$current.withValue(scope, operation: operation, isolation: isolation)
    }
}

/// Hands on what it gets, and lets another hear it.
private struct OverheardSink: LogSink {
    let inner: any LogSink
    let hear: @Sendable (LogEvent) -> Void

    func receive(_ event: LogEvent) {
        inner.receive(event)
        hear(event)
    }

    func flush(within limit: Duration?) { inner.flush(within: limit) }

    var droppedEvents: Int { inner.droppedEvents }

    func flushWhenProcessEnds() { inner.flushWhenProcessEnds() }
}
