internal import Synchronization

/// Lets one task work out a value while the others that want the same wait for it: when a popular value expires, the
/// database gets one query and not a hundred.
final class SingleFlight: Sendable {
    /// A value, or the error of the task that worked it out, or nothing where that task was cancelled.
    typealias Outcome = Result<any Sendable, any Error>?

    private struct Flight {
        let number: Int
        var waiting: [Int: CheckedContinuation<Outcome, Never>] = [:]
    }

    private struct State {
        var flights: [String: Flight] = [:]
        var count = 0
    }

    /// Shared by all tasks; held to join or to end a flight.
    private let state = Mutex(State())

    /// How many flights have ended; see ``landings``.
    private let ended = Atomic<Int>(0)

    /// Whether this task works out a value already. Such a task waits for nobody: two tasks that wait for each other's
    /// value, or one for its own, would wait for ever.
    @TaskLocal private static var isLeading = false

    /// What becomes of a task that wants a value.
    enum Role {
        /// It works the value out.
        case leader(Int)
        /// Another has: `nil` where that one was cancelled.
        case follower(Outcome)
        /// It works the value out for itself.
        case alone
    }

    /// A number that grows with each flight that ends. Who has missed a value and finds the number changed when it leads looks
    /// once more: the value may have been stored between its look and its flight.
    var landings: Int { ended.load(ordering: .acquiring) }

    /// Joins the flight of a key, or begins one. A follower returns when the flight has ended.
    func join(_ key: String) async -> Role {
        if Self.isLeading { return .alone }
        let (number, isNew) = state.withLock { state in
            state.count += 1
            if state.flights[key] != nil { return (state.count, false) }
            state.flights[key] = Flight(number: state.count)
            return (state.count, true)
        }
        return isNew ? .leader(number) : .follower(await wait(for: key, as: number))
    }

    /// Works a value out as the leader.
    func lead<R>(
        isolation: isolated (any Actor)? = #isolation, _ work: () async throws -> R
    ) async rethrows -> R {
        try await Self.$isLeading.withValue(true, operation: work, isolation: isolation)
    }

    /// Begins a task that outlives this one. Nobody waits for it, so it may wait for others, whatever this task leads.
    func apart(_ begin: () -> Void) {
        Self.$isLeading.withValue(false, operation: begin)
    }

    /// Whether the flight is still the one of its key; not so after ``forget(_:)``, when its value is out of date.
    func isCurrent(_ number: Int, of key: String) -> Bool {
        state.withLock { $0.flights[key]?.number == number }
    }

    /// Ends a flight, and hands the outcome to all who wait.
    func end(_ number: Int, of key: String, with outcome: Outcome) {
        let waiting = state.withLock { state -> [CheckedContinuation<Outcome, Never>] in
            guard let flight = state.flights[key], flight.number == number else { return [] }
            state.flights[key] = nil
            ended.wrappingAdd(1, ordering: .releasing)
            return Array(flight.waiting.values)
        }
        for continuation in waiting { continuation.resume(returning: outcome) }
    }

    /// Makes sure that nobody gets the outcome of a flight that began before the value changed. Who waits begins anew.
    func forget(_ key: String) {
        let number = state.withLock { $0.flights[key]?.number }
        if let number { end(number, of: key, with: nil) }
    }

    /// The same for all keys.
    func forgetAll() {
        let keys = state.withLock { Array($0.flights.keys) }
        for key in keys { forget(key) }
    }

    private func wait(for key: String, as number: Int) async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let hasEnded = state.withLock { state in
                    guard state.flights[key] != nil, !Task.isCancelled else { return true }
                    state.flights[key]?.waiting[number] = continuation
                    return false
                }
                if hasEnded { continuation.resume(returning: nil) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.flights[key]?.waiting.removeValue(forKey: number) }
            continuation?.resume(returning: nil)
        }
    }
}
