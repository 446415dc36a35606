internal import Dispatch
internal import Glibc
internal import Synchronization

/// Keeps lines in order until a thread of their own has written them.
///
/// The memory is bounded. What does not fit, and what the destination has lost, is counted and told by an event
/// `log_events_dropped` as soon as something can be written again.
final class LogQueue: Sendable {
    private let tail: LogTail
    private let destination: any LogDestination
    private let overflow: LogOverflow
    private let notice: @Sendable (LogEvent) -> [UInt8]
    private let queue = DispatchQueue(label: "martlet.log")

    /// Shared by the threads that tell events and the one that writes; held to append or to turn, never to write.
    private let state = Mutex(State())

    /// Used by the writing thread alone.
    private let writing = Mutex(Loss())

    private struct State {
        var isScheduled = false
        /// Not told yet.
        var dropped = 0
        var droppedInAll = 0
        /// How many threads wait for room.
        var waiting = 0
    }

    /// What was lost and is not told yet.
    private struct Loss {
        var count = 0
        var reason = "buffer full"
    }

    private let room = DispatchSemaphore(value: 0)

    /// How long the writing thread looks for further lines before it sleeps: waking it costs the telling thread more
    /// than the line itself.
    private static let linger: UInt32 = 1_000  // microseconds

    /// Makes a queue.
    ///
    /// - Parameters:
    ///   - capacity: How many bytes may wait to be written.
    ///   - notice: Makes a line of an event about the log itself.
    init(
        _ destination: any LogDestination, capacity: Int, overflow: LogOverflow,
        notice: @escaping @Sendable (LogEvent) -> [UInt8]
    ) {
        self.destination = destination
        self.overflow = overflow
        self.notice = notice
        tail = LogTail(capacity: capacity, hasRecords: destination.hasRecords)
    }

    /// Sets where a handler of fatal signals writes.
    func use(_ descriptor: Int32) { tail.descriptor = descriptor }

    /// How many events were dropped or lost so far.
    var droppedEvents: Int { state.withLock { $0.droppedInAll } }

    private enum Taken {
        case kept(mustSchedule: Bool)
        case dropped
        case full
    }

    /// Takes a line or record.
    func receive(_ line: [UInt8]) {
        while true {
            switch take(line) {
            case .kept(let mustSchedule):
                if mustSchedule { writeSoon() }
                return
            case .dropped: return
            case .full: room.wait()
            }
        }
    }

    private func take(_ line: [UInt8]) -> Taken {
        state.withLock { state in
            if tail.append(line) {
                defer { state.isScheduled = true }
                return .kept(mustSchedule: !state.isScheduled)
            }
            // A line that is longer than all the room there is will never fit. Without a writer nobody would make room.
            if overflow == .block, line.count + LogTail.recordOverhead <= tail.capacity, state.isScheduled {
                state.waiting += 1
                return .full
            }
            state.dropped += 1
            state.droppedInAll += 1
            return .dropped
        }
    }

    /// Returns when what was received so far is written, lost or kept for a destination that does not answer.
    ///
    /// The writing thread does it, since a reader that has stopped would hold up whoever writes.
    ///
    /// - Parameter limit: How long to wait at most; `nil` for as long as it takes.
    func flush(within limit: Duration?) {
        let isDone = DispatchSemaphore(value: 0)
        queue.async {
            // What was received so far lies in both halves, and what of it is lost is told after them. There may be no
            // end to what is told meanwhile.
            for _ in 0..<3 {
                guard case .more = self.writeOnce() else { break }
            }
            isDone.signal()
        }
        _ = isDone.wait(timeout: limit.map { .now() + $0 / .seconds(1) } ?? .distantFuture)
    }

    /// Has what waits written when the program ends; see ``LogSink/flushWhenProcessEnds()``.
    func flushWhenProcessEnds() {
        // The program may end by a signal at any time: neither the memory nor a file that is open is ever given back.
        _ = Unmanaged.passRetained(self)
        _ = tail.watch()
    }

    private enum Step: Equatable {
        case more
        case quiet
        case ended
        case later(milliseconds: Int)
    }

    /// Has the writing thread look for lines. A flush that waits comes first, also while there is no end to them.
    private func writeSoon() { queue.async { self.writeUntilQuiet() } }

    private func writeUntilQuiet() {
        switch writeOnce() {
        case .more:
            usleep(Self.linger)
            writeSoon()
        // From now on a handler writes, and nobody needs to be scheduled again.
        case .ended: return
        case .later(let milliseconds):
            queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { self.writeUntilQuiet() }
        case .quiet:
            // What was told since the last look needs another one.
            let isDone = state.withLock { state in
                if !tail.canTurn { state.isScheduled = false }
                return !state.isScheduled
            }
            if !isDone { writeSoon() }
        }
    }

    /// Writes one half of the tail.
    private func writeOnce() -> Step {
        writing.withLock { loss in
            let (hasLines, dropped) = state.withLock { state in
                let hasLines = tail.turn() || tail.hasMore
                defer { state.dropped = 0 }
                // Half of the memory is free now.
                for _ in 0..<state.waiting { room.signal() }
                state.waiting = 0
                return (hasLines, state.dropped)
            }
            if dropped > 0 { loss = Loss(count: loss.count + dropped) }
            guard hasLines else {
                if loss.count > 0 { tellLoss(&loss) }
                return .quiet
            }
            let outcome = destination.write(tail)
            if outcome == .written, loss.count > 0 { tellLoss(&loss) }
            return step(after: outcome, &loss)
        }
    }

    private func step(after outcome: LogOutcome, _ loss: inout Loss) -> Step {
        switch outcome {
        case .written: return .more
        case .lost(let count, let reason):
            loss = Loss(count: loss.count + count, reason: String(cString: strerror(reason)))
            state.withLock { $0.droppedInAll += count }
            return .more
        case .unreachable(let milliseconds): return .later(milliseconds: milliseconds)
        case .ended: return .ended
        }
    }

    /// Tells how many events were lost; where that is lost, too, it is told later.
    private func tellLoss(_ loss: inout Loss) {
        let event = LogEvent(
            microseconds: LogSettings.now(), level: .warning, name: "log_events_dropped", logger: "martlet.logging",
            fields: [LogField("count", .int(loss.count)), LogField("reason", .string(loss.reason))])
        guard tail.appendBehind(notice(event)) else { return }
        switch destination.write(tail) {
        // What is kept will be told with the rest.
        case .written, .unreachable: loss = Loss()
        case .lost, .ended: break
        }
    }
}
