import Synchronization

/// A time that stands still until a test moves it.
///
/// ```swift
/// let time = ManualTime()
/// let limit = RateLimit(.requests(2, per: .minute), time: time.source)
/// time.advance(by: .seconds(30))
/// ```
public final class ManualTime: Sendable {
    private struct Call {
        let moment: ContinuousClock.Instant
        let operation: @Sendable () -> Void
    }

    private struct State {
        var now: ContinuousClock.Instant
        var calls: [Call] = []
    }

    /// Shared by the test and what it tests; held to look and to change, never while a call runs.
    private let state: Mutex<State>

    private let start: ContinuousClock.Instant

    /// Makes a time that stands at some moment.
    public init() {
        start = .now
        state = Mutex(State(now: start))
    }

    /// The present.
    public var now: ContinuousClock.Instant { state.withLock { $0.now } }

    /// The time since 1970-01-01 UTC: at first that of 2027-01-15, 08:00.
    public var sinceEpoch: Duration { .seconds(1_800_000_000) + start.duration(to: now) }

    /// This time, for whoever takes a source.
    public var source: TimeSource {
        TimeSource(now: { self.now }, sinceEpoch: { self.sinceEpoch }) { moment, operation in
            self.state.withLock { $0.calls.append(Call(moment: moment, operation: operation)) }
            self.advance(by: .zero)
        }
    }

    /// Moves the present, and makes the calls that are due by then, the earliest first.
    public func advance(by duration: Duration) {
        let end = state.withLock { $0.now + duration }
        while let call = nextCall(until: end) { call.operation() }
        state.withLock { $0.now = max($0.now, end) }
    }

    /// Takes out the next call that is due, and moves the present to its moment.
    private func nextCall(until end: ContinuousClock.Instant) -> Call? {
        state.withLock { state in
            let due = state.calls.indices.filter { state.calls[$0].moment <= end }
            guard let next = due.min(by: { state.calls[$0].moment < state.calls[$1].moment }) else { return nil }
            let call = state.calls.remove(at: next)
            state.now = max(state.now, call.moment)
            return call
        }
    }
}
