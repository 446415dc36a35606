import Synchronization

/// What is to be done when the response of one request has been sent.
///
/// A part of each request: whoever uses it not pays for two words.
struct AfterResponseQueue: ~Copyable, Sendable {
    private struct State {
        var works: [(work: AfterResponseWork, task: Task<Void, Never>)] = []
        var hasFailed = false
        /// Who hears of errors. It gets the request when it is told and does not hold it, or neither would ever go.
        var report: RequestReport?
        /// Takes what begins after the response has been sent.
        var adopt: (@Sendable ([Task<Void, Never>]) -> Void)?
        /// The response has been sent, or never will be.
        var isSettled = false
    }

    /// Takes the error of an operation, and the request that it belongs to.
    typealias RequestReport = @Sendable (AfterResponseError, Request) async -> Void

    /// Whether something was registered, or the response has been sent without.
    private let use = Atomic<UInt8>(Use.none)

    private enum Use {
        static let none: UInt8 = 0
        static let used: UInt8 = 1
        static let closed: UInt8 = 2
    }

    /// Shared by the view's tasks and the connection; held to look and to change.
    private let state = Mutex(State())

    deinit {
        // A request that nobody has answered: its operations wait for nothing any more.
        if hasWork { state.withLock { for entry in $0.works { entry.work.decide(nil) } } }
    }

    var hasWork: Bool { use.load(ordering: .relaxed) == Use.used }

    /// Notes that the response has been sent and nothing waited for it: what comes later begins at once.
    ///
    /// - Returns: Whether something waits after all.
    func closeUnlessUsed() -> Bool {
        let (_, found) = use.compareExchange(
            expected: Use.none, desired: Use.closed, ordering: .sequentiallyConsistent)
        return found == Use.used
    }

    func add(_ work: AfterResponseWork, _ task: Task<Void, Never>, of request: Request) {
        let (_, found) = use.compareExchange(
            expected: Use.none, desired: Use.used, ordering: .sequentiallyConsistent)
        let late = state.withLock { state -> State? in
            guard state.isSettled || found == Use.closed else {
                state.works.append((work, task))
                return nil
            }
            return state
        }
        guard let late else { return }
        guard !late.hasFailed || work.evenAfterErrors else { return work.decide(nil) }
        late.adopt?([task])
        let report = late.report ?? { _, _ in }
        work.decide(AfterResponseWork.Start(report: { await report($0, request) }) {})
    }

    func note(hasFailed: Bool, report: @escaping RequestReport) {
        state.withLock { state in
            state.hasFailed = state.hasFailed || hasFailed
            state.report = report
        }
    }

    /// Lets begin what waits.
    ///
    /// - Parameter adopt: Takes the tasks that are under way, now and later.
    func settle(
        hasFailed: Bool, of request: Request, adopt: @escaping @Sendable ([Task<Void, Never>]) -> Void,
        report: @escaping RequestReport
    ) {
        let (works, isFailed, reporter) = state.withLock { state in
            state.isSettled = true
            state.adopt = adopt
            state.hasFailed = state.hasFailed || hasFailed
            let reporter = state.report ?? report
            state.report = reporter
            defer { state.works = [] }
            return (state.works, state.hasFailed, reporter)
        }
        let wanted = works.filter { !isFailed || $0.work.evenAfterErrors }
        if isFailed { for entry in works where !entry.work.evenAfterErrors { entry.work.decide(nil) } }
        adopt(wanted.map(\.task))
        Self.begin(wanted.map(\.work)[...]) { await reporter($0, request) }
    }

    /// Lets one operation begin after the other has ended.
    private static func begin(_ works: ArraySlice<AfterResponseWork>, _ report: @escaping AfterResponseReport) {
        guard let first = works.first else { return }
        first.decide(AfterResponseWork.Start(report: report) { begin(works.dropFirst(), report) })
    }
}
