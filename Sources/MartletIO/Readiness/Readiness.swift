/// Whether one descriptor can be read or written, as a worker sees it, and the tasks that wait for it.
///
/// The descriptor is watched from ``Worker/readiness(of:)`` until ``end()`` or ``close()``; it must stay open that long. At most one
/// task waits for reading and one for writing.
///
/// Used on its worker only: by tasks that prefer it as their executor.
public final class Readiness {
    /// Why a wait ended.
    public enum Outcome: Sendable, Hashable {
        /// The descriptor may be ready: try.
        case ready
        /// ``interrupt(_:)`` ended the wait at a deadline.
        case expired
        /// ``interrupt(_:)`` or ``end()`` ended the wait; nothing more is to be done with the descriptor.
        case ended
    }

    /// The descriptor.
    public let descriptor: Int32

    /// Where the worker keeps this watch.
    let token: UInt64

    /// Called when the other end has closed its direction (`false`) or both are broken (`true`).
    public var peerClosed: ((_ entirely: Bool) -> Void)?

    /// Called after each piece of news, for whoever does not wait as a task.
    public var news: (() -> Void)?

    /// Whether the other end has closed, so that a short read does not mean that nothing more comes.
    public private(set) var isPeerClosed = false

    /// Weak: a library's connection may outlive the workers of a server that has stopped.
    private weak let worker: Worker?
    private var canRead = true
    private var canWrite = true
    private var hasEnded = false
    private var reader: UnsafeContinuation<Outcome, Never>?
    private var writer: UnsafeContinuation<Outcome, Never>?
    /// Who waits for reading without a task.
    private var observer: (any ReadinessObserver)?

    init(descriptor: Int32, token: UInt64, worker: Worker) {
        self.descriptor = descriptor
        self.token = token
        self.worker = worker
    }

    /// Whether a read may succeed, as far as is known; saves the call that would only say "not now".
    public var mayRead: Bool { canRead && !hasEnded }

    /// Lets the task that waits for reading try, whatever the system says.
    public func poke() {
        canRead = true
        resumeReader(.ready)
    }

    /// Says that a read has taken all there was: the next wait is for news.
    public func drained() {
        canRead = isPeerClosed
        if Poller.needsRearm && !canRead { worker?.rearm(self) }
    }

    /// Says that a write could not be finished: the next wait is for news.
    public func filled() {
        canWrite = false
        if Poller.needsRearm { worker?.rearm(self) }
    }

    /// Waits until a read may succeed.
    ///
    /// - Returns: ``Outcome/ended`` too when another task waits for reading already.
    public nonisolated(nonsending) func readable() async -> Outcome {
        assertOnWorker()
        if hasEnded { return .ended }
        if canRead { return .ready }
        guard reader == nil && observer == nil else { return .ended }
        // Unsafe only in that nobody counts the resumes; `reader` is emptied by each, and `end` resumes what is left.
        return await withUnsafeContinuation { reader = $0 }
    }

    /// Waits without a task until a read may succeed.
    ///
    /// - Parameter observer: Is told once how the wait ended, unless it ends at once; held until then.
    /// - Returns: How the wait ended at once; `nil` when `observer` will be told. ``Outcome/ended`` too when another waits
    ///   for reading already.
    public func readable(telling observer: any ReadinessObserver) -> Outcome? {
        assertOnWorker()
        if hasEnded { return .ended }
        if canRead { return .ready }
        guard reader == nil && self.observer == nil else { return .ended }
        self.observer = observer
        return nil
    }

    /// Waits until a write may succeed.
    ///
    /// - Returns: ``Outcome/ended`` too when another task waits for writing already.
    public nonisolated(nonsending) func writable() async -> Outcome {
        assertOnWorker()
        if hasEnded { return .ended }
        if canWrite { return .ready }
        guard writer == nil else { return .ended }
        // As in `readable()`.
        return await withUnsafeContinuation { writer = $0 }
    }

    /// News that comes on the worker's thread while another one begins to wait would be missed.
    private func assertOnWorker() {
        assert(worker?.isCurrent != false, "a descriptor is waited for on its worker only")
    }

    /// Asks the system anew, for descriptors whose reads are done by a library that may leave bytes behind.
    ///
    /// Without it, news that came before the wait would be missed, since the system tells each change once.
    public func refresh() {
        canRead = isPeerClosed
        canWrite = false
        worker?.rearm(self)
    }

    /// Ends the waits that are going on.
    public func interrupt(_ outcome: Outcome) {
        resumeReader(outcome)
        resumeWriter(outcome)
    }

    /// Stops watching; closing the descriptor is the caller's. Waits end with ``Outcome/ended``.
    public func end() {
        end(closing: false)
    }

    /// Stops watching and closes the descriptor. Waits end with ``Outcome/ended``.
    ///
    /// - Parameter isCopy: Whether another descriptor of the same socket stays open: the system then goes on telling of
    ///   one that was closed, so it is asked to stop first.
    public func close(isCopy: Bool = false) {
        end(closing: true, isCopy: isCopy)
    }

    private func end(closing: Bool, isCopy: Bool = false) {
        guard !hasEnded else { return }
        hasEnded = true
        peerClosed = nil
        news = nil
        if let worker {
            worker.unwatch(self, closing: closing, isCopy: isCopy)
        } else if closing {
            Socket.close(descriptor)
        }
        interrupt(.ended)
    }

    /// Takes news from the system.
    func changed(readable: Bool, writable: Bool, readClosed: Bool, broken: Bool) {
        let isNews = readClosed && !isPeerClosed
        isPeerClosed = isPeerClosed || readClosed || broken
        if readable || isPeerClosed {
            canRead = true
            resumeReader(.ready)
        }
        if writable || broken {
            canWrite = true
            resumeWriter(.ready)
        }
        if isNews || broken { peerClosed?(broken) }
        news?()
    }

    private func resumeReader(_ outcome: Outcome) {
        if let waiting = observer {
            observer = nil
            waiting.waitEnded(outcome)
        } else if let waiting = reader {
            reader = nil
            waiting.resume(returning: outcome)
        }
    }

    private func resumeWriter(_ outcome: Outcome) {
        guard let waiting = writer else { return }
        writer = nil
        waiting.resume(returning: outcome)
    }
}

/// Waits for a descriptor without a task of its own.
public protocol ReadinessObserver: AnyObject {
    /// Called once on the worker, in the middle of its turn: notes what is to be done, and does it later.
    func waitEnded(_ outcome: Readiness.Outcome)
}
