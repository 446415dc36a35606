import Synchronization

/// What requests have left to be done after their responses; a server that stops waits for it.
final class AfterResponseTasks: Sendable {
    private struct State {
        var running: [Int: Task<Void, Never>] = [:]
        var lastID = 0
        var isGivenUp = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Shared by the workers; held to add and to take out.
    private let state = Mutex(State())

    /// Counts tasks until they have ended.
    func add(_ tasks: [Task<Void, Never>]) {
        for task in tasks {
            let id = state.withLock { state in
                state.lastID += 1
                state.running[state.lastID] = task
                return state.lastID
            }
            Task {
                await task.value
                release { $0.running[id] = nil }
            }
        }
    }

    /// Waits until none is left.
    func none() async {
        await withCheckedContinuation { waiter in
            let isDone = state.withLock { state in
                if state.running.isEmpty || state.isGivenUp { return true }
                state.waiters.append(waiter)
                return false
            }
            if isDone { waiter.resume() }
        }
    }

    /// Cancels all of them.
    func cancel() {
        for task in state.withLock({ Array($0.running.values) }) { task.cancel() }
    }

    /// Ends the waiting although some are left.
    func giveUp() {
        release { $0.isGivenUp = true }
    }

    private func release(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            guard state.running.isEmpty || state.isGivenUp else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
