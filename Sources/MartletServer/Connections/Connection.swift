import MartletHTTP
import MartletIO
import MartletTLS

/// One connection: reads requests, calls the handler, writes answers, in one task at a time on one worker.
///
/// `@unchecked Sendable`: everything here is used on `worker` only. The tasks that serve it prefer it, and body and
/// stream, which views may hand to other tasks, go there before they touch anything.
final class Connection: TurnObserver, ReadinessObserver, @unchecked Sendable {
    /// What the deadline is armed for.
    enum Wait {
        case idle, head, body, halfClose, linger
    }

    let worker: Worker
    let readiness: Readiness
    let settings: ServerSettings
    let listener: Listener
    let admission: ConnectionCount.Admission

    /// The address of the client, or of the proxy before it that does not tell.
    var peerAddress: String
    /// What encrypts the connection; `nil` where nothing does.
    var tls: TLSSession?

    var parser: RequestParser
    var input = InputBuffer()
    var output = OutputBuffer()

    /// A request came before, so the connection may idle.
    private(set) var hasAnswered = false
    /// No request follows the one that is being answered.
    var isClosing = false
    /// The other end can no longer be reached.
    var isGone = false
    /// The other end has sent all that it will send.
    var hasPeerFinished = false
    /// The server ends without waiting any longer.
    private(set) var isAborted = false
    /// The server takes no more requests.
    private(set) var isDraining = false
    /// The head that is coming has the time of a server that stops.
    var isHeadCutShort = false

    /// A view is at work, which is to be cancelled when the client goes away.
    var isHandling = false
    var isFlushing = false
    /// Those who wait for ``isFlushing`` to end, in order.
    var flushWaiters: [UnsafeContinuation<Void, Never>] = []
    var isFlushScheduled = false
    /// The client has not taken what was written.
    var isWaitingToWrite = false
    /// Told when the server begins to stop, by a stream or a protocol that would otherwise go on.
    var serverStops: (() -> Void)?
    /// Answers that wait in `output` to be written together.
    var heldAnswers = 0

    /// The deadline has passed since it was armed. Looked at by waits for several reads: what arrives in the turn in
    /// which it passes ends the wait of its own accord.
    private(set) var isOverdue = false
    private var wait = Wait.idle
    /// The task that serves the connection now; `nil` while it waits for a request.
    var task: Task<Void, Never>?
    /// How the wait for a request ended that the connection is to be served after; `nil` for one that begins.
    private var outcome: Readiness.Outcome?
    private var hasBegun = false
    // Made with the connection and needs it: set in the initializer, never `nil` afterwards.
    private var deadline: Deadline?
    /// A deadline of its own, since something may be read, or a half-closed client be waited for, at the same time.
    private(set) lazy var writeDeadline = Deadline(on: worker) { [unowned self] in
        isGone = true
        readiness.interrupt(.expired)
    }

    init(
        _ readiness: Readiness, peerAddress: String, listener: Listener, admission: ConnectionCount.Admission
    ) {
        self.admission = admission
        self.readiness = readiness
        self.peerAddress = peerAddress
        self.listener = listener
        worker = listener.worker
        settings = listener.settings
        parser = RequestParser(limits: settings.headLimits)
        deadline = Deadline(on: worker) { [unowned self] in expire() }
        readiness.peerClosed = { [unowned self] in peerClosed(entirely: $0) }
    }

    /// Notes that something has come while the connection waited without a task.
    func waitEnded(_ outcome: Readiness.Outcome) {
        self.outcome = outcome
        listener.attendants.attend(to: self)
    }

    /// Serves what has come, until the connection waits for a request, or has ended.
    ///
    /// What it calls is `nonisolated(nonsending)`, so that the calls of a request do not each ask the runtime which
    /// executor the task prefers: it is this one.
    nonisolated(nonsending) func attend() async {
        guard await serve() == .ended else { return }
        await finish()
        disarm()
        // Whoever still writes must not reach the next owner of the descriptor's number.
        isGone = true
        readiness.close()
        listener.closed(self)
    }

