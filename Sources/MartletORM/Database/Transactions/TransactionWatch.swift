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

/// What a database has to tell besides its statements; a site logs it.
public enum DatabaseNotice: Sendable {
    /// A transaction was open for long while no statement of it ran: its task waited for something else, and the
    /// connection, with every row the transaction has locked, for the task.
    ///
    /// - Parameters:
    ///   - idle: How long.
    ///   - place: The file and line of the call of `transaction`.
    ///   - next: The SQL of the statement that came next, without its values.
    case idleTransaction(idle: Duration, place: String, next: String)

    /// A hook of `afterCommit(robust: true)` has thrown.
    case hookFailed(any Error, place: String)
}
