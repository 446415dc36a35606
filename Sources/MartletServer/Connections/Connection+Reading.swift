import MartletHTTP
import MartletIO

extension Connection {
    /// What there is of the next request.
    enum NextHead {
        case head(RequestHead)
        /// Not all of it has come: ``waitEnded(_:)`` will tell.
        case later
        /// There is none, and the connection is to be closed.
        case end
    }

    /// The next request.
    ///
    /// - Parameter outcome: How the wait for it ended; `nil` when nobody has waited yet.
    nonisolated(nonsending) func nextHead(after outcome: Readiness.Outcome?) async -> NextHead {
        do {
            if let outcome {
                guard try judge(outcome) else { return .end }
            } else {
                if !input.isEmpty, let head = try parseInput() { return .head(head) }
                if !output.isEmpty { await flush() }
                isHeadCutShort = false
                armForHead()
            }
            while !isAborted && !isGone {
                switch try readHead() {
                case .head(let head): return .head(head)
                case .end: return .end
                case .later:
                    guard let outcome = await receivableAtOnce() else { return .later }
                    guard try judge(outcome) else { return .end }
                case .overdue: guard try judge(.expired) else { return .end }
                }
            }
        } catch {
            await refuse(error)
        }
        return .end
    }

    private enum HeadRead {
        case head(RequestHead)
        /// The client sends no further request, or the server takes none.
        case end
        /// Not all of it is there yet.
        case later
        /// Not all of it is there, and its time is over.
        case overdue
    }

    /// Reads what has come.
    private func readHead() throws(ParseFailure) -> HeadRead {
        while true {
            switch receive() {
            case .bytes(0), .failed:
                return .end
            case .bytes(let count):
                let hadBegun = parser.hasBegun
                if let head = try parse(received(count)) {
                    disarm()
                    return .head(head)
                }
                // Set once and not with every byte, or a head could drip in for ever.
                if !hadBegun && hasAnswered { armHead() }
            case .wouldBlock:
                if isOverdue { return .overdue }
                guard isDraining else { return .later }
                guard parser.hasBegun else { return listener.takesLastRequests ? .later : .end }
                // The server stops: what is still on its way may come, and nothing is waited for beyond that.
                if !isHeadCutShort { arm(.head, after: min(listener.timeouts.head, listener.timeouts.drain)) }
                isHeadCutShort = true
                return .later
            }
        }
    }

    /// Whether to go on after a wait.
    private func judge(_ outcome: Readiness.Outcome) throws(ParseFailure) -> Bool {
        switch outcome {
        case .ready: return true
        case .ended: return false
        case .expired:
            // A client that has not begun wants nothing; one that has gets to know why it is cut off.
            guard parser.hasBegun else { return false }
            throw ParseFailure(.requestTimeout, "The request head did not arrive in time.")
        }
    }

    private func armForHead() {
        if hasAnswered && !parser.hasBegun { arm(.idle, after: listener.timeouts.idle) } else { armHead() }
    }

    private func armHead() {
        arm(.head, after: listener.timeouts.head)
    }

    private func parse(_ bytes: UnsafeRawBufferPointer) throws(ParseFailure) -> RequestHead? {
        guard input.isEmpty else {
            input.append(bytes)
            return try parseInput()
        }
        // What has not come whole keeps its list until it has.
        parser.exchange(&listener.memory.fields)
        defer { parser.exchange(&listener.memory.fields) }
        guard case .head(let head, let length) = try parser.parse(bytes) else {
            input.append(bytes)
            return nil
        }
        input.append(UnsafeRawBufferPointer(rebasing: bytes[length...]))
        return head
    }

    private func parseInput() throws(ParseFailure) -> RequestHead? {
        let step = try input.withBytes { (bytes) throws(ParseFailure) in try parser.parse(bytes) }
        guard case .head(let head, let length) = step else { return nil }
        input.consume(length)
        return head
    }
}
