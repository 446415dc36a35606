import Synchronization

/// One operation that waits until its request's response has been sent.
///
/// It waits in a task that is made where the operation was registered, so that it finds what is bound there: the
/// request's identifier for the log, the site, the database.
final class AfterResponseWork: Sendable {
    /// Tells of an error, and makes the next operation begin.
    struct Start: Sendable {
        let report: AfterResponseReport
        let ended: @Sendable () -> Void
    }

    private enum State {
        case closed
        case awaited(CheckedContinuation<Start?, Never>)
        case decided(Start?)
    }

    /// Whether it is done although the request has failed.
    let evenAfterErrors: Bool

    /// Shared by the task and whoever ends the request; held to look and to change.
    private let state = Mutex(State.closed)

    init(evenAfterErrors: Bool) {
        self.evenAfterErrors = evenAfterErrors
    }

    /// Makes the task that waits.
    func task(_ operation: @escaping @Sendable () async throws -> Void) -> Task<Void, Never> {
        Task {
            guard let start = await self.start() else { return }
            do {
                // Cut off before it began, when the server's patience was at its end.
                try Task.checkCancellation()
                try await operation()
            } catch {
                await start.report(AfterResponseError(cause: error))
            }
            start.ended()
        }
    }

    private func start() async -> Start? {
        await withCheckedContinuation { continuation in
            let decided = state.withLock { state -> Start?? in
                if case .decided(let start) = state { return .some(start) }
                state = .awaited(continuation)
                return .none
            }
            if case .some(let start) = decided { continuation.resume(returning: start) }
        }
    }

    /// Lets the operation begin, or drops it.
    func decide(_ start: Start?) {
        let waiting = state.withLock { state -> CheckedContinuation<Start?, Never>? in
            defer { state = .decided(start) }
            if case .awaited(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume(returning: start)
    }
}

/// Takes the error of an operation that ran after a response.
package typealias AfterResponseReport = @Sendable (AfterResponseError) async -> Void

/// Tells that an operation failed that ran after a response: the client has an answer, so only the log and the error
/// reporters hear of it.
public struct AfterResponseError: Error, Sendable, CustomStringConvertible {
    /// What the operation threw; `CancellationError` when the server stopped and could not wait any longer.
    public let cause: any Error

    /// What happened.
    public var description: String { "Work after the response failed: \(cause)" }
}
