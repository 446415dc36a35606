import MartletTiming
import Synchronization

/// Ends one statement: when its task is cancelled or its time is over, from any thread.
///
/// SQLite asks now and then whether to go on (see ``StatementMonitor``). `sqlite3_interrupt` would be forgotten when it
/// comes just before the statement begins.
final class Interruption: TimeLimitObserver {
    private let flag = Atomic<Bool>(false)

    /// Whether the statement is to end.
    var isInterrupted: Bool { flag.load(ordering: .relaxed) }

    func interrupt() {
        flag.store(true, ordering: .relaxed)
    }

    func timeIsOver() {
        interrupt()
    }
}
