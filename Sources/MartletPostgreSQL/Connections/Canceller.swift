import CPostgreSQL
import Dispatch
import MartletTiming
import Synchronization

/// Asks the server to end the statement of a connection.
///
/// The request travels over a connection of its own, which libpq opens and waits for; so that is done on a queue. The
/// connection is not used again before the request has arrived, or the next statement would be the one that is ended.
// @unchecked: `request` never changes, and libpq lets any thread use it.
final class Canceller: TimeLimitObserver, @unchecked Sendable {
    private enum State {
        case idle
        case running
        case asking
        /// Another request is to follow the one that is on its way.
        case askingAgain
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let request: OpaquePointer?
    private let state = Mutex(State.idle)
    private let hasBeenAsked = Atomic(false)
    private static let queue = DispatchQueue(label: "martlet.postgresql.cancel", attributes: .concurrent)

    init(_ connection: OpaquePointer) {
        request = PQgetCancel(connection)
    }

    deinit {
        PQfreeCancel(request)
    }

    /// Says that a statement begins.
    func begin() {
        hasBeenAsked.store(false, ordering: .relaxed)
        state.withLock { $0 = .running }
    }

    /// Ends the statement of a task whose time is over.
    func timeIsOver() {
        cancel()
    }

    /// Ends the statement that is running; from any thread.
    func cancel() {
        let asks = state.withLock { state in
            guard case .running = state else { return false }
            state = .asking
            return true
        }
        guard asks else { return }
        hasBeenAsked.store(true, ordering: .relaxed)
        Self.queue.async { [self] in
            var message = [CChar](repeating: 0, count: 256)
            // A request that fails leaves the statement to run to its end.
            _ = PQcancel(request, &message, Int32(message.count))
            arrived()
        }
    }

    /// Whether the server was asked since the beginning.
    var hasAsked: Bool { hasBeenAsked.load(ordering: .relaxed) }

    /// Ends the next one of several statements that were sent together, if the one before it was ended.
    func cancelNext() {
        guard hasAsked else { return }
        state.withLock { state in
            if case .asking = state { state = .askingAgain } else { state = .running }
        }
        cancel()
    }

    /// Says that the statement has ended; `false` when a request is still on its way.
    func endAtOnce() -> Bool {
        state.withLock { state in
            switch state {
            case .asking, .askingAgain: return false
            default: state = .idle
            }
            return true
        }
    }

    /// Says that the statement has ended, and waits for a request that is still on its way.
    func end() async {
        if endAtOnce() { return }
        await withCheckedContinuation { continuation in
            let hasArrived = state.withLock { state in
                switch state {
                case .asking, .askingAgain: state = .awaited(continuation)
                default: return true
                }
                return false
            }
            if hasArrived { continuation.resume() }
        }
    }

    private func arrived() {
        var mustAskAgain = false
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            switch state {
            case .awaited(let continuation):
                state = .idle
                return continuation
            case .askingAgain:
                state = .running
                mustAskAgain = true
            default: state = .idle
            }
            return nil
        }
        waiting?.resume()
        if mustAskAgain { cancel() }
    }
}
