import MartletIO

/// The one place through which all bytes of a connection go, in both directions.
extension Connection {
    /// Whether what the socket carries is not what the client and the server say.
    var isEncrypted: Bool { false }

    /// Whether the kernel may send a file by itself: it cannot encrypt what it sends.
    var canSendFile: Bool { !isEncrypted }

    /// Reads once into the worker's scratch memory, whose bytes are to be used before the next suspension.
    func receive() -> Socket.Transfer {
        guard readiness.mayRead else { return .wouldBlock }
        let transfer = Socket.read(readiness.descriptor, into: worker.scratch)
        switch transfer {
        case .bytes(0): hasPeerFinished = true
        // A short read has taken all there was.
        case .bytes(let count): if count < worker.scratch.count { readiness.drained() }
        case .wouldBlock: readiness.drained()
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
        await readiness.readable()
    }

    /// Sends what the other end takes now of `output`.
    func transmit() -> Socket.Transfer {
        output.write(to: readiness.descriptor)
    }

    /// Sends what the other end takes now of `output` and then of `more`, from `offset`.
    func transmit(_ more: [UInt8], from offset: inout Int) -> Socket.Transfer {
        output.write(to: readiness.descriptor, more, from: &offset)
    }

    /// Waits until ``transmit()`` may succeed, after it has said that it would block.
    nonisolated(nonsending) func transmittable() async -> Readiness.Outcome {
        await readiness.writable()
    }

    /// Tells the other end that nothing more will be sent; reading goes on.
    nonisolated(nonsending) func finishTransmitting() async {
        Socket.finishWriting(readiness.descriptor)
    }
}
