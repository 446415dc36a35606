import MartletIO

/// The tasks that serve the connections of one worker.
///
/// A connection that waits for its next request has no task. When something has come for it, it is queued here, and a
/// task serves what is queued, one connection after the other; another takes over when a view lets the first one wait.
/// So the frames that a request is answered in lie where the request before it had them, of whatever connection: in the
/// nearest cache of the processor, with thousands of connections too, which pay for no task while they are idle.
///
/// `@unchecked Sendable`: used on `worker` only; the tasks prefer it.
final class Attendants: @unchecked Sendable {
    /// One task.
    ///
    /// `@unchecked Sendable`: as the attendants.
    private final class Attendant: @unchecked Sendable {
        var task: Task<Void, Never>?
        /// Resumed when the task is called, while it is idle.
        var idleness: UnsafeContinuation<Void, Never>?
    }

    private let worker: Worker
    private var queue: [Connection] = []
    private var head = 0
    private var idle: [Attendant] = []
    /// Tasks that have been started and have not begun.
    private var comingCount = 0
    /// A task has been called and has not begun.
    private var isCalled = false
    private var hasEnded = false

    /// Tasks beyond these end when they have nothing to do: so many views waited at once, and do not any longer.
    private static let largestIdleCount = 64

    init(worker: Worker) {
        self.worker = worker
    }

    /// Starts the first task. What is bound to the caller's task is bound for all requests.
    func start(in scope: ConnectionScope?) {
        if let scope { scope { add() } } else { add() }
    }

    /// Lets a connection be served for which something has come.
    func attend(to connection: Connection) {
        queue.append(connection)
        if !isCalled { callIdle() }
    }

    /// Ends the tasks that are idle, and those that come to be.
    func end() {
        hasEnded = true
        for attendant in idle { wake(attendant) }
        idle = []
    }

    // MARK: Tasks

    /// Starts a task, from one of these tasks or in the scope of all: from anywhere else, as from a view that stops the
    /// server, it would inherit what is bound there.
    private func add() {
        comingCount += 1
        let attendant = Attendant()
        attendant.task = worker.run { [self] in
            comingCount -= 1
            await work(as: attendant)
        }
    }

    private nonisolated(nonsending) func work(as attendant: Attendant) async {
        while await isWanted(attendant) {
            while let connection = next() {
                passOn()
                connection.task = attendant.task
                await connection.attend()
                connection.task = nil
                // Cancelled because its client went away: no other client's view may inherit that.
                if Task.isCancelled { return passOn() }
            }
        }
    }

    /// Waits until there is something to do.
    ///
    /// - Returns: Whether there is, and the task is to go on.
    private nonisolated(nonsending) func isWanted(_ attendant: Attendant) async -> Bool {
        if head < queue.count, !isCalled { return true }
        guard !hasEnded, idle.count < Self.largestIdleCount else { return false }
        await withUnsafeContinuation {
            attendant.idleness = $0
            idle.append(attendant)
        }
        isCalled = false
        return true
    }

    /// Sees to it that another task takes what is queued, now or later, if this one has to wait.
    private func passOn() {
        if isCalled || comingCount > 0 { return }
        if idle.isEmpty { add() } else if head < queue.count { callIdle() }
    }

    private func callIdle() {
        // The one that was idle last: its memory is the nearest.
        guard let attendant = idle.popLast() else { return }
        isCalled = true
        wake(attendant)
    }

    private func wake(_ attendant: Attendant) {
        attendant.idleness?.resume()
        attendant.idleness = nil
    }

    private func next() -> Connection? {
        guard head < queue.count else { return nil }
        let connection = queue[head]
        head += 1
        if head == queue.count {
            queue.removeAll(keepingCapacity: true)
            head = 0
        }
        return connection
    }
}
