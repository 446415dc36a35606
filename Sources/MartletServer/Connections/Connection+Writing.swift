import MartletHTTP
import MartletIO

extension Connection {
    /// A body up to this size is copied behind its head; a larger one is written beside it.
    static let largestCopiedBody = 16_384

    /// Output beyond this is not held back.
    static let largestHeldOutput = 65_536

    /// What is left of an answer when its beginning has been handed to the socket.
    enum Rest {
        /// The socket takes no more for now.
        case output
        case body([UInt8])
        case parts([ResponseBody.Part])
        case stream(ResponseHead.Framing, @Sendable (ResponseBodyWriter) async throws -> Void)
        case upgrade(@Sendable (any UpgradedConnection) async throws -> Void)
    }

    /// Sends an answer without waiting, or leaves it to be sent together with those of the requests that follow at once.
    ///
    /// - Returns: What is left to be sent by ``send(_:_:)``; `nil` in nearly all cases.
    func begin(_ response: Response, to head: RequestHead, _ source: BodySource?) -> Rest? {
        let response = finalResponse(response, to: head)
        let isForbidden = response.status.code < 200 || response.status.code == 204 || response.status.code == 304
        let framing = isForbidden ? .none : Self.framing(of: response.body, head)
        if case .untilClose = framing { isClosing = true }
        let isStream = if case .stream = response.body.storage { true } else { false }
        source?.willAnswer(readingOn: isStream && response.status.isSuccess && !isForbidden && head.method != .head)
        let asksToClose = response.headers[.connection]?.lowercased() == "close"
        // Requests that were pipelined and are here already still get their answers from a server that stops.
        let isLast = isDraining && (input.isEmpty || source?.isComplete == false)
        if !head.keepsAlive || isLast || asksToClose || source?.preventsReuse == true { isClosing = true }
        output.borrow(from: &listener.memory)
        ResponseHead.write(
            response, framing: framing,
            connection: isClosing ? .close : head.isVersion10 ? .keepAlive : .implied, date: listener.dateLine(),
            to: &output.bytes)
        if case .upgrade(let run) = response.body.storage, isForbidden { return .upgrade(run) }
        guard !isForbidden, head.method != .head else { return holdOrWrite() }
        switch response.body.storage {
        case .bytes(let bytes) where bytes.count > Self.largestCopiedBody:
            return .body(bytes)
        case .bytes(let bytes):
            output.bytes.append(contentsOf: bytes)
            return holdOrWrite()
        case .parts(let parts):
            let isSmall = (response.body.length ?? 0) <= Self.largestCopiedBody
            return isSmall && appendCached(parts) ? holdOrWrite() : .parts(parts)
        case .stream(_, let write):
            return .stream(framing, write)
        case .upgrade:
            // Another status was put in the place of 101: there is nothing to switch to.
            return holdOrWrite()
        }
    }

    /// Sends the rest of an answer, waiting where the client is slow.
    nonisolated(nonsending) func send(_ rest: Rest, _ head: RequestHead) async {
        switch rest {
        case .output: await flush()
        case .body(let bytes): _ = await flush(with: bytes)
        case .parts(let parts): await send(parts, head)
        case .stream(let framing, let write): await stream(framing, head, write)
        case .upgrade(let run): await upgrade(head, run)
        }
    }

    private static func framing(of body: ResponseBody, _ head: RequestHead) -> ResponseHead.Framing {
        if let length = body.length { return .length(length) }
        if head.method == .head { return .none }
        return head.isVersion10 ? .untilClose : .chunked
    }

    /// Writes now, unless another request is at hand whose answer may go with this one.
    private func holdOrWrite() -> Rest? {
        heldAnswers += 1
        let isLast = input.isEmpty || isClosing
        guard isLast || heldAnswers >= settings.maximumPipelinedAnswers || output.count >= Self.largestHeldOutput else {
            scheduleFlush()
            return nil
        }
        return writeNow() ? nil : .output
    }

    /// Writes what the socket takes now.
    ///
    /// - Returns: Whether nothing is left to be done.
    private func writeNow() -> Bool {
        heldAnswers = 0
        if case .failed = transmit() { isGone = true }
        return output.isEmpty || isGone
    }

    private nonisolated(nonsending) func stream(
        _ framing: ResponseHead.Framing, _ head: RequestHead,
        _ write: @Sendable (ResponseBodyWriter) async throws -> Void
    ) async {
        let stream = ResponseStream(framing, self)
        // The client sees the head even if the first piece takes its time.
        scheduleFlush()
        defer { serverStops = nil }
        do {
            try await write(
                ResponseBodyWriter(serverStops: { await stream.serverStops() }) { try await stream.send($0) })
            try stream.finish()
            _ = await flush()
        } catch {
            stream.end()
            // The client must not take a part for the whole: no last chunk, and the connection is cut.
            let clientLeft = isGone || (error is CancellationError && Task.isCancelled)
            isClosing = true
            // What was answered before it, and what it has sent, still arrives.
            if !clientLeft { await flush() }
            // Where the end of the connection is the end of the content, only a reset says that it was cut.
            if case .untilClose = framing, !isEncrypted { Socket.resetOnClose(readiness.descriptor) }
            isGone = true
            if !clientLeft && !isAborted {
                listener.report(
                    .responseFailed, "A streamed response ended early.", status: nil, path: head.target.path,
                    peerAddress: peerAddress, error: error)
            }
        }
    }

    /// Writes everything in `output`, waiting where the client is slow.
    ///
    /// - Returns: Whether all was written.
    @discardableResult
    nonisolated(nonsending) func flush() async -> Bool {
        // Nothing may come between the pieces that another task is writing.
        if isGone || (output.isEmpty && !isFlushing) { return !isGone }
        if !isFlushing, writeNow() { return !isGone }
        return await flush(with: [])
    }

    /// Writes everything in `output` and then `body`, which is not copied.
    ///
    /// - Returns: Whether all was written.
    nonisolated(nonsending) func flush(with body: [UInt8]) async -> Bool {
        heldAnswers = 0
        await beginFlush()
        defer { endFlush() }
        var offset = 0
        while !isGone {
            if output.isEmpty && offset == body.count { return true }
            let transfer = body.isEmpty ? transmit() : transmit(body, from: &offset)
            switch transfer {
            // Encrypting a long answer is work, and the other connections of the worker want their turn.
            case .bytes: if isEncrypted { await Task.yield() }
            case .wouldBlock: guard await waitToWrite() else { return false }
            case .failed: isGone = true
            }
        }
        return false
    }

    nonisolated(nonsending) func waitToWrite() async -> Bool {
        noteFull()
        guard !isAborted else { return giveUp() }
        writeDeadline.arm(worker.now + listener.timeouts.write)
        isWaitingToWrite = true
        let outcome = await transmittable()
        isWaitingToWrite = false
        writeDeadline.disarm()
        return outcome == .ready || giveUp()
    }

    /// The rest of the answer is not wanted or not wanted in time.
    private func giveUp() -> Bool {
        isGone = true
        return false
    }

    /// Writes at the end of the worker's turn, if nobody has done it by then.
    func scheduleFlush() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        worker.notifyAfterTurn(self)
    }

    /// Writes what the socket takes; the connection's task sees to the rest.
    func turnEnded() {
        isFlushScheduled = false
        guard !isFlushing, !isGone, !output.isEmpty else { return }
        heldAnswers = 0
        switch transmit() {
        case .bytes: break
        case .wouldBlock: noteFull()
        case .failed: isGone = true
        }
        flushRest()
    }
}
