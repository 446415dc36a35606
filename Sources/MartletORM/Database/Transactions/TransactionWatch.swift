import MartletTiming

/// Notices a transaction that stays open while its task does something else than talk to the database.
///
/// Looked at when the next statement begins, or the commit: a timer for each transaction would cost more than it tells.
struct TransactionWatch: Sendable {
    let time: TimeSource
    /// How long no statement may run.
    let limit: Duration
    let tell: @Sendable (DatabaseNotice) -> Void

    func look(since quiet: ContinuousClock.Instant, _ place: String, next statement: Statement?) {
        let idle = quiet.duration(to: time.now())
        guard idle > limit else { return }
        tell(.idleTransaction(idle: idle, place: place, next: statement?.sql ?? ""))
    }
}
