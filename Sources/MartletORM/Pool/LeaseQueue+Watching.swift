import MartletLogging
import MartletTiming
import Synchronization

extension LeaseQueue {
    // MARK: Idle connections

    /// Has idle connections closed when their time is over; one timer for all.
    func watchIdle(_ state: inout LeaseState, _ now: ContinuousClock.Instant) {
        guard let limit = settings.idleTimeout, !state.isIdleWatched else { return }
        state.isIdleWatched = true
        settings.time.call(now + limit) { [weak self] in self?.closeIdle() }
    }

    private func closeIdle() {
        guard let limit = settings.idleTimeout else { return }
        let now = settings.time.now()
        let (late, next) = state.withLock { state -> ([LeaseState.Idle], ContinuousClock.Instant?) in
            let late = state.idle.filter { $0.since.duration(to: now) >= limit }
            state.idle.removeAll { $0.since.duration(to: now) >= limit }
            state.open -= late.count
            state.statistics.closed += late.count
            let next = state.idle.map(\.since).min()
            state.isIdleWatched = next != nil
            return (late, next.map { $0 + limit })
        }
        // They end where they are let go of, outside of the lock.
        withExtendedLifetime(late) {}
        if let next { settings.time.call(next) { [weak self] in self?.closeIdle() } }
    }

    // MARK: Long leases

    /// Has leases told of that last too long; one timer for all, while there are leases.
    func watchLeases(_ state: inout LeaseState, _ now: ContinuousClock.Instant) {
        guard let limit = settings.longLease, !state.areLeasesWatched else { return }
        state.areLeasesWatched = true
        tellLongLeases(at: now + limit)
    }

    /// A timer belongs to no task, and what it tells goes where the events of the tasks go.
    private func tellLongLeases(at moment: ContinuousClock.Instant) {
        let logging = Logger.settings
        settings.time.call(moment) { [weak self] in Logger.with(logging) { self?.tellLongLeases() } }
    }

    private func tellLongLeases() {
        guard let limit = settings.longLease else { return }
        let now = settings.time.now()
        let (long, next) = state.withLock { state -> ([LongLease], ContinuousClock.Instant?) in
            var long: [LongLease] = []
            for index in state.held.indices where !state.held[index].isTold {
                let duration = state.held[index].since.duration(to: now)
                guard duration >= limit else { continue }
                state.held[index].isTold = true
                long.append(LongLease(pool: settings.name, holder: state.held[index].holder, duration: duration))
            }
            let next = state.held.filter { !$0.isTold }.map(\.since).min()
            state.areLeasesWatched = next != nil
            return (long, next.map { $0 + limit })
        }
        for lease in long { settings.onLongLease?(lease) }
        if let next { tellLongLeases(at: next) }
    }
}
