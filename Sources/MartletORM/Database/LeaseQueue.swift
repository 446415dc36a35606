import Dispatch
import MartletTiming
import Synchronization

/// The line of a ``ConnectionPool``: who gets which connection, and when.
///
/// A connection may have a home, such as the worker that watches its socket; who asks from there gets it before others,
/// within bounds. Without type parameters, as it is passed twice by every statement and would not be specialized.
package final class LeaseQueue: Sendable {
    private struct Waiter {
        let id: UInt64
        let home: ObjectIdentifier?
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<(any DatabaseConnection)?, any Error>
    }

    private struct State {
        var idle: [(connection: any DatabaseConnection, home: ObjectIdentifier?)] = []
        var open = 0
        /// In the order of their coming, which is also that of their deadlines.
        var waiters: [Waiter] = []
        /// How many connections went past the first in line.
        var passes = 0
        var lastID: UInt64 = 0
        var isClosed = false
        var isWatched = false
    }

    /// Shared by all requests; held only to move a connection or a waiter, never across a statement.
    private let state = Mutex(State())

    private let name: String
    private let limit: Int
    private let timeout: Duration
    private let open: @Sendable () async throws -> any DatabaseConnection

    /// How often somebody who asked later, but from the connection's home, is served before the first in line.
    private static let mostPasses = 16

    /// Makes an empty queue; see ``ConnectionPool``.
    package init(
        name: String, limit: Int, timeout: Duration, open: @escaping @Sendable () async throws -> any DatabaseConnection
    ) {
        self.name = name
        self.limit = max(1, limit)
        self.timeout = timeout
        self.open = open
    }

    /// How many connections are open, and how many tasks wait for one.
    package var gauges: (open: Int, idle: Int, waiting: Int) {
        state.withLock { ($0.open, $0.idle.count, $0.waiters.count) }
    }

    private enum Grant: Sendable {
        case connection(any DatabaseConnection)
        case mayOpen
        case wait(UInt64)
        case closed
    }

    /// Takes a connection; opens one while there are fewer than the limit, else waits in turn.
    ///
    /// - Parameter place: Where the caller is. A connection at home there comes first, the one used last before others;
    ///   then a new one; then any.
    package func lease(near place: ObjectIdentifier?) async throws -> any DatabaseConnection {
        let grant = state.withLock { state -> Grant in
            if let grant = grantNow(&state, place) { return grant }
            state.lastID += 1
            return .wait(state.lastID)
        }
        switch grant {
        case .connection(let connection): return connection
        case .closed: throw PoolError(name: name, reason: .closed)
        case .mayOpen: return try await openCounted()
        case .wait(let id):
            if let connection = try await wait(id, place) { return connection }
            return try await openCounted()
        }
    }

    /// What can be had without waiting. An idle connection that was lost makes room for a new one.
    private func grantNow(_ state: inout State, _ place: ObjectIdentifier?) -> Grant? {
        if state.isClosed { return .closed }
        while let index = state.idle.lastIndex(where: { place == nil || $0.home == place }) ?? fallback(state) {
            let connection = state.idle.remove(at: index).connection
            if connection.isUsable { return .connection(connection) }
            state.open -= 1
        }
        guard state.open < limit else { return nil }
        state.open += 1
        return .mayOpen
    }

    private func fallback(_ state: State) -> Int? {
        state.open < limit || state.idle.isEmpty ? nil : state.idle.count - 1
    }

    private func openCounted() async throws -> any DatabaseConnection {
        do {
            return try await open()
        } catch {
            handOn(nil, home: nil)
            throw error
        }
    }

    // MARK: Waiting

    /// Waits in line; `nil` means that a place came free and the caller opens a connection of its own.
    private func wait(_ id: UInt64, _ place: ObjectIdentifier?) async throws -> (any DatabaseConnection)? {
        let limit = TimeLimit.current.map { WaitLimit($0, self, id) }
        defer { limit?.end() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(
                    Waiter(id: id, home: place, deadline: .now + timeout, continuation: continuation), limit)
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
                "No connection to '\(queue.name)' came free before the time limit of \(limit.duration) was over: "
                + "all \(queue.limit) are in use and \(waiting) wait."
            queue.fail(id, DatabaseError(.timeout, message))
        }
    }

    private func enqueue(_ waiter: Waiter, _ limit: WaitLimit?) {
        // Between the look and the wait a connection may have come back, or the task may have been cancelled.
        let (now, mustWatch) = state.withLock { state -> (Grant?, Bool) in
            if let grant = grantNow(&state, waiter.home) { return (grant, false) }
            state.waiters.append(waiter)
            defer { state.isWatched = true }
            return (nil, !state.isWatched)
        }
        switch now {
        case .connection(let connection): waiter.continuation.resume(returning: connection)
        case .mayOpen: waiter.continuation.resume(returning: nil)
        case .closed: waiter.continuation.resume(throwing: PoolError(name: name, reason: .closed))
        case .wait, nil:
            if mustWatch { watch(after: timeout) }
            if Task.isCancelled || limit?.limit.isOver == true { end(waiter.id, limit) }
        }
    }

    /// One timer for all that wait; a timer for each would outlive thousands of waits that end well.
    private func watch(after delay: Duration) {
        DispatchQueue.global().asyncAfter(deadline: .now() + delay.seconds) { [weak self] in self?.failLate() }
    }

    private func failLate() {
        let now = ContinuousClock.now
        let (late, waiting, next) = state.withLock { state in
            let waiting = state.waiters.count
            let late = state.waiters.prefix { $0.deadline <= now }
            state.waiters.removeFirst(late.count)
            state.isWatched = !state.waiters.isEmpty
            return (late, waiting, state.waiters.first?.deadline)
        }
        let error = PoolError(name: name, reason: .timeout(timeout, limit: limit, waiting: waiting))
        for waiter in late { waiter.continuation.resume(throwing: error) }
        if let next { watch(after: now.duration(to: next)) }
    }

    private func fail(_ id: UInt64, _ error: any Error) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(throwing: error)
    }

    // MARK: Giving back

    /// Takes a connection back and hands it to the first in line; one that was lost makes room for a new one.
    ///
    /// - Parameter home: Where the connection is at home.
    package func release(_ connection: any DatabaseConnection, home: ObjectIdentifier?) {
        handOn(connection.isUsable ? connection : nil, home: home)
    }

    private func handOn(_ connection: (any DatabaseConnection)?, home: ObjectIdentifier?) {
        let waiter = state.withLock { state -> Waiter? in
            if !state.waiters.isEmpty { return takeWaiter(&state, home) }
            if let connection, !state.isClosed { state.idle.append((connection, home)) } else { state.open -= 1 }
            return nil
        }
        waiter?.continuation.resume(returning: connection)
    }

    /// The first in line, or the first at the connection's home while that is not unfair.
    private func takeWaiter(_ state: inout State, _ home: ObjectIdentifier?) -> Waiter {
        if home != nil, state.passes < Self.mostPasses,
            let index = state.waiters.firstIndex(where: { $0.home == home }), index > 0
        {
            state.passes += 1
            return state.waiters.remove(at: index)
        }
        state.passes = 0
        return state.waiters.removeFirst()
    }

    /// Refuses further leases and drops the idle connections; those in use are dropped when they come back.
    package func close() -> [any DatabaseConnection] {
        let (idle, waiters) = state.withLock { state in
            state.isClosed = true
            defer {
                state.open -= state.idle.count
                state.idle = []
                state.waiters = []
            }
            return (state.idle, state.waiters)
        }
        for waiter in waiters { waiter.continuation.resume(throwing: PoolError(name: name, reason: .closed)) }
        return idle.map(\.connection)
    }
}
