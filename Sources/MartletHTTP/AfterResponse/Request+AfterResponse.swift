import MartletTiming

extension Request {
    /// Does something when the response has been sent, so that the client does not wait for it.
    ///
    /// ```swift
    /// request.afterResponse { try await sendWelcome(to: user) }
    /// ```
    ///
    /// It begins when the last byte has been handed to the system, or when the client has left before, and finds what is
    /// bound where it was registered: site, database, the log's context. Several operations of a request are done in the
    /// order of their registration, one at a time; an error of one is logged and reported, and the next begins.
    ///
    /// What is registered after that begins at once.
    ///
    /// A server that stops waits for them as long as it does for requests, and then cancels them. What must not be lost
    /// when a process dies belongs into a queue of tasks; what depends on a transaction into `afterCommit`.
    ///
    /// - Parameters:
    ///   - evenAfterErrors: Whether it is also done when the view or a layer has thrown, or the client left before there
    ///     was a response; else it is dropped then: what the request began did not come about.
    ///   - operation: What is to be done; not on the connection's worker.
    public func afterResponse(
        evenAfterErrors: Bool = false, _ operation: @escaping @Sendable () async throws -> Void
    ) {
        let work = AfterResponseWork(evenAfterErrors: evenAfterErrors)
        // The time of a request is not that of what follows it.
        let task = TimeLimit.$current.withValue(nil) { work.task(operation) }
        afterResponseQueue { $0.add(work, task, of: self) }
    }

    /// Whether anything is to be done when the response has been sent.
    package var hasWorkAfterResponse: Bool { afterResponseQueue { $0.hasWork } }

    /// Notes that the response has been sent, for what is registered later.
    ///
    /// - Returns: Whether something waits for it, which is then to be settled.
    package func closeAfterResponse() -> Bool { afterResponseQueue { $0.closeUnlessUsed() } }

    /// Tells how the request went, and who hears of errors of what follows it.
    ///
    /// - Parameter report: Must not hold the request, which holds it.
    package func noteForAfterResponse(
        hasFailed: Bool, report: @escaping @Sendable (AfterResponseError, Request) async -> Void
    ) {
        afterResponseQueue { $0.note(hasFailed: hasFailed, report: report) }
    }

    /// Lets begin what waits for the response.
    ///
    /// - Parameters:
    ///   - hasFailed: Whether the request has failed, as far as the caller knows.
    ///   - adopt: Takes what is under way, now and whenever something is registered later.
    ///   - report: Hears of errors, unless ``noteForAfterResponse(hasFailed:report:)`` has named somebody.
    package func settleAfterResponse(
        hasFailed: Bool, adopt: @escaping @Sendable ([Task<Void, Never>]) -> Void,
        report: @escaping @Sendable (AfterResponseError, Request) async -> Void
    ) {
        afterResponseQueue { $0.settle(hasFailed: hasFailed, of: self, adopt: adopt, report: report) }
    }
}
