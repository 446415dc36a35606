import MartletTiming
import Synchronization

/// An open transaction: the connection it holds, and what is to happen when it commits.
final class Transaction: Sendable {
    /// What runs after the commit.
    struct Hook: Sendable {
        let operation: @Sendable () async throws -> Void
        /// Whether the others run though this one throws.
        let isRobust: Bool
    }

    let connection: any DatabaseConnection

    /// Where it was begun, such as `Blog/views.swift:12`.
    let place: String

    /// Whether a test runs in it: what must be outermost then counts as such.
    let isForTest: Bool

    private struct State {
        var depth = 0
        var isOpen = true
        var hooks: [Hook] = []
        var running = 0
        var lastToLeave: CheckedContinuation<Void, Never>?
        /// Whether the innermost block is to be rolled back though it ends well.
        var isMarked = false
        /// Whether a part of it has failed and could not be undone by itself.
        var isBroken = false
        /// Since when no statement runs; only while somebody watches.
        var quietSince: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let watch: TransactionWatch?

    init(
        _ connection: any DatabaseConnection, place: String = "", isForTest: Bool = false,
        watch: TransactionWatch? = nil
    ) {
        self.connection = connection
        self.place = place
        self.isForTest = isForTest
        self.watch = watch
    }

    /// Whether it can still be used; tasks that were started in it may live longer.
    var isOpen: Bool { state.withLock { $0.isOpen } }

    // MARK: Statements

    /// Takes part with one statement, to be followed by ``leave()``; `false` when the transaction has ended.
    ///
    /// - Throws: ``ORMError/brokenTransaction(_:)`` when nothing of it can be kept any more.
    func enter(_ statement: Statement?) throws(ORMError) -> Bool {
        let (isOpen, isBroken, quiet) = state.withLock { state in
            guard state.isOpen, !state.isBroken else {
                return (state.isOpen, state.isBroken, ContinuousClock.Instant?.none)
            }
            state.running += 1
            return (true, false, state.quietSince.take())
        }
        if isBroken { throw .brokenTransaction(Self.broken) }
        if let quiet { watch?.look(since: quiet, place, next: statement) }
        return isOpen
    }

    func leave() {
        let waiting = state.withLock { state in
            state.running -= 1
            if state.running == 0, let watch { state.quietSince = watch.time.now() }
            return state.running == 0 ? state.lastToLeave.take() : nil
        }
        waiting?.resume()
    }

    /// Begins to measure how long no statement runs.
    func hasBegun() {
        if let watch { state.withLock { $0.quietSince = watch.time.now() } }
    }

    /// Lets no further statement in and waits for those that run: the connection may belong to another task next.
    ///
    /// - Returns: What waits for the commit.
    @discardableResult
    func end(before statement: Statement? = nil) async -> [Hook] {
        if let statement, let quiet = state.withLock({ $0.quietSince.take() }) {
            watch?.look(since: quiet, place, next: statement)
        }
        await withCheckedContinuation { continuation in
            let isQuiet = state.withLock { state in
                state.isOpen = false
                if state.running > 0 { state.lastToLeave = continuation }
                return state.running == 0
            }
            if isQuiet { continuation.resume() }
        }
        return state.withLock { state in
            defer { state.hooks = [] }
            return state.hooks
        }
    }

    // MARK: Nesting

    /// Enters a nested transaction: its depth, and how many hooks there were before it.
    ///
    /// - Parameter level: The depth of the transaction that the task itself is in.
    /// - Throws: ``ORMError/invalidQuery(_:)`` while another task has a nested transaction open.
    func enterSavepoint(at level: Int) throws(ORMError) -> (depth: Int, hooks: Int) {
        let entered = state.withLock { state -> (depth: Int, hooks: Int)? in
            guard state.depth <= level else { return nil }
            state.depth += 1
            return (state.depth, state.hooks.count)
        }
        guard let entered else {
            throw .invalidQuery(
                "Two tasks have a nested transaction open in one transaction at the same time. A connection can only "
                    + "nest them: run one after the other, or put one transaction around all of it.")
        }
        return entered
    }

    /// Leaves a nested transaction; a rollback drops the hooks it added.
    func leaveSavepoint(keepingHooks count: Int?) {
        if let count { dropHooks(keeping: count) }
        state.withLock { $0.depth -= 1 }
    }

    /// Drops the hooks that a nested transaction has added which is rolled back.
    func dropHooks(keeping count: Int) {
        state.withLock { if count < $0.hooks.count { $0.hooks.removeSubrange(count...) } }
    }

    // MARK: Rolling back

    /// Whether the innermost block is to be rolled back; `nil` when the transaction has ended.
    func mark(_ isMarked: Bool) -> Bool {
        state.withLock { state in
            if state.isOpen { state.isMarked = isMarked }
            return state.isOpen
        }
    }

    var isMarked: Bool { state.withLock { $0.isMarked } }

    /// Notes that a part without a savepoint has failed.
    func hasBroken() {
        state.withLock { $0.isBroken = true }
    }

    /// How a block whose operation has returned is to end; the marks are taken away.
    ///
    /// - Returns: Whether it is rolled back in spite of that.
    /// - Throws: ``ORMError/brokenTransaction(_:)``.
    func verdict() throws(ORMError) -> Bool {
        let (isMarked, isBroken) = state.withLock { ($0.isMarked, $0.isBroken) }
        clearMarks()
        if isMarked { return true }
        if isBroken || connection.hasFailedTransaction { throw .brokenTransaction(Self.broken) }
        return false
    }

    func clearMarks() {
        state.withLock {
            $0.isMarked = false
            $0.isBroken = false
        }
    }

    private static let broken =
        "A part of the transaction has failed, and its error was caught inside, so nothing of it can be kept. "
        + "Let the error leave the block, or put the part that may fail into a `transaction { }` of its own, which "
        + "becomes a savepoint."

    // MARK: Hooks

    /// Keeps what is to happen after the commit; `false` when the transaction has ended.
    func add(_ hook: Hook) -> Bool {
        state.withLock { state in
            if state.isOpen { state.hooks.append(hook) }
            return state.isOpen
        }
    }
}
