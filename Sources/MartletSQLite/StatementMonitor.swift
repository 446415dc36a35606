import CSQLite

/// What SQLite asks while a statement runs, or waits for another process's lock: whether to go on.
///
/// Used on the connection's queue only, where SQLite calls it.
final class StatementMonitor {
    /// What may end the statement that runs.
    var interruption: Interruption?

    /// How often SQLite may still ask before a statement that holds up a worker is ended; `nil` for others.
    private var questionsLeft: Int?

    /// Whether a statement that holds up a worker was ended, or found a lock.
    private(set) var wasLong = false

    private let patience: Duration

    /// Steps of SQLite's machine between two questions: some microseconds of work.
    private static let steps: Int32 = 1_000

    /// Milliseconds to wait before the lock is tried again; the last one repeats. Short at first, since most locks are
    /// held for a moment only.
    private static let pauses: [Int32] = [1, 2, 5, 10, 15, 20, 25, 50, 100]

    /// - Parameter patience: How long a statement waits for another process's lock.
    init(patience: Duration) {
        self.patience = patience
    }

    private var isInterrupted: Bool { interruption?.isInterrupted ?? false }

    /// Runs a statement that may not take long: some 10,000 steps of SQLite's machine, and no lock.
    func hurrying<Result>(_ work: () throws -> Result) rethrows -> Result {
        (questionsLeft, wasLong) = (10, false)
        defer { questionsLeft = nil }
        return try work()
    }

    private func mustEnd() -> Bool {
        guard let left = questionsLeft else { return isInterrupted }
        questionsLeft = left - 1
        if left <= 0 { wasLong = true }
        return wasLong
    }

    /// Has SQLite ask from now on. The monitor must live as long as the connection.
    func watch(_ handle: OpaquePointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_progress_handler(
            handle, Self.steps,
            { context in StatementMonitor.of(context)?.mustEnd() == true ? 1 : 0 }, context)
        sqlite3_busy_handler(
            handle, { context, tries in StatementMonitor.of(context)?.waits(after: tries) == true ? 1 : 0 }, context)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> StatementMonitor? {
        context.map { Unmanaged<StatementMonitor>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Waits for a lock, unless that has been done long enough.
    ///
    /// - Parameter tries: How often it has waited for this lock.
    private func waits(after tries: Int32) -> Bool {
        if questionsLeft != nil {
            wasLong = true
            return false
        }
        guard !isInterrupted, let pause = Self.pause(after: tries, patience: patience) else { return false }
        sqlite3_sleep(pause)
        return true
    }

    /// How many milliseconds to wait before the lock is tried again; `nil` when that was long enough.
    ///
    /// - Parameters:
    ///   - tries: How often it has been waited for.
    ///   - patience: How long all pauses may be together.
    static func pause(after tries: Int32, patience: Duration) -> Int32? {
        let last = pauses.count - 1
        let past = pauses.prefix(Int(tries)).reduce(0, +) + max(0, tries - Int32(last) - 1) * pauses[last]
        let left = patience - .milliseconds(Int(past))
        guard left > .zero else { return nil }
        let pause = min(.milliseconds(Int(pauses[min(Int(tries), last)])), left)
        return max(1, Int32(pause / .milliseconds(1)))
    }
}
