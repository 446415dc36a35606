import FoundationEssentials
import MartletCache
import MartletLogging
import MartletORM
import MartletTemplates
import Synchronization

/// What the debug toolbar knows of one request: everything that its task, and what that has started, has done.
///
/// It hears through the seams that tracing uses, each bound to the task, so that requests at the same time never mix.
/// What it keeps is bounded; beyond that, events are counted and timed, but not kept.
final class RequestRecord: Sendable {
    /// The record of the current task's request.
    @TaskLocal static var current: RequestRecord?

    /// What was kept so far.
    struct Content: Sendable {
        var statements: [RecordedStatement] = []
        var cacheCalls: [RecordedCacheCall] = []
        var templates: [RenderedTemplate] = []
        var events: [LogEvent] = []
        /// How many there were, those that were not kept included, and how long they took.
        var statementSum = Sum()
        var cacheSum = Sum()
        var templateSum = Sum()
        var eventCount = 0
        /// Known once the view has answered, from where the innermost layer sees it.
        var request: RecordedRequest?
        /// Known once the whole site has answered.
        var response: RecordedResponse?

        var isComplete: Bool { omitted == 0 }
        var omitted: Int {
            statementSum.count - statements.count + cacheSum.count - cacheCalls.count + templateSum.count
                - templates.count + eventCount - events.count
        }
    }

    /// A number and a time.
    struct Sum: Sendable {
        var count = 0
        var time = Duration.zero

        mutating func add(_ duration: Duration) {
            count += 1
            time += duration
        }
    }

    private struct State {
        var content = Content()
        var room = RequestRecord.sizeLimit
        var traces = 0

        /// Takes room for something, if there is enough.
        mutating func take(_ bytes: Int) -> Bool {
            guard bytes <= room else { return false }
            room -= bytes
            return true
        }
    }

    /// The most bytes of one request that are kept, about: fifty of them are what a developer's machine can spare.
    static let sizeLimit = 1 << 19

    /// The longest SQL, and the most of its values, in bytes, that are kept whole.
    static let statementLimit = 1 << 16

    /// Reading the stack costs a fraction of a millisecond, so the lines of a page in a loop are known for its beginning.
    static let traceLimit = 300
    private static let traceDepth = 64

    /// Names the record in addresses; not to be guessed.
    let id = String(UInt64.random(in: .min ... .max) | 1 << 63, radix: 16)
    let date = Date.now
    private let begun = ContinuousClock.now
    let processTime = ProcessTime.now

    /// Filled by the tasks of the request; held only to add or look.
    private let state = Mutex(State())

    var content: Content { state.withLock { $0.content } }

    /// How long it is since the request began.
    var elapsed: Duration { begun.duration(to: .now) }

    /// Runs an operation and hears what it does.
    nonisolated(nonsending) func observing<Result>(
        _ operation: nonisolated(nonsending) () async throws -> Result
    ) async throws -> Result {
        try await RequestRecord.$current.withValue(self) {
            try await TemplateListener.$current.withValue(TemplateListener { self.hear($0) }) {
                try await Logger.hearing({ self.hear($0) }) {
                    try await StatementLog { self.hear($0) }.observing { try await operation() }
                }
            }
        }
    }

    /// Changes what is known of the request or the response.
    func note(_ change: (inout Content) -> Void) {
        state.withLock { change(&$0.content) }
    }

    // MARK: Hearing

    private func hear(_ event: StatementEvent) {
        let start = elapsed - event.duration
        let mayTrace = state.withLock { state in
            state.traces += 1
            return state.traces <= Self.traceLimit
        }
        let trace = mayTrace ? ThrowRecorder.trace(depth: Self.traceDepth) : nil
        let isWhole = event.sql.utf8.count <= Self.statementLimit
        let size = event.parameters.reduce(0) { $0 + $1.size }
        let sql = isWhole ? event.sql : String(decoding: event.sql.utf8.prefix(Self.statementLimit), as: UTF8.self)
        let shape = StatementShape.of(sql)
        let isInTransaction = event.database.isInTransaction
        state.withLock { state in
            state.content.statementSum.add(event.duration)
            guard state.take(2 * sql.utf8.count + min(size, Self.statementLimit) + 1_024) else { return }
            state.content.statements.append(
                RecordedStatement(
                    number: state.content.statements.count + 1, start: start, sql: sql,
                    parameters: isWhole && size <= Self.statementLimit ? event.parameters : nil,
                    duration: event.duration, rows: event.rows, error: event.error.map { "\($0)" },
                    isInTransaction: isInTransaction, database: event.database, trace: trace, shape: shape))
        }
    }

    func hear(_ event: CacheEvent) {
        let call = RecordedCacheCall(event, start: elapsed - event.duration)
        state.withLock { state in
            state.content.cacheSum.add(call.duration)
            guard state.take(call.keys.reduce(128) { $0 + $1.utf8.count + 16 }) else { return }
            state.content.cacheCalls.append(call)
        }
    }

    private func hear(_ template: RenderedTemplate) {
        state.withLock { state in
            state.content.templateSum.add(template.duration)
            guard state.take(template.size) else { return }
            state.content.templates.append(template)
        }
    }

    private func hear(_ event: LogEvent) {
        state.withLock { state in
            state.content.eventCount += 1
            guard state.take(event.size) else { return }
            state.content.events.append(event)
        }
    }
}

extension RenderedTemplate {
    fileprivate var size: Int {
        let names = (names + parents).reduce(name.utf8.count) { $0 + $1.utf8.count + 16 }
        return includes.reduce(128 + names) { $0 + $1.size }
    }
}

extension LogEvent {
    fileprivate var size: Int {
        fields.reduce(128 + name.utf8.count) { $0 + $1.name.utf8.count + $1.value.size + 32 }
    }
}

extension LogDatum {
    fileprivate var size: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .list(let values): values.reduce(16) { $0 + $1.size }
        default: 16
        }
    }
}
