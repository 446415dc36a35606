extension TimeLimit {
    /// Runs an operation under this limit, and cancels it when the time is over.
    ///
    /// The operation runs in a child task: that alone is cancelled, so that whoever set the limit can still work. A child
    /// has the parent's task-local values and its executor, such as the worker of a connection.
    package func run<Result: Sendable>(
        _ operation: @Sendable () async throws -> Result
    ) async throws -> Result {
        async let result = runHere(operation)
        return try await result
    }

    /// Runs an operation in the current task, which is cancelled when the time is over.
    private func runHere<Result>(_ operation: () async throws -> Result) async throws -> Result {
        let cancellation = withUnsafeCurrentTask { $0.map(TaskCancellation.init) }
        guard let cancellation else { return try await TimeLimit.$current.withValue(self) { try await operation() } }
        // Over before it began: it begins cancelled, and says itself what it could not do.
        if !add(cancellation) { cancellation.timeIsOver() }
        defer { remove(cancellation) }
        return try await TimeLimit.$current.withValue(self) { try await operation() }
    }
}

/// Cancels a task when its time is over.
// @unchecked: the task is this class's only property, and `cancel` is one of the calls that other threads may make while
// the task lives. It does: it takes its cancellation out of the limit before it ends, and after that nobody is told.
private final class TaskCancellation: TimeLimitObserver, @unchecked Sendable {
    private let task: UnsafeCurrentTask

    init(_ task: UnsafeCurrentTask) {
        self.task = task
    }

    func timeIsOver() {
        task.cancel()
    }
}
