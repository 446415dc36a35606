/// Where a ``LogQueue`` writes: a descriptor, a file that may be moved away, a syslog.
///
/// Asked by one thread at a time, which is no worker's: it may wait for a while.
protocol LogDestination: Sendable {
    /// Whether each record is sent by itself.
    var hasRecords: Bool { get }

    /// Writes the half of the tail that is to be written.
    func write(_ tail: LogTail) -> LogOutcome
}

/// What became of lines.
enum LogOutcome: Sendable, Equatable {
    /// All are written.
    case written
    /// Some are gone for good: how many, and why, as an `errno`.
    case lost(Int, Int32)
    /// Nobody is there to take them; they are kept, to be tried again after so many milliseconds.
    case unreachable(milliseconds: Int)
    /// The program is ending.
    case ended
}

/// What happens when lines come faster than they can be written.
public enum LogOverflow: Sendable, Hashable {
    /// What does not fit is dropped and counted; the program goes on.
    case drop
    /// Whoever tells an event waits until it fits. No line is lost, and a log that cannot be written stops the program.
    case block
}
