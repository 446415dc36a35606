import MartletHTTP
import MartletIO

/// A connection that another protocol has taken over.
///
/// `@unchecked Sendable`: used on the connection's worker; whatever can be called from elsewhere goes there first.
final class UpgradedStream: UpgradedConnection, @unchecked Sendable {
    private let connection: Connection
    private let turns = WriteTurns()
    // Made with the stream and needs it: set in the initializer, never `nil` afterwards.
    private var deadline: Deadline?

    private var isWoken = false
    private var hasExpired = false
    private var hasToldStop = false
    /// The last bytes are written, or the protocol has ended.
    private var isSealed = false
    private var sleeper: UnsafeContinuation<Void, Never>?

    /// Small writes are put together up to this size, in bytes.
    private static let heldSize = 16_384

    init(_ connection: Connection) {
        self.connection = connection
        deadline = Deadline(on: connection.worker) { [weak self] in self?.expire() }
    }

    /// The protocol has ended: nothing more is read or written.
    func end() {
        isSealed = true
        deadline?.disarm()
    }

    // MARK: Reading

    func next(reading: Bool) async -> UpgradedConnectionEvent {
        if connection.worker.isCurrent { return await wait(reading) }
        return await withTaskExecutorPreference(connection.worker) { await wait(reading) }
    }

    private nonisolated(nonsending) func wait(_ reading: Bool) async -> UpgradedConnectionEvent {
        while true {
            if connection.isGone || connection.isAborted { return .end }
            if let event = pending() { return event }
            if !reading {
                // Unsafe only in that nobody counts the resumes; `sleeper` is emptied by each.
                await withUnsafeContinuation { sleeper = $0 }
            } else if let event = receive() {
                return event
            } else if await connection.receivable() == .ended {
                return .end
            }
        }
    }

    private func pending() -> UpgradedConnectionEvent? {
        if isWoken {
            isWoken = false
            if connection.isDraining, !hasToldStop {
                hasToldStop = true
                return .stopping
            }
            return .woken
        }
        if hasExpired {
            hasExpired = false
            return .expired
        }
        if connection.isDraining, !hasToldStop {
            hasToldStop = true
            return .stopping
        }
        return nil
    }

    private func receive() -> UpgradedConnectionEvent? {
        if !connection.input.isEmpty {
            let early = connection.input.withBytes { Array($0) }
            connection.input.consume(early.count)
            return .bytes(early)
        }
        switch connection.receive() {
        case .bytes(0), .failed: return .end
        case .bytes(let count): return .bytes(Array(connection.received(count)))
        case .wouldBlock: return nil
        }
    }

    // MARK: Waking

    func arm(after delay: Duration?) async {
        await onWorker { [self] in
            if let delay { deadline?.arm(after: delay) } else { deadline?.disarm() }
        }
    }

    func wake() {
        if connection.worker.isCurrent { return rouse() }
        connection.worker.run { [self] in rouse() }
    }

    private func rouse() {
        isWoken = true
        resume()
    }

    private func expire() {
        hasExpired = true
        resume()
    }

    /// Lets the waiting task look again, whatever it waits for.
    private func resume() {
        connection.readiness.poke()
        guard let waiting = sleeper else { return }
        sleeper = nil
        waiting.resume()
    }

    // MARK: Writing

    func write(_ head: [UInt8], _ body: [UInt8], isLast: Bool) async throws {
        try await onWorker { [self] in
            await turns.take()
            defer { turns.give() }
            guard !isSealed, !connection.isGone else { throw UpgradedConnectionError.closed }
            isSealed = isLast
            connection.output.bytes.append(contentsOf: head)
            if connection.output.count + body.count <= Self.heldSize {
                connection.output.bytes.append(contentsOf: body)
                connection.scheduleFlush()
            } else if !(await connection.flush(with: body)) {
                throw UpgradedConnectionError.closed
            }
        }
    }

    private func onWorker(_ operation: () async throws -> Void) async rethrows {
        if connection.worker.isCurrent { return try await operation() }
        try await withTaskExecutorPreference(connection.worker) { try await operation() }
    }
}
