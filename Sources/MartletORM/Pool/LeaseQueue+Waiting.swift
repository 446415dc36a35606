import MartletTiming
import Synchronization

extension LeaseQueue {
    /// Waits in line; `nil` means that a place came free and the caller opens a connection of its own.
    func wait(
        _ id: UInt64, _ place: ObjectIdentifier?, _ holder: LeaseHolder, since start: ContinuousClock.Instant
    ) async throws -> Grant? {
        let limit = TimeLimit.current.map { WaitLimit($0, self, id) }
        defer { limit?.end() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(
                    LeaseState.Waiter(
                        id: id, home: place, holder: holder, since: start, deadline: start + settings.timeout,
                        continuation: continuation), limit)
            }
        } onCancel: {
            end(id, limit)
        }
    }

    /// Ends the wait of a task that was cancelled, by the limit of its time or otherwise.
    private func end(_ id: UInt64, _ limit: WaitLimit?) {
        if let limit, limit.limit.isOver { limit.timeIsOver() } else { fail(id, CancellationError()) }
    }

    /// Ends a wait when the task's time is over.
    private final class WaitLimit: TimeLimitObserver {
        let limit: TimeLimit
        private let queue: LeaseQueue
        private let id: UInt64

        init(_ limit: TimeLimit, _ queue: LeaseQueue, _ id: UInt64) {
            self.limit = limit
            self.queue = queue
            self.id = id
            _ = limit.add(self)
        }

        func end() { limit.remove(self) }

        func timeIsOver() {
            let waiting = queue.gauges.waiting
            let message =
                "No connection to '\(queue.settings.name)' came free before the time limit of \(limit.duration) was "
                + "over: all \(queue.settings.limit) are in use and \(waiting) wait."
            queue.fail(id, DatabaseError(.timeout, message))
        }
    }

    private func enqueue(_ waiter: LeaseState.Waiter, _ limit: WaitLimit?) {
        // Between the look and the wait a connection may have come back, or the task may have been cancelled.
        let (now, mustWatch) = state.withLock { state -> (Grant?, Bool) in
            if let grant = grantNow(&state, waiter.home, waiter.holder, settings.time.now()) { return (grant, false) }
            state.waiters.append(waiter)
            defer { state.isWatched = true }
            return (nil, !state.isWatched)
        }
        switch now {
        case .connection, .unsure: waiter.continuation.resume(returning: now)
        case .mayOpen: waiter.continuation.resume(returning: nil)
        case .closed: waiter.continuation.resume(throwing: PoolError(name: settings.name, reason: .closed))
        case .wait, nil:
            if mustWatch { watch(until: waiter.deadline) }
            if Task.isCancelled || limit?.limit.isOver == true { end(waiter.id, limit) }
        }
    }

    /// One timer for all that wait; a timer for each would outlive thousands of waits that end well.
    private func watch(until moment: ContinuousClock.Instant) {
        settings.time.call(moment) { [weak self] in self?.failLate() }
    }

    private func failLate() {
        let now = settings.time.now()
        let (late, error, next) = state.withLock { state in
            let waiting = state.waiters.count
            let late = state.waiters.prefix { $0.deadline <= now }
            state.waiters.removeFirst(late.count)
            state.isWatched = !state.waiters.isEmpty
            state.statistics.timeouts += late.count
            let error = PoolError(
                name: settings.name,
                reason: .timeout(settings.timeout, limit: settings.limit, waiting: waiting),
                holders: late.isEmpty ? [] : state.holders(now))
            return (late, error, state.waiters.first?.deadline)
        }
        for waiter in late { waiter.continuation.resume(throwing: error) }
        if let next { watch(until: next) }
    }

    private func fail(_ id: UInt64, _ error: any Error) {
        let waiter = state.withLock { state -> LeaseState.Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(throwing: error)
    }
}
