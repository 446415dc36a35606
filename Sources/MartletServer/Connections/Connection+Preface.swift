import MartletHTTP
import MartletIO
import MartletTLS

/// What comes before the first request: the header of the PROXY protocol, then the handshake of TLS. Each has the time
/// of a request head.
extension Connection {
    /// Reads the preface.
    ///
    /// - Returns: Whether requests may follow.
    nonisolated(nonsending) func readPreface() async -> Bool {
        defer {
            disarm()
            // A head that is coming gets its own moment.
            isHeadCutShort = false
        }
        if listener.expectsProxyHeader(from: peerAddress), await !readProxyHeader() { return false }
        guard let certificates = listener.certificates else { return true }
        return await shakeHands(certificates.context)
    }

    // MARK: PROXY protocol

    private nonisolated(nonsending) func readProxyHeader() async -> Bool {
        arm(.head, after: listener.timeouts.head)
        do throws(ProxyHeaderError) {
            while !isAborted && !isGone {
                switch receive() {
                case .bytes(0), .failed:
                    // A load balancer that only looks whether anybody listens says nothing.
                    guard input.isEmpty else { throw ProxyHeaderError.incomplete }
                    isGone = true
                case .bytes(let count):
                    input.append(received(count))
                    if try takeProxyHeader() { return true }
                case .wouldBlock:
                    guard prefaceContinues(await receivable()) else {
                        if !input.isEmpty { throw ProxyHeaderError.incomplete }
                        isGone = true
                        break
                    }
                }
            }
        } catch {
            isGone = true
            listener.report(
                .proxyHeaderRefused, error.description, status: nil, path: nil, peerAddress: peerAddress, error: error)
        }
        return false
    }

    private func takeProxyHeader() throws(ProxyHeaderError) -> Bool {
        let step = try input.withBytes { (bytes) throws(ProxyHeaderError) in try ProxyHeader.parse(bytes) }
        guard case .header(let header, let length) = step else { return false }
        input.consume(length)
        if let source = header.source { peerAddress = source.host }
        return true
    }

    // MARK: TLS

    private nonisolated(nonsending) func shakeHands(_ context: TLSContext) async -> Bool {
        arm(.head, after: listener.timeouts.head)
        let early = input.withBytes { Array($0) }
        input.consume(early.count)
        let session: TLSSession
        do {
            session = try TLSSession(context, descriptor: readiness.descriptor, early: early)
        } catch {
            isGone = true
            reportHandshake(error)
            return false
        }
        do throws(TLSFailure) {
            try await finishHandshake(session)
            tls = session
            return true
        } catch .plainHTTP {
            // The session has said nothing yet, so the client still understands.
            await refuse(ParseFailure(.badRequest, "This port speaks HTTPS only. Begin the address with https://."))
        } catch {
            isGone = true
            // Whoever connects and goes away without a word wanted to know whether anybody listens.
            if session.hasReceived && !isAborted { reportHandshake(error) }
        }
        return false
    }

    private nonisolated(nonsending) func finishHandshake(_ session: TLSSession) async throws(TLSFailure) {
        while !isAborted && !isGone {
            switch session.handshake() {
            case .done:
                return
            case .failed(let failure):
                throw failure
            case .waitsToRead:
                readiness.drained()
                guard prefaceContinues(await readiness.readable()) else { throw .late }
            case .waitsToWrite:
                readiness.filled()
                guard prefaceContinues(await readiness.writable()) else { throw .late }
            }
        }
        throw .closed
    }

    private func reportHandshake(_ error: any Error) {
        listener.report(
            .handshakeFailed, "A TLS handshake failed. \(error)", status: nil, path: nil, peerAddress: peerAddress,
            error: error)
    }

    // MARK: Waiting

    /// Whether to go on after a wait. A server that stops has less patience.
    private func prefaceContinues(_ outcome: Readiness.Outcome) -> Bool {
        // What came in the turn in which the time ended has ended the wait; nothing would end the next one.
        guard outcome == .ready, !isOverdue else { return false }
        if isDraining && !isHeadCutShort {
            isHeadCutShort = true
            arm(.head, after: min(listener.timeouts.head, listener.timeouts.drain))
        }
        return true
    }
}
