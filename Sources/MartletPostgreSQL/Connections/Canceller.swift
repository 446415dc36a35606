import CPostgreSQL
import Dispatch
import MartletTiming
import Synchronization

/// Asks the server to end the statement of a connection.
///
/// The request travels over a connection of its own, which libpq opens and waits for; so that is done on a queue. The
/// connection is not used again before the request has arrived, or the next statement would be the one that is ended.
///
/// A request that arrives before its statement does, such as between preparing and running it, meets nothing and is
/// forgotten by the server. So it is repeated until the statement has ended.
// @unchecked: `request` never changes, and libpq lets any thread use it.
final class Canceller: TimeLimitObserver, @unchecked Sendable {
    private enum State {
        case idle
        case running
        /// A request is on its way.
        case asking
        /// Another request is to follow the one that is on its way.
        case askingAgain
        /// A request has arrived, the one of this number, and the statement has not ended.
        case asked(UInt64)
        /// The statement has ended while a request is on its way.
        case awaited(CheckedContinuation<Void, Never>)

        var isOnItsWay: Bool {
            switch self {
            case .asking, .askingAgain: true
            default: false
            }
        }
    }

    private let request: OpaquePointer?
    private let state = Mutex(State.idle)
    private let requests = Atomic<UInt64>(0)
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
        if asks { ask() }
    }

    private func ask(_ pause: DispatchTimeInterval = shortestPause) {
        Self.queue.async { [self] in send(pause) }
    }

    private func send(_ pause: DispatchTimeInterval) {
        var message = [CChar](repeating: 0, count: 256)
        // A request that fails is repeated, too.
        _ = PQcancel(request, &message, Int32(message.count))
        arrived(pause)
    }

    /// Whether the server was asked to end what is running.
    var hasAsked: Bool {
        state.withLock { state in
            switch state {
            case .idle, .running: false
            case .asking, .askingAgain, .asked, .awaited: true
            }
        }
    }

    /// Whether a request has still to arrive.
    var isOnItsWay: Bool { state.withLock { $0.isOnItsWay } }

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
            if state.isOnItsWay { return false }
            state = .idle
            return true
        }
    }

    /// Says that the statement has ended, and waits for a request that is still on its way.
    func end() async {
        if endAtOnce() { return }
        await withCheckedContinuation { continuation in
            let hasArrived = state.withLock { state in
                guard state.isOnItsWay else {
                    state = .idle
                    return true
                }
                state = .awaited(continuation)
                return false
            }
            if hasArrived { continuation.resume() }
        }
    }

    private func arrived(_ pause: DispatchTimeInterval) {
        let number = requests.add(1, ordering: .relaxed).newValue
        var mustAskAgain = false
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            switch state {
            case .awaited(let continuation):
                state = .idle
                return continuation
            case .askingAgain:
                state = .asking
                mustAskAgain = true
            default: state = .asked(number)
            }
            return nil
        }
        waiting?.resume()
        if mustAskAgain {
            ask()
        } else if waiting == nil {
            Self.queue.asyncAfter(deadline: .now() + pause) { [weak self] in self?.repeatRequest(number, pause) }
        }
    }

    /// Asks once more when nothing has happened since a request has arrived.
    private func repeatRequest(_ number: UInt64, _ pause: DispatchTimeInterval) {
        let asks = state.withLock { state in
            guard case .asked(number) = state else { return false }
            state = .asking
            return true
        }
        if asks { send(Self.longer(pause)) }
    }

    private static let shortestPause = DispatchTimeInterval.milliseconds(20)

    /// Twice as long, up to a second: a server that is busy ending the statement is not to be kept from it.
    private static func longer(_ pause: DispatchTimeInterval) -> DispatchTimeInterval {
        guard case .milliseconds(let milliseconds) = pause else { return pause }
        return .milliseconds(min(1000, milliseconds * 2))
    }
}
