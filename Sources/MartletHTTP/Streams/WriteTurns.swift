import Synchronization

/// Lets tasks write one after the other, in the order in which they came.
package final class WriteTurns: Sendable {
    private struct State {
        var isTaken = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Shared by the tasks that write; held only to take and give turns, never while one writes.
    private let state = Mutex(State())

    /// Makes turns that nobody has taken.
    package init() {}

    /// Waits for the caller's turn, which ends with ``give()``.
    package nonisolated(nonsending) func take() async {
        if takeNow() { return }
        await withCheckedContinuation { waiter in
            let isFree = state.withLock { state in
                if state.isTaken {
                    state.waiters.append(waiter)
                    return false
                }
                state.isTaken = true
                return true
            }
            if isFree { waiter.resume() }
        }
    }

    /// Takes the turn if nobody has it.
    package func takeNow() -> Bool {
        state.withLock { state in
            defer { state.isTaken = true }
            return !state.isTaken
        }
    }

    /// Ends the caller's turn; the next one's begins.
    package func give() {
        let next = state.withLock { state in
            guard !state.waiters.isEmpty else {
                state.isTaken = false
                return CheckedContinuation<Void, Never>?.none
            }
            // Nobody can slip in between: the turn stays taken.
            return state.waiters.removeFirst()
        }
        next?.resume()
    }
}