    /// What comes after the requests that are here.
    private enum Sequel {
        /// Perhaps others: ``waitEnded(_:)`` will tell.
        case waiting
        /// Nothing, and the connection is to be closed.
        case ended
    }

    private nonisolated(nonsending) func serve() async -> Sequel {
        if !hasBegun {
            hasBegun = true
            if listener.hasPreface, await !readPreface() { return .ended }
        }
        while true {
            switch await nextHead(after: outcome) {
            case .head(let head): if admission == .refused { await refuseBeyondLimit() } else { await answer(head) }
            case .later:
                output.lend(to: &listener.memory)
                return .waiting
            case .end: return .ended
            }
            outcome = nil
            hasAnswered = true
            if isClosing || isGone || isAborted { return .ended }
        }
    }

    // MARK: Ending

    /// Takes no further request but one that may be on its way: a busy connection closes after its answer, an idle one
    /// when the listener calls a second time.
    func drain() {
        isDraining = true
        readiness.poke()
        serverStops?()
    }

    /// Ends as soon as the view lets go.
    func abort() {
        isAborted = true
        isDraining = true
        task?.cancel()
        readiness.interrupt(.ended)
    }

    /// Sends what is left and closes so that the client can read it.
    ///
    /// A socket that is closed with unread bytes is reset, and a reset takes an answer that the client has not read
    /// yet with it. So the server says that it has finished, and waits for the client to say the same.
    private nonisolated(nonsending) func finish() async {
        guard !isGone, await flush(), await sayClosing(), !hasPeerFinished else { return }
        Socket.finishWriting(readiness.descriptor)
        guard !isAborted else { return }
        // An idle connection too: a request may have come in since its last read, or be on its way.
        let timeouts = listener.timeouts
        arm(.linger, after: isDraining ? min(timeouts.linger, timeouts.drain) : timeouts.linger)
        var dropped = 0
        while dropped <= settings.maximumDrainedBodySize, !isAborted, !isOverdue {
            switch receive() {
            case .bytes(0), .failed: return
            case .bytes(let count): dropped += count
            case .wouldBlock: guard await receivable() == .ready else { return }
            }
        }
        await waitForDeparture()
    }

    /// Lets a client that still sends read its answer: nothing more is read, so it cannot send for long, and the socket
    /// stays open until the client has gone or the time for that is over.
    private nonisolated(nonsending) func waitForDeparture() async {
        readiness.drained()
        while !isGone, !isAborted, !isOverdue, await readiness.readable() == .ready {
            guard readiness.isPeerClosed else {
                readiness.drained()
                continue
            }
            // All that the client had to say has arrived: no more than a socket holds.
            while case .bytes(1...) = receive() {}
            return
        }
    }

    // MARK: Deadlines

    func arm(_ wait: Wait, after nanoseconds: UInt64) {
        self.wait = wait
        isOverdue = false
        deadline?.arm(worker.now + nanoseconds)
    }

    func disarm() {
        isOverdue = false
        deadline?.disarm()
    }

    private func expire() {
        guard wait != .halfClose else {
            if isWaitingToWrite {
                // Something is on its way: a client that has gone answers it with a reset, and one that is slow has the
                // time of the write.
                arm(.halfClose, after: listener.timeouts.halfClose)
            } else {
                task?.cancel()
            }
            return
        }
        isOverdue = true
        readiness.interrupt(.expired)
    }

    /// The other end has finished sending, or the connection is broken.
    private func peerClosed(entirely: Bool) {
        if entirely { isGone = true }
        guard isHandling else { return }
        if entirely {
            task?.cancel()
        } else {
            arm(.halfClose, after: listener.timeouts.halfClose)
        }
    }

    /// Notes that a view begins, for a client that may have finished sending already.
    func beginHandling() {
        isHandling = true
        if readiness.isPeerClosed { arm(.halfClose, after: listener.timeouts.halfClose) }
    }

    /// Gives a client that has closed its half of the connection its time again, since something was sent to it: one
    /// that had gone away would have answered with a reset.
    func renewHalfClose() {
        if isHandling, readiness.isPeerClosed { arm(.halfClose, after: listener.timeouts.halfClose) }
    }

    func endHandling() {
        isHandling = false
        disarm()
    }
}
