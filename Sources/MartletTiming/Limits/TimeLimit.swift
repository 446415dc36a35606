import Synchronization

/// The time that the current task has for what it does: for a request that of its layer `RequestTimeout`, elsewhere that
/// of ``withTimeLimit(_:time:operation:)``.
///
/// Whoever waits for somebody else asks for it: a statement that runs when the time is over is ended at the database.
///
/// ```swift
/// let patience = min(.seconds(5), TimeLimit.current?.remaining ?? .seconds(5))
/// ```
///
/// It ends with the operation it is for: a task that outlives a request that was answered in time has none.
public final class TimeLimit: Sendable {
    /// The limit of the current task; `nil` where there is none.
    @TaskLocal public static var current: TimeLimit?

    /// How long the operation may take.
    public let duration: Duration

    /// When the time is over.
    package let end: ContinuousClock.Instant

    private let now: @Sendable () -> ContinuousClock.Instant
    private let isPassed = Atomic<Bool>(false)

    private struct State {
        var isRunning = true
        var observers: [any TimeLimitObserver] = []
    }

    /// Shared by the operation's tasks and the clock. Held while the observers are told, so that one which has been
    /// removed is not told any more.
    private let state = Mutex(State())

    /// Makes a limit that begins now. Somebody must call ``pass()`` at its end, and ``finish()`` after the operation.
    package init(_ duration: Duration, _ time: TimeSource) {
        self.duration = duration
        now = time.now
        end = time.now() + max(duration, .zero)
    }

    /// Whether the time was over before the operation had ended.
    public var isOver: Bool { isPassed.load(ordering: .acquiring) }

    /// How much is left; zero when the time is over.
    public var remaining: Duration { isOver ? .zero : max(.zero, now().duration(to: end)) }

    /// Has an observer told when the time is over.
    ///
    /// - Returns: `false` when it is over already; then nobody is told.
    package func add(_ observer: any TimeLimitObserver) -> Bool {
        state.withLock { state in
            if isOver { return false }
            if state.isRunning { state.observers.append(observer) }
            return true
        }
    }

    /// Takes an observer out; it is not told after this has returned.
    package func remove(_ observer: any TimeLimitObserver) {
        state.withLock { state in
            guard let place = state.observers.lastIndex(where: { $0 === observer }) else { return }
            state.observers.remove(at: place)
        }
    }

    /// The time is over: tells all who wait.
    package func pass() {
        state.withLock { state in
            guard state.isRunning else { return }
            state.isRunning = false
            isPassed.store(true, ordering: .releasing)
            for observer in state.observers { observer.timeIsOver() }
            state.observers = []
        }
    }

    /// The operation has ended; if that was in time, the limit never passes.
    package func finish() {
        state.withLock { state in
            state.isRunning = false
            state.observers = []
        }
    }
}

/// Who is told when a time is over.
package protocol TimeLimitObserver: AnyObject, Sendable {
    /// Called once, on any thread, and must return at once.
    func timeIsOver()
}
