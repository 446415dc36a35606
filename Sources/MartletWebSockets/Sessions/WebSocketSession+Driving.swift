import MartletHTTP
import Synchronization

extension WebSocketSession {
    /// What the session waits for beside the client's bytes, and so what its time is for.
    private enum Phase {
        /// The next ping.
        case open
        /// The client's answer to our close.
        case closing
        /// The handler, which has heard that the client has closed.
        case ending
        /// Nothing.
        case over
    }

    /// How long a handler goes on after the client has closed; then it is cancelled.
    private static let handlerGrace = Duration.milliseconds(500)

    private var phase: Phase {
        state.withLock { state in
            if state.hasReceivedClose { return state.isHandlerDone ? .over : .ending }
            return state.hasSentClose ? .closing : .open
        }
    }

    /// Reads and keeps the time until the WebSocket has ended.
    ///
    /// - Returns: How the client has broken the protocol, if it has.
    func drive() async -> WebSocketViolation? {
        var parser = WebSocketMessageParser(settings)
        var pings = WebSocketPings()
        var violation: WebSocketViolation?
        var phase = Phase.open
        await connection.arm(after: settings.pingInterval)
        while phase != .over {
            let isReading = state.withLock { !$0.inbox.isFull || $0.hasSentClose || $0.hasReceivedClose }
            switch await connection.next(reading: isReading) {
            case .bytes(var bytes):
                violation = await receive(&bytes, &parser, &pings) ?? violation
            case .end:
                lose("The connection was lost.")
                return violation
            case .expired:
                guard phase == .open, await ping(&pings, isReading) else { return violation }
            case .stopping:
                await close(WebSocketClosing(.goingAway, "The server is stopping."))
            case .woken:
                break
            }
            let next = self.phase
            if next != phase { await connection.arm(after: time(for: next)) }
            phase = next
        }
        return violation
    }

    private func time(for phase: Phase) -> Duration? {
        switch phase {
        case .open: settings.pingInterval
        case .closing: settings.closeTimeout
        case .ending: Self.handlerGrace
        case .over: nil
        }
    }

    /// Asks for a sign of life.
    ///
    /// - Returns: `false` when the last one has not come.
    private func ping(_ pings: inout WebSocketPings, _ isReading: Bool) async -> Bool {
        await connection.arm(after: settings.pingInterval)
        // What is not read cannot be missed: the handler is slow, not the client.
        guard isReading else { return true }
        guard let payload = pings.next() else {
            lose("The client did not answer a ping.")
            return false
        }
        try? await send(.ping, payload)
        return true
    }

    /// The client is gone without a close frame: nothing is sent, and the messages end.
    private func lose(_ reason: String) {
        let reader = state.withLock { state in
            state.closing = state.closing ?? WebSocketClosing(.lost, reason)
            state.hasSentClose = true
            state.hasReceivedClose = true
            return state.inbox.end()
        }
        reader?.resume(returning: nil)
    }

    /// Takes bytes of the client.
    ///
    /// - Returns: What was wrong with them.
    private func receive(
        _ bytes: inout [UInt8], _ parser: inout WebSocketMessageParser, _ pings: inout WebSocketPings
    ) async -> WebSocketViolation? {
        guard !state.withLock({ $0.hasReceivedClose }) else { return nil }
        var events: [WebSocketEvent] = []
        var violation: WebSocketViolation?
        do {
            try parser.parse(&bytes) { events.append($0) }
        } catch {
            violation = error
        }
        for event in events {
            switch event {
            case .message(let message): deliver(message)
            case .ping(let payload): try? await send(.pong, payload)
            case .pong(let payload): pings.answered(payload)
            case .close(let closing): await finish(closing)
            }
        }
        if let violation { await finish(WebSocketClosing(violation.code, violation.reason)) }
        return violation
    }

    /// Hands a message to the handler, unless ours was the last word.
    private func deliver(_ message: WebSocketMessage) {
        let reader = state.withLock { state in
            state.inbox.isEnded ? nil : state.inbox.add(message)
        }
        reader?.resume(returning: message)
    }

    /// Nothing of the client is looked at any more; its code is sent back (RFC 6455 §5.5.1), or ours is told.
    private func finish(_ closing: WebSocketClosing) async {
        state.withLock { $0.hasReceivedClose = true }
        await close(closing)
    }
}
