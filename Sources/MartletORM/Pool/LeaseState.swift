import MartletTiming

/// What a ``LeaseQueue`` knows: its connections, who holds them, and who waits.
struct LeaseState {
    /// A connection that nobody uses.
    struct Idle {
        let connection: any DatabaseConnection
        let home: ObjectIdentifier?
        let opened: ContinuousClock.Instant
        /// When it came back.
        let since: ContinuousClock.Instant
    }

    /// A connection that is lent. It is not kept here, so that one which nobody gives back is at least closed.
    struct Held {
        let connection: ObjectIdentifier
        let holder: LeaseHolder
        let opened: ContinuousClock.Instant
        let since: ContinuousClock.Instant
        var isTold = false
    }

    struct Waiter {
        let id: UInt64
        let home: ObjectIdentifier?
        let holder: LeaseHolder
        let since: ContinuousClock.Instant
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<LeaseQueue.Grant?, any Error>
    }

    var idle: [Idle] = []
    /// As few as the limit allows, so a search from the end is quicker than a dictionary.
    var held: [Held] = []
    var open = 0
    /// In the order of their coming, which is also that of their deadlines.
    var waiters: [Waiter] = []
    /// How many connections went past the first in line.
    var passes = 0
    var lastID: UInt64 = 0
    var isClosed = false
    /// Whether a timer runs for the waits, for the idle connections, for the leases.
    var isWatched = false
    var isIdleWatched = false
    var areLeasesWatched = false
    var statistics = PoolStatistics()

    mutating func hold(
        _ connection: any DatabaseConnection, _ holder: LeaseHolder, opened: ContinuousClock.Instant,
        _ now: ContinuousClock.Instant
    ) {
        statistics.leases += 1
        held.append(Held(connection: ObjectIdentifier(connection), holder: holder, opened: opened, since: now))
    }

    /// - Returns: When the connection was opened; `nil` when it is not one of those that are lent.
    mutating func giveUp(_ connection: any DatabaseConnection) -> ContinuousClock.Instant? {
        let id = ObjectIdentifier(connection)
        guard let index = held.lastIndex(where: { $0.connection == id }) else { return nil }
        return held.remove(at: index).opened
    }

    /// Who holds connections, for messages.
    func holders(_ now: ContinuousClock.Instant) -> [String] {
        PoolError.summary(of: held.map { ($0.holder, $0.since.duration(to: now)) })
    }
}
