import Synchronization

extension TimeSource {
    /// Waits for a while.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    package func sleep(for duration: Duration) async throws {
        let sleeper = Sleeper()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                sleeper.begin(continuation)
                call(now() + duration) { sleeper.end(.success(())) }
            }
        } onCancel: {
            sleeper.end(.failure(CancellationError()))
        }
    }
}

/// What ends a sleep, the time or the cancellation, whichever comes first.
private final class Sleeper: Sendable {
    private enum State {
        case new
        case asleep(CheckedContinuation<Void, any Error>)
        case ended(Result<Void, any Error>)
    }

    /// Shared by the sleeper and who wakes it; held to change.
    private let state = Mutex(State.new)

    func begin(_ continuation: CheckedContinuation<Void, any Error>) {
        let ended = state.withLock { state -> Result<Void, any Error>? in
            if case .ended(let result) = state { return result }
            state = .asleep(continuation)
            return nil
        }
        if let ended { continuation.resume(with: ended) }
    }

    func end(_ result: Result<Void, any Error>) {
        let waiting = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            switch state {
            case .new: state = .ended(result)
            case .asleep(let continuation):
                state = .ended(result)
                return continuation
            case .ended: break
            }
            return nil
        }
        waiting?.resume(with: result)
    }
}
