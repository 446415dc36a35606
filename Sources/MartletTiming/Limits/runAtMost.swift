import Synchronization

/// Runs an operation in a task of its own and waits for its end, but no longer than a while.
///
/// Then it is cancelled, and one that does not heed that goes on by itself: for what a process that ends owes others,
/// and must not be kept by. ``withTimeLimit(_:time:_:)`` waits for what it has ended.
///
/// - Returns: Whether the operation has ended.
package func runAtMost(
    _ duration: Duration, time: TimeSource = .system, _ operation: @escaping @Sendable () async -> Void
) async -> Bool {
    let race = Race()
    // Before the operation begins, which may move a test's time.
    let end = time.now() + duration
    return await withCheckedContinuation { continuation in
        race.begin(continuation)
        let task = Task {
            await operation()
            race.end(true)
        }
        race.watch(
            Task {
                guard (try? await time.sleep(for: time.now().duration(to: end))) != nil else { return }
                task.cancel()
                race.end(false)
            })
    }
}

/// What comes first, the end or the time.
private final class Race: Sendable {
    private struct State {
        var waiter: CheckedContinuation<Bool, Never>?
        var timer: Task<Void, Never>?
    }

    /// Shared by both sides; held to change.
    private let state = Mutex(State())

    func begin(_ waiter: CheckedContinuation<Bool, Never>) {
        state.withLock { $0.waiter = waiter }
    }

    func watch(_ timer: Task<Void, Never>) {
        let isOver = state.withLock { state in
            if state.waiter != nil { state.timer = timer }
            return state.waiter == nil
        }
        if isOver { timer.cancel() }
    }

    func end(_ hasEnded: Bool) {
        let (waiter, timer) = state.withLock { state in
            defer { state = State() }
            return (state.waiter, state.timer)
        }
        timer?.cancel()
        waiter?.resume(returning: hasEnded)
    }
}
