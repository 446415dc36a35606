import MartletIO
import MartletTLS

/// The one place through which all bytes of a connection go, in both directions.
extension Connection {
    /// Whether what the socket carries is not what the client and the server say.
    var isEncrypted: Bool { tls != nil }

    /// Whether the kernel may send a file by itself: it cannot encrypt what it sends.
    var canSendFile: Bool { tls == nil && settings.usesSendfile }

    // MARK: Receiving

    /// Reads once into the worker's scratch memory, whose bytes are to be used before the next suspension.
    func receive() -> Socket.Transfer {
        guard readiness.mayRead else { return .wouldBlock }
        if let tls { return receive(through: tls) }
        let transfer = Socket.read(readiness.descriptor, into: worker.scratch)
        switch transfer {
        case .bytes(0): hasPeerFinished = true
        // A short read has taken all there was.
        case .bytes(let count):
            listener.traffic.receive(count)
            if count < worker.scratch.count { readiness.drained() }
        case .wouldBlock: readiness.drained()
        case .failed: isGone = true
        }
        return transfer
    }

    private func receive(through tls: TLSSession) -> Socket.Transfer {
        let transfer = tls.read(into: worker.scratch)
        switch transfer {
        case .bytes(let count):
            listener.traffic.receive(count)
            if count == 0 { hasPeerFinished = true }
            if tls.isDrained { readiness.drained() }
        case .wouldBlock: if tls.readWaitsToWrite { readiness.filled() } else { readiness.drained() }
        case .failed: isGone = true
        }
        return transfer
    }

    /// The bytes that ``receive()`` has just read.
    func received(_ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: worker.scratch[..<count])
    }

    /// Waits until ``receive()`` may find something.
    nonisolated(nonsending) func receivable() async -> Readiness.Outcome {
        // Only what tried to read can have found that it has to write first.
        if let tls, tls.readWaitsToWrite, readiness.mayRead { return await readiness.writable() }
        return await readiness.readable()
    }

    /// Asks whether ``receive()`` may find something, and to be told when it may.
    ///
    /// - Returns: `nil` when it may not now: ``waitEnded(_:)`` will tell.
    nonisolated(nonsending) func receivableAtOnce() async -> Readiness.Outcome? {
        // As in `receivable()`; so seldom that a task may wait for it.
        if let tls, tls.readWaitsToWrite, readiness.mayRead { return await readiness.writable() }
        return readiness.readable(telling: self)
    }

    // MARK: Sending

    /// Sends what the other end takes now of `output`.
    func transmit() -> Socket.Transfer {
        guard let tls else { return listener.traffic.sending(output.write(to: readiness.descriptor)) }
        return listener.traffic.sending(output.write { tls.write($0) })
    }

    /// Sends what the other end takes now of `output` and then of `more`, from `offset`.
    func transmit(_ more: [UInt8], from offset: inout Int) -> Socket.Transfer {
        guard let tls else {
            return listener.traffic.sending(output.write(to: readiness.descriptor, more, from: &offset))
        }
        if !output.isEmpty {
            // A head of its own record would be a packet of its own.
            output.fill(to: TLSSession.recordSize, from: more, at: &offset)
            return listener.traffic.sending(output.write { tls.write($0) })
        }
        let transfer = more.withUnsafeBytes { tls.write(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
        if case .bytes(let count) = transfer { offset += count }
        return listener.traffic.sending(transfer)
    }

    /// Notes that ``transmit()`` would block.
    func noteFull() {
        if let tls, tls.writeWaitsToRead { readiness.drained() } else { readiness.filled() }
    }

    /// Waits until ``transmit()`` may succeed, after ``noteFull()``.
    nonisolated(nonsending) func transmittable() async -> Readiness.Outcome {
        if let tls, tls.writeWaitsToRead { return await readiness.readable() }
        return await readiness.writable()
    }

    /// Tells a client that speaks TLS that nothing more will be sent, as RFC 9112 §9.8 demands before closing; without
    /// it the client would take the answer for cut short.
    ///
    /// - Returns: Whether the client could be told; `true` without TLS, where the socket says it.
    nonisolated(nonsending) func sayClosing() async -> Bool {
        guard let tls else { return true }
        while true {
            switch tls.finish() {
            case .bytes: return true
            case .failed: return false
            case .wouldBlock: guard await waitToWrite() else { return false }
            }
        }
    }
}
