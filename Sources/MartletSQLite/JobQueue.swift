import Dispatch
import Glibc
import Synchronization

/// Runs the jobs of one connection, one after the other, on a thread that may block.
///
/// To wake a thread takes longer than most statements. While jobs come close behind each other, the thread therefore looks
/// for the next one for a moment before it sleeps, and gives way to any other thread that wants to run. A connection that is
/// asked now and then does not wait like this.
final class JobQueue: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        /// In the order of their coming.
        var jobs: [Job] = []
        /// Whether a thread runs jobs, or looks for one.
        var isRunning = false
        /// When the last job ended.
        var end = ContinuousClock.now
        /// Whether the jobs come close behind each other.
        var isBusy = false
    }

    /// Held only to put jobs in or take them out.
    private let state = Mutex(State())

    /// Set while there are jobs to take, so that looking for them needs no lock.
    private let hasJobs = Atomic(false)

    private let queue: DispatchQueue

    /// Jobs that come within this time of the last one's end come close behind it.
    private static let moment = Duration.microseconds(50)

    /// - Parameter label: The queue's name in a debugger.
    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Adds a job behind the others.
    func add(_ job: @escaping Job) {
        let mustBegin = state.withLock { state in
            state.jobs.append(job)
            hasJobs.store(true, ordering: .releasing)
            guard !state.isRunning else { return false }
            state.isRunning = true
            state.isBusy = state.end.duration(to: .now) < Self.moment
            return true
        }
        if mustBegin { queue.async { self.run() } }
    }

    /// Runs a job on the caller's thread while no other runs or waits.
    ///
    /// - Returns: `nil` when another does, or the job says so.
    func runNow<Result>(_ job: () throws -> Result?) rethrows -> Result? {
        let isFree = state.withLock { state in
            guard !state.isRunning else { return false }
            state.isRunning = true
            return true
        }
        guard isFree else { return nil }
        defer { endNow() }
        return try job()
    }

    /// Lets a thread run what has come meanwhile.
    private func endNow() {
        let mustBegin = state.withLock { state in
            if state.jobs.isEmpty { state.isRunning = false }
            return state.isRunning
        }
        if mustBegin { queue.async { self.run() } }
    }

    private func run() {
        repeat {
            for job in take() { job() }
        } while goesOn()
    }

    private func take() -> [Job] {
        state.withLock { state in
            hasJobs.store(false, ordering: .relaxed)
            defer { state.jobs = [] }
            return state.jobs
        }
    }

    /// Whether there are more jobs, or some come in a moment.
    private func goesOn() -> Bool {
        let end = ContinuousClock.now
        if state.withLock({ $0.isBusy }) {
            while !hasJobs.load(ordering: .acquiring), end.duration(to: .now) < Self.moment { sched_yield() }
        }
        return state.withLock { state in
            if !state.jobs.isEmpty { return true }
            state.isRunning = false
            state.end = end
            return false
        }
    }
}
