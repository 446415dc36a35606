import MartletLogging

/// An operation that was to follow a commit, and was run outside any transaction, has failed.
public struct AfterCommitError: Error, Sendable, CustomStringConvertible {
    /// What it threw.
    public let cause: any Error

    /// What happened, and what to do.
    public var description: String {
        "An operation of `afterCommit` failed, and nobody waited for it: \(cause). What is written is kept. Catch errors "
            + "inside of it, or call it in a transaction, which waits."
    }
}

private let log = Logger("martlet.database")

extension Database {
    /// Logs an error that nobody waits for, as `database_error`.
    public static func logError(_ error: any Error) {
        log.error("database_error", error: .error(error))
    }

    /// Tells who hears of a database's errors.
    ///
    /// - Parameter database: `nil` for a task that has none; the error is then logged.
    static func report(_ error: any Error, of database: Database?) {
        guard let database else { return logError(error) }
        database.tell(error)
    }
}
