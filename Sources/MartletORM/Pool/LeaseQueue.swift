import MartletTiming
import Synchronization

/// The line of a ``ConnectionPool``: who gets which connection, and when.
///
/// A connection may have a home, such as the worker that watches its socket; who asks from there gets it before others,
/// within bounds. Without type parameters, as it is passed twice by every statement and would not be specialized.
package final class LeaseQueue: Sendable {
    /// Shared by all requests; held only to move a connection or a waiter, never across a statement.
    let state = Mutex(LeaseState())

    let settings: PoolSettings
    private let open: @Sendable () async throws -> any DatabaseConnection

    /// How often somebody who asked later, but from the connection's home, is served before the first in line.
    private static let mostPasses = 16

    /// Makes an empty queue; see ``ConnectionPool``.
    package init(_ settings: PoolSettings, open: @escaping @Sendable () async throws -> any DatabaseConnection) {
        var settings = settings
        settings.limit = max(1, settings.limit)
        self.settings = settings
        self.open = open
    }

    /// How many connections are open, and how many tasks wait for one.
    package var gauges: (open: Int, idle: Int, waiting: Int) {
        state.withLock { ($0.open, $0.idle.count, $0.waiters.count) }
    }

    /// Whether a task waits for a connection.
    package var hasWaiters: Bool { state.withLock { !$0.waiters.isEmpty } }

    /// What the pool has done, and how it is now.
    package var statistics: PoolStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.open = state.open
            statistics.idle = state.idle.count
            statistics.waiting = state.waiters.count
            return statistics
        }
    }

    enum Grant: Sendable {
        case connection(any DatabaseConnection)
        /// One that has been idle for so long that the server is asked first.
        case unsure(any DatabaseConnection)
        case mayOpen
        case wait(UInt64)
        case closed
    }

    /// Takes a connection; opens one while there are fewer than the limit, else waits in turn.
    ///
    /// - Parameter place: Where the caller is. A connection at home there comes first, the one used last before others;
    ///   then a new one; then any.
    package func lease(near place: ObjectIdentifier?) async throws -> any DatabaseConnection {
        let holder = LeaseHolder.here
        let now = settings.time.now()
        let grant = state.withLock { state -> Grant in
            if let grant = grantNow(&state, place, holder, now) { return grant }
            state.lastID += 1
            return .wait(state.lastID)
        }
        switch grant {
        case .connection(let connection): return connection
        case .unsure(let connection): return try await checked(connection, place, holder)
        case .closed: throw PoolError(name: settings.name, reason: .closed)
        case .mayOpen: return try await openCounted(holder)
        case .wait(let id):
            switch try await wait(id, place, holder, since: now) {
            case .connection(let connection)?: return connection
            case .unsure(let connection)?: return try await checked(connection, place, holder)
            default: return try await openCounted(holder)
            }
        }
    }

    /// What can be had without waiting. An idle connection that was lost, or is too old, makes room for a new one.
    func grantNow(
        _ state: inout LeaseState, _ place: ObjectIdentifier?, _ holder: LeaseHolder, _ now: ContinuousClock.Instant
    ) -> Grant? {
        if state.isClosed { return .closed }
        while let index = state.idle.lastIndex(where: { place == nil || $0.home == place }) ?? fallback(state) {
            let lease = state.idle.remove(at: index)
            let idle = lease.since.duration(to: now)
            guard isGood(lease, idle, now) else {
                state.open -= 1
                state.statistics.closed += 1
                continue
            }
            state.hold(lease.connection, holder, opened: lease.opened, now)
            if settings.longLease != nil { watchLeases(&state, now) }
            let isUnsure = settings.checkAfter.map { idle > $0 } ?? false
            return isUnsure ? .unsure(lease.connection) : .connection(lease.connection)
        }
        guard state.open < settings.limit else { return nil }
        state.open += 1
        return .mayOpen
    }

    private func isGood(_ lease: LeaseState.Idle, _ idle: Duration, _ now: ContinuousClock.Instant) -> Bool {
        if let limit = settings.idleTimeout, idle >= limit { return false }
        if let limit = settings.lifetime, lease.opened.duration(to: now) >= limit { return false }
        guard lease.connection.isUsable else { return false }
        // A look at the socket costs as much as a lease; one that was used just now was alive just now.
        return idle < .milliseconds(1) || lease.connection.isConnected
    }

    private func fallback(_ state: LeaseState) -> Int? {
        state.open < settings.limit || state.idle.isEmpty ? nil : state.idle.count - 1
    }

    private func openCounted(_ holder: LeaseHolder) async throws -> any DatabaseConnection {
        do {
            let connection = try await open()
            let now = settings.time.now()
            state.withLock { state in
                state.hold(connection, holder, opened: now, now)
                if settings.longLease != nil { watchLeases(&state, now) }
            }
            return connection
        } catch {
            handOn(nil, home: nil, opened: settings.time.now())
            throw error
        }
    }

    /// Asks the server whether a connection still answers; opens another when it does not.
    ///
    /// The question has a task of its own: one that is cancelled does not wait for the answer, and says nothing about
    /// the connection, which goes back when the answer has come.
    private func checked(
        _ connection: any DatabaseConnection, _ place: ObjectIdentifier?, _ holder: LeaseHolder
    ) async throws -> any DatabaseConnection {
        let (answers, asked) = AsyncStream.makeStream(of: Bool.self)
        let question = TimeLimit.$current.withValue(nil) {
            Task {
                let isAlive = await connection.answers()
                asked.yield(isAlive)
                return isAlive
            }
        }
        switch await answers.first(where: { _ in true }) {
        case true?: return connection
        case false?:
            state.withLock { state in
                _ = state.giveUp(connection)
                state.statistics.closed += 1
            }
            return try await openCounted(holder)
        case nil:
            Task {
                if await question.value { release(connection, home: place) } else { drop(connection) }
            }
            guard let limit = TimeLimit.current, limit.isOver else { throw CancellationError() }
            throw DatabaseError(
                .timeout, "The time limit of \(limit.duration) was over before '\(settings.name)' had answered.")
        }
    }

    /// Makes room for a new connection in place of one that was lost.
    private func drop(_ connection: any DatabaseConnection) {
        state.withLock { state in
            _ = state.giveUp(connection)
            state.statistics.closed += 1
        }
        handOn(nil, home: nil, opened: settings.time.now())
    }

    // MARK: Giving back

    /// Takes a connection back and hands it to the first in line; one that was lost makes room for a new one.
    ///
    /// - Parameter home: Where the connection is at home.
    package func release(_ connection: any DatabaseConnection, home: ObjectIdentifier?) {
        let now = settings.time.now()
        let isUsable = connection.isUsable
        let opened = state.withLock { state in
            let opened = state.giveUp(connection) ?? now
            if !isUsable { state.statistics.closed += 1 }
            return opened
        }
        handOn(isUsable ? connection : nil, home: home, opened: opened)
    }

    private func handOn(
        _ connection: (any DatabaseConnection)?, home: ObjectIdentifier?, opened: ContinuousClock.Instant
    ) {
        let now = settings.time.now()
        let waiter = state.withLock { state -> LeaseState.Waiter? in
            if !state.waiters.isEmpty {
                let waiter = takeWaiter(&state, home)
                state.statistics.waits.add(waiter.since.duration(to: now))
                if let connection { state.hold(connection, waiter.holder, opened: opened, now) }
                return waiter
            }
            if let connection, !state.isClosed {
                state.idle.append(LeaseState.Idle(connection: connection, home: home, opened: opened, since: now))
                watchIdle(&state, now)
            } else {
                state.open -= 1
            }
            return nil
        }
        waiter?.continuation.resume(returning: connection.map { .connection($0) })
    }

    /// The first in line, or the first at the connection's home while that is not unfair.
    private func takeWaiter(_ state: inout LeaseState, _ home: ObjectIdentifier?) -> LeaseState.Waiter {
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
        for waiter in waiters {
            waiter.continuation.resume(throwing: PoolError(name: settings.name, reason: .closed))
        }
        return idle.map(\.connection)
    }
}
