import Synchronization

/// What is to be done when the response of one request has been sent.
///
/// A part of each request: whoever uses it not pays for two words.
struct AfterResponseQueue: ~Copyable, Sendable {
    private struct State {
        var works: [(work: AfterResponseWork, task: Task<Void, Never>)] = []
        var hasFailed = false
        var report: AfterResponseReport?
        /// The response has been sent, or never will be.
        var isSettled = false
    }

    private let isUsed = Atomic<Bool>(false)

    /// Shared by the view's tasks and the connection; held to look and to change.
    private let state = Mutex(State())

    deinit {
        // A request that nobody has answered: its operations wait for nothing any more.
        if hasWork { state.withLock { for entry in $0.works { entry.work.decide(nil) } } }
    }

    var hasWork: Bool { isUsed.load(ordering: .relaxed) }

    func add(_ work: AfterResponseWork, _ task: Task<Void, Never>) {
        let late = state.withLock { state -> (AfterResponseReport, isDropped: Bool)? in
            guard !state.isSettled else {
                return (state.report ?? { _ in }, state.hasFailed && !work.evenAfterErrors)
            }
            state.works.append((work, task))
            return nil
        }
        isUsed.store(true, ordering: .relaxed)
        guard let (report, isDropped) = late else { return }
        work.decide(isDropped ? nil : AfterResponseWork.Start(report: report) {})
    }

    func note(hasFailed: Bool, report: @escaping AfterResponseReport) {
        state.withLock { state in
            state.hasFailed = state.hasFailed || hasFailed
            state.report = report
        }
    }

    func settle(hasFailed: Bool, report: @escaping AfterResponseReport) -> [Task<Void, Never>] {
        let (works, isFailed, reporter) = state.withLock { state in
            state.isSettled = true
            state.hasFailed = state.hasFailed || hasFailed
            let reporter = state.report ?? report
            state.report = reporter
            defer { state.works = [] }
            return (state.works, state.hasFailed, reporter)
        }
        let wanted = works.filter { !isFailed || $0.work.evenAfterErrors }
        if isFailed { for entry in works where !entry.work.evenAfterErrors { entry.work.decide(nil) } }
        Self.begin(wanted.map(\.work)[...], reporter)
        return wanted.map(\.task)
    }

    /// Lets one operation begin after the other has ended.
    private static func begin(_ works: ArraySlice<AfterResponseWork>, _ report: @escaping AfterResponseReport) {
        guard let first = works.first else { return }
        first.decide(AfterResponseWork.Start(report: report) { begin(works.dropFirst(), report) })
    }
}
