import MartletORM
import MartletTiming
import Synchronization

/// Lets one statement after the other use a connection: child tasks of a transaction share it.
final class Turn: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var isTaken = false
        var waiting: [Waiter] = []
        var lastID: UInt64 = 0
    }

    /// Held to take, hand on or give up a place in line.
    private let state = Mutex(State())

    /// Takes the turn if nobody has it.
    func take() -> Bool {
        state.withLock { state in
            guard !state.isTaken else { return false }
            state.isTaken = true
            return true
        }
    }

    /// Waits for the turn; whoever has it hands it on.
    ///
    /// - Throws: `CancellationError`, or ``MartletORM/DatabaseError`` of kind `timeout` when the task's time is over
    ///   before; then it has no turn.
    func wait(for statement: Statement) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let limit = TimeLimit.current
        let watch = TurnLimit(self, id)
        defer { limit?.remove(watch) }
        do {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    enqueue(Waiter(id: id, continuation: continuation))
                    // It may have been too late before there was anybody to tell.
                    if Task.isCancelled || limit?.add(watch) == false { giveUp(id) }
                }
            } onCancel: {
                giveUp(id)
            }
        } catch {
            if let limit, limit.isOver { throw limit.timeout(of: statement) }
            throw error
        }
    }

    private func enqueue(_ waiter: Waiter) {
        let isFree = state.withLock { state in
            guard state.isTaken else {
                state.isTaken = true
                return true
            }
            state.waiting.append(waiter)
            return false
        }
        if isFree { waiter.continuation.resume() }
    }

    fileprivate func giveUp(_ id: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiting.remove(at: index)
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    /// Hands the turn to the next in line.
    func leave() {
        let next = state.withLock { state -> Waiter? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.continuation.resume()
    }
}

/// Ends the wait of a task whose time is over.
private final class TurnLimit: TimeLimitObserver {
    private let turn: Turn
    private let id: UInt64

    init(_ turn: Turn, _ id: UInt64) {
        self.turn = turn
        self.id = id
    }

    func timeIsOver() { turn.giveUp(id) }
}
