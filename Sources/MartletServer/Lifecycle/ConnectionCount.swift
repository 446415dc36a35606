import Synchronization

/// How many connections are open in all workers, and who waits until there are none.
final class ConnectionCount: Sendable {
    /// What becomes of a connection that is to be accepted.
    enum Admission {
        /// It is served.
        case served
        /// It is told that there are too many.
        case refused
    }

    private struct State {
        var served = 0
        var refused = 0
        var isGivenUp = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let limit: Int
    private let refusedLimit: Int

    /// Shared by the workers; held only to count.
    private let state = Mutex(State())

    init(_ settings: ServerSettings) {
        limit = settings.maximumConnections
        refusedLimit = settings.connectionLimitAnswer == .refuse ? max(16, limit / 16) : 0
    }

    /// Counts a connection that is to be accepted.
    ///
    /// - Parameter hasRoom: Whether the worker may serve one more.
    /// - Returns: `nil` when it has to wait.
    func open(hasRoom: Bool) -> Admission? {
        state.withLock { state in
            if hasRoom, state.served < limit {
                state.served += 1
                return .served
            }
            // Counted apart: those that leave must not keep new ones out.
            guard state.refused < refusedLimit else { return nil }
            state.refused += 1
            return .refused
        }
    }

    /// How many connections are served.
    var served: Int { state.withLock { $0.served } }

    /// Takes back what ``open(hasRoom:)`` has counted.
    func close(_ admission: Admission) {
        release { state in
            if admission == .served { state.served -= 1 } else { state.refused -= 1 }
            return state.served == 0 && state.refused == 0
        }
    }

    /// Waits until no connection is open.
    func none() async {
        await withCheckedContinuation { waiter in
            let isDone = state.withLock { state in
                if state.served == 0 && state.refused == 0 || state.isGivenUp { return true }
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
