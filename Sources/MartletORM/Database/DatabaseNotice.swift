import MartletLogging

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

    /// An operation of `afterCommit` has thrown, and nobody waits for it: it was robust, or there was no transaction.
    case hookFailed(any Error, place: String)
}

private let logger = Logger("martlet.database")

extension Database {
    /// Logs a notice, as `transaction_idle` or `after_commit_failed`.
    public static func log(_ notice: DatabaseNotice) {
        switch notice {
        case .idleTransaction(let idle, let place, let next):
            logger.warning("transaction_idle", seconds: idle.seconds, place: place, next: next)
        case .hookFailed(let error, let place):
            logger.error("after_commit_failed", error: .error(error), place: place)
        }
    }
}
