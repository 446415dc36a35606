import MartletHTTP
import Synchronization

/// One WebSocket from its handshake to its end: what the handler and other tasks share with the task that reads.
///
/// ``drive()`` reads, answers pings and keeps the time; ``run(_:)`` runs the handler beside it.
final class WebSocketSession: Sendable {
    struct State {
        var inbox = WebSocketInbox()
        /// How it was closed, by whichever end was first.
        var closing: WebSocketClosing?
        /// Our close frame is on its way: no data is sent or delivered after it.
        var hasSentClose = false
        /// The client has closed, or can no longer be understood: nothing that comes is looked at.
        var hasReceivedClose = false
        var isHandlerDone = false
    }

    let connection: any UpgradedConnection
    let settings: WebSocketSettings
    /// Shared by the handler, tasks that send, and the task that reads; held only to look and to change.
    let state = Mutex(State())

    init(_ connection: any UpgradedConnection, _ settings: WebSocketSettings) {
        self.connection = connection
        self.settings = settings
    }

    var closing: WebSocketClosing? { state.withLock { $0.closing } }

    /// Runs the handler until both it and the WebSocket have ended.
    ///
    /// - Throws: What the handler has thrown; else the ``WebSocketViolation`` of the client.
    func run(
        subprotocol: String?, _ handler: @escaping @Sendable (WebSocket) async throws -> Void
    ) async throws {
        let failure = await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask { [self] in await handle { try await handler(WebSocket(self, subprotocol: subprotocol)) } }
            let violation = await drive()
            group.cancelAll()
            let failure = await group.next()
            return failure.flatMap(\.self) ?? violation
        }
        if let failure { throw failure }
    }

    /// Runs the handler and closes behind it.
    ///
    /// - Returns: What it has thrown, unless that is only what it heard of the end of the WebSocket.
    private func handle(_ handler: () async throws -> Void) async -> (any Error)? {
        var failure: (any Error)?
        do {
            try await handler()
        } catch {
            let isOver = closing != nil || Task.isCancelled
            if !isOver || !(error is CancellationError || error is WebSocketError) { failure = error }
        }
        await close(failure == nil ? WebSocketClosing(.normal) : WebSocketClosing(.internalError))
        state.withLock { $0.isHandlerDone = true }
        connection.wake()
        return failure
    }

    // MARK: Sending

    /// Sends one message.
    func send(_ opcode: WebSocketOpcode, _ payload: [UInt8]) async throws {
        if let closing = state.withLock({ $0.hasSentClose ? $0.closing : nil }) { throw WebSocketError.closed(closing) }
        do {
            try await connection.write(
                WebSocketFrameHeader.encode(opcode, length: payload.count), payload, isLast: false)
        } catch is UpgradedConnectionError {
            throw WebSocketError.closed(closing ?? WebSocketClosing(.lost))
        }
    }

    /// Sends a close frame, once.
    func close(_ closing: WebSocketClosing) async {
        let (isFirst, reader) = state.withLock { state in
            guard !state.hasSentClose else { return (false, WebSocketInbox.Waiter?.none) }
            state.hasSentClose = true
            state.closing = state.closing ?? closing
            return (true, state.inbox.end())
        }
        reader?.resume(returning: nil)
        guard isFirst else { return }
        let payload = closing.payload
        // Without a connection there is nobody to tell; the task that reads will find out.
        try? await connection.write(
            WebSocketFrameHeader.encode(.close, length: payload.count), payload, isLast: true)
        // The answer is waited for only so long.
        connection.wake()
    }

    // MARK: Receiving

    /// The client's next message; `nil` when there will be none.
    func nextMessage() async throws -> WebSocketMessage? {
        switch state.withLock({ $0.inbox.take() }) {
        case .end: return nil
        case .none: break
        case .message(let message, let wasFull):
            if wasFull { connection.wake() }
            return message
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait($0) }
        } onCancel: {
            let reader = state.withLock { $0.inbox.removeWaiter() }
            reader?.resume(throwing: CancellationError())
        }
    }

    private func wait(_ reader: WebSocketInbox.Waiter) {
        var leavesRoom = false
        let outcome: Result<WebSocketMessage?, any Error>? = state.withLock { state in
            guard state.inbox.waiter == nil else { return .failure(WebSocketError.readTwice) }
            // Since the first look a message may have come, or the cancellation.
            switch state.inbox.take() {
            case .message(let message, let wasFull):
                leavesRoom = wasFull
                return .success(message)
            case .end: return .success(nil)
            case .none: break
            }
            if Task.isCancelled { return .failure(CancellationError()) }
            state.inbox.wait(reader)
            return nil
        }
        if leavesRoom { connection.wake() }
        if let outcome { reader.resume(with: outcome) }
    }
}
