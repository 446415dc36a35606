import MartletLogging
package import MartletTiming
import Synchronization

/// Keeps spans until there are enough to be sent, or some time has passed, and sends them away from the workers.
///
/// A receiver that does not keep up must not stop the program: beyond a limit spans are dropped, and counted.
public final class SpanRecorder: Sendable {
    /// How many spans are kept, and for how long.
    public struct Limits: Sendable, Hashable {
        /// How many wait at most, those that are being sent included: `OTEL_BSP_MAX_QUEUE_SIZE`.
        public var waiting = 2_048
        /// How many are sent together: `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`.
        public var batch = 512
        /// How long they wait for others: `OTEL_BSP_SCHEDULE_DELAY`.
        public var delay = Duration.seconds(5)

        /// The limits of OpenTelemetry's own libraries.
        public init() {}
    }

    /// What a recorder has done since it was made.
    public struct Statistics: Sendable, Hashable {
        /// Spans that were taken by the receiver.
        public internal(set) var sent = 0
        /// Spans that there was no room for.
        public internal(set) var dropped = 0
        /// Spans that the receiver did not take.
        public internal(set) var failed = 0

        /// What one has done that does not exist yet.
        public init() {}
    }

    private struct State {
        var spans: [Span] = []
        var statistics = Statistics()
        /// Sends what waits; one at a time.
        var sending: Task<Void, Never>?
        var isAlarmSet = false
        /// The receiver has failed, which is told once.
        var isOut = false
    }

    let time: TimeSource
    private let limits: Limits
    private let send: @Sendable ([Span]) async throws -> Void

    /// Shared by the workers and the task that sends; held to append and to take.
    private let state = Mutex(State())

    /// Makes a recorder.
    ///
    /// - Parameter send: Sends spans, in a task of its own; what it throws means that they are lost.
    package init(
        limits: Limits = Limits(), time: TimeSource = .system, send: @escaping @Sendable ([Span]) async throws -> Void
    ) {
        self.limits = limits
        self.time = time
        self.send = send
    }

    /// What it has done.
    public var statistics: Statistics { state.withLock { $0.statistics } }

    /// The time since 1970-01-01 UTC.
    package var now: Duration { time.sinceEpoch() }

    /// Takes a span; returns at once.
    package func record(_ span: Span) {
        let mustSetAlarm = state.withLock { state in
            guard state.spans.count < limits.waiting else {
                state.statistics.dropped += 1
                return false
            }
            state.spans.append(span)
            if state.spans.count >= limits.batch { begin(&state) }
            defer { state.isAlarmSet = true }
            return !state.isAlarmSet
        }
        if mustSetAlarm {
            time.call(time.now() + limits.delay) { [weak self] in
                self?.state.withLock { state in
                    state.isAlarmSet = false
                    self?.begin(&state)
                }
            }
        }
    }

    /// Sends everything that was recorded so far, and returns when that is done.
    package func flush() async {
        let task = state.withLock { state in
            begin(&state)
            return state.sending
        }
        await task?.value
    }

    private func begin(_ state: inout State) {
        guard state.sending == nil, !state.spans.isEmpty else { return }
        // Not a part of the request that has filled the batch: not its time limit, nor its trace.
        state.sending = Task.detached { await self.sendAll() }
    }

    private func sendAll() async {
        while let batch = nextBatch() {
            do {
                try await send(batch)
                ended(batch.count, nil)
            } catch {
                ended(batch.count, error)
            }
        }
    }

    private func nextBatch() -> [Span]? {
        state.withLock { state in
            guard !state.spans.isEmpty else {
                state.sending = nil
                return nil
            }
            return Array(state.spans.prefix(limits.batch))
        }
    }

    /// Takes out what was sent: until then it takes up room.
    private func ended(_ count: Int, _ error: (any Error)?) {
        let isNews = state.withLock { state in
            state.spans.removeFirst(count)
            if error == nil { state.statistics.sent += count } else { state.statistics.failed += count }
            defer { state.isOut = error != nil }
            return state.isOut != (error != nil)
        }
        guard isNews else { return }
        if let error {
            log.error("spans_not_sent", spans: count, error: "\(error)")
        } else {
            log.info("spans_sent_again")
        }
    }
}

private let log = Logger("martlet.tracing")
