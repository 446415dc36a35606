import Synchronization

/// How many connections are open in all workers, and who waits until there are none.
final class ConnectionCount: Sendable {
    private struct State {
        var open = 0
        var isGivenUp = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let limit: Int

    /// Shared by the workers; held only to count.
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Counts a connection that is to be accepted.
    ///
    /// - Returns: Whether the limit allows it.
    func open() -> Bool {
        state.withLock { state in
            guard state.open < limit else { return false }
            state.open += 1
            return true
        }
    }

    /// Takes back what ``open()`` has counted.
    func close() {
        release { state in
            state.open -= 1
            return state.open == 0
        }
    }

    /// Waits until no connection is open.
    func none() async {
        await withCheckedContinuation { waiter in
            let isDone = state.withLock { state in
                if state.open == 0 || state.isGivenUp { return true }
                state.waiters.append(waiter)
                return false
            }
            if isDone { waiter.resume() }
        }
    }

    /// Ends the waiting although connections are open.
    func giveUp() {
        release { state in
            state.isGivenUp = true
            return true
        }
    }

    private func release(_ change: (inout State) -> Bool) {
        let waiters = state.withLock { state in
            guard change(&state) else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
