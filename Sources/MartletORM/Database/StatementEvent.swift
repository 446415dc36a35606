import Synchronization

/// A statement that has run, as logging, query counting and debug tools see it.
public struct StatementEvent: Sendable {
    /// The SQL text.
    public let sql: String
    /// The bound values; private data, so no log prints them unless told to.
    public let parameters: [SQLValue]
    /// From the call until the last row was decoded, the wait for a connection not counted.
    public let duration: Duration
    /// How many rows were read or changed.
    public let rows: Int
    /// What went wrong; `nil` when nothing did.
    public let error: (any Error)?
    /// The database that it ran on.
    package let database: Database
}

/// Collects the statements that ran while it was observing.
///
/// ```swift
/// let log = StatementLog()
/// try await log.observing { _ = try await Post.objects.all() }
/// #expect(log.statements.count == 1)
/// ```
public final class StatementLog: Sendable {
    private let events = Mutex<[StatementEvent]>([])

    /// The log that hears the current task's statements.
    @TaskLocal static var current: StatementLog?

    private let outer: StatementLog?

    /// Hears each statement on the task that ran it, instead of keeping it.
    private let hear: (@Sendable (StatementEvent) -> Void)?

    /// Makes an empty log; an outer log goes on hearing what this one hears.
    public init() {
        outer = StatementLog.current
        hear = nil
    }

    /// Makes a log that hands on what it hears, and keeps nothing.
    package init(_ hear: @escaping @Sendable (StatementEvent) -> Void) {
        outer = StatementLog.current
        self.hear = hear
    }

    /// The statements so far, in the order they ended.
    public var statements: [StatementEvent] { events.withLock { $0 } }

    /// Runs an operation and hears every statement of it and of its child tasks.
    public func observing<Result>(
        isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
    ) async rethrows -> Result {
        try await StatementLog.$current.withValue(self, operation: operation, isolation: isolation)
    }

    func record(_ event: StatementEvent) {
        if let hear { hear(event) } else { events.withLock { $0.append(event) } }
        outer?.record(event)
    }
}
