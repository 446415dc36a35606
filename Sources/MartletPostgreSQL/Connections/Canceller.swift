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
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let request: OpaquePointer?
    private let state = Mutex(State.idle)
    private static let queue = DispatchQueue(label: "martlet.postgresql.cancel", attributes: .concurrent)

    init(_ connection: OpaquePointer) {
        request = PQgetCancel(connection)
    }

    deinit {
        PQfreeCancel(request)
    }

    /// Says that a statement begins.
    func begin() {
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
        Self.queue.async { [self] in
            var message = [CChar](repeating: 0, count: 256)
            // A request that fails leaves the statement to run to its end.
            _ = PQcancel(request, &message, Int32(message.count))
            arrived()
        }
    }

    /// Says that the statement has ended; `false` when a request is still on its way.
    func endAtOnce() -> Bool {
        state.withLock { state in
            if case .asking = state { return false }
            state = .idle
            return true
        }
    }

    /// Says that the statement has ended, and waits for a request that is still on its way.
    func end() async {
        if endAtOnce() { return }
        await withCheckedContinuation { continuation in
            let hasArrived = state.withLock { state in
                guard case .asking = state else { return true }
                state = .awaited(continuation)
                return false
            }
            if hasArrived { continuation.resume() }
        }
    }

    private func arrived() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .idle }
            if case .awaited(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume()
    }
}
