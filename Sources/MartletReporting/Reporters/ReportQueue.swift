import MartletLogging
import MartletTiming
import Synchronization

/// Hands errors to reporters without making whoever has the error wait.
package final class ReportQueue: Sendable {
    private let lanes: [ReportLane]

    /// Makes a queue.
    ///
    /// - Parameter limit: How many reports may wait for each reporter; further ones are dropped and counted.
    package init(_ reporters: [any ErrorReporter], limit: Int = 100) {
        lanes = reporters.map { ReportLane($0, limit: limit) }
    }

    /// Whether nobody wants to hear of errors, so that nothing needs to be found out about them.
    package var isEmpty: Bool { lanes.isEmpty }

    /// Tells the reporters, in tasks that see what is bound to this one.
    package func submit(_ error: any Error, _ context: ErrorContext) {
        for lane in lanes { lane.submit(error, context) }
    }

    /// Waits until everything submitted so far was told, or the task is cancelled.
    package func drain() async {
        for lane in lanes { await lane.drain() }
    }

    /// Waits as ``drain()`` does, but no longer than a grace; what is under way then is cancelled and not waited for.
    package func close(grace: Duration = .seconds(5)) async {
        guard lanes.contains(where: { $0.isBusy }) else { return }
        guard await !runAtMost(grace, { await self.drain() }) else { return }
        for lane in lanes { lane.cancel() }
    }
}

/// The reports of one reporter, one after the other.
private final class ReportLane: Sendable {
    private struct State {
        var waiting = 0
        var dropped = 0
        /// Those that have not ended, the first of which runs; each report waits for the one before it.
        var tasks: [Task<Void, Never>] = []
        var isCancelled = false
    }

    private let reporter: any ErrorReporter
    private let limit: Int
    /// Changed by every request that has failed; held only to count.
    private let state = Mutex(State())

    init(_ reporter: any ErrorReporter, limit: Int) {
        self.reporter = reporter
        self.limit = limit
    }

    var isBusy: Bool { state.withLock { $0.waiting > 0 } }

    func submit(_ error: any Error, _ context: ErrorContext) {
        let isFirstDropped = state.withLock { state -> Bool in
            guard state.waiting < limit, !state.isCancelled else {
                state.dropped += 1
                return state.dropped == 1
            }
            state.waiting += 1
            let before = state.tasks.last
            // A report is not a part of the request whose time may be over.
            let task = TimeLimit.$current.withValue(nil) {
                Task {
                    await before?.value
                    await self.tell(error, context)
                }
            }
            state.tasks.append(task)
            return false
        }
        if isFirstDropped { log.warning("error_reports_dropped", reporter: "\(type(of: reporter))", limit: limit) }
    }

    private func tell(_ error: any Error, _ context: ErrorContext) async {
        if !state.withLock({ $0.isCancelled }) { await reporter.capture(error, context) }
        let dropped = state.withLock { state -> Int in
            state.waiting -= 1
            state.tasks.removeFirst()
            guard state.waiting < limit else { return 0 }
            defer { state.dropped = 0 }
            return state.dropped
        }
        if dropped > 0 { log.warning("error_reports_resumed", reporter: "\(type(of: reporter))", dropped: dropped) }
    }

    func drain() async {
        await state.withLock { $0.tasks.last }?.value
    }

    func cancel() {
        let (tasks, waiting) = state.withLock { state in
            state.isCancelled = true
            return (state.tasks, state.waiting)
        }
        for task in tasks { task.cancel() }
        log.warning("error_reports_abandoned", reporter: "\(type(of: reporter))", reports: waiting)
    }
}

private let log = Logger("martlet.reports")
