import Synchronization

/// The limits that are under way, so that one timer serves them all.
///
/// Limits of one duration end in the order in which they begin, so each duration has a line of its own, and the head of
/// the line is all that has to be looked at. A timer for each would outlive thousands of requests that are answered in
/// time.
package final class TimeLimitQueue: Sendable {
    /// The limits of one duration, in the order of their ends; those that have ended leave when they reach the head.
    private struct Line {
        let duration: Duration
        var limits: [TimeLimit?] = []
        var head = 0
        /// The number of the limit at place 0.
        var first = 0

        mutating func dropEnded() {
            while head < limits.count, limits[head] == nil { head += 1 }
            guard head > 64, head * 2 > limits.count else { return }
            limits.removeFirst(head)
            first += head
            head = 0
        }
    }

    /// A limit with its place in line.
    package struct Ticket: Sendable {
        package let limit: TimeLimit
        fileprivate let number: Int
    }

    private struct State {
        var lines: [Line] = []
        /// When the timer looks next; `nil` when it does not.
        var watched: ContinuousClock.Instant?
    }

    /// Shared by all requests; held to enter and to leave a line.
    private let state = Mutex(State())

    private let time: TimeSource

    package init(_ time: TimeSource) {
        self.time = time
    }

    /// Begins a limit, which ``end(_:)`` must follow.
    package func begin(_ duration: Duration) -> Ticket {
        let limit = TimeLimit(duration, time)
        let (number, watches) = state.withLock { state in
            let place = state.lines.firstIndex { $0.duration == duration } ?? state.lines.endIndex
            if place == state.lines.endIndex { state.lines.append(Line(duration: duration)) }
            state.lines[place].limits.append(limit)
            let number = state.lines[place].first + state.lines[place].limits.count - 1
            let isEarlier = state.watched.map { limit.end < $0 } ?? true
            if isEarlier { state.watched = limit.end }
            return (number, isEarlier)
        }
        if watches { watch(limit.end) }
        return Ticket(limit: limit, number: number)
    }

    /// Ends a limit whose operation has ended.
    package func end(_ ticket: Ticket) {
        ticket.limit.finish()
        state.withLock { state in
            guard let place = state.lines.firstIndex(where: { $0.duration == ticket.limit.duration }) else { return }
            let index = ticket.number - state.lines[place].first
            guard state.lines[place].limits.indices.contains(index) else { return }
            state.lines[place].limits[index] = nil
            state.lines[place].dropEnded()
        }
    }

    private func watch(_ moment: ContinuousClock.Instant) {
        time.call(moment) { [weak self] in self?.passDue(moment) }
    }

    /// Passes the limits that are due, and sets the timer for the next.
    private func passDue(_ moment: ContinuousClock.Instant) {
        let now = time.now()
        let (due, next) = state.withLock { state in
            // A later limit that ends earlier has set a timer of its own.
            guard state.watched == moment else { return ([TimeLimit](), ContinuousClock.Instant?.none) }
            var due: [TimeLimit] = []
            var next: ContinuousClock.Instant?
            for place in state.lines.indices { Self.take(from: &state.lines[place], now, &due, &next) }
            state.watched = next
            return (due, next)
        }
        for limit in due { limit.pass() }
        if let next { watch(next) }
    }

    private static func take(
        from line: inout Line, _ now: ContinuousClock.Instant, _ due: inout [TimeLimit],
        _ next: inout ContinuousClock.Instant?
    ) {
        line.dropEnded()
        while line.head < line.limits.count, let limit = line.limits[line.head] {
            guard limit.end <= now else {
                next = min(next ?? limit.end, limit.end)
                return
            }
            due.append(limit)
            line.limits[line.head] = nil
            line.dropEnded()
        }
    }
}
