/// The course of one event stream: what the view sends, heartbeats beside it, and its end.
struct EventStreaming: Sendable {
    let heartbeat: Duration?
    let send: @Sendable (EventStream) async throws -> Void

    /// Whose end the stream's is.
    private enum End {
        case view, server
    }

    func run(_ writer: ResponseBodyWriter) async throws {
        let events = EventStream(writer)
        defer { events.end() }
        try await withThrowingTaskGroup(of: End.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await send(events)
                return .view
            }
            group.addTask {
                await writer.serverStops()
                return .server
            }
            if let heartbeat {
                group.addTask { try await beat(events, every: heartbeat) }
            }
            let end = try await group.next()
            if end == .server, !Task.isCancelled { try await finish(&group) }
        }
    }

    /// The server stops: the view is cancelled, and what it says to that is no failure. The stream ends as it should, so
    /// that the browser connects anew, to the server that comes next.
    private func finish(_ group: inout ThrowingTaskGroup<End, any Error>) async throws {
        group.cancelAll()
        while let result = await group.nextResult() {
            if case .failure(let error) = result, !(error is CancellationError) { throw error }
        }
    }

    private func beat(_ events: EventStream, every interval: Duration) async throws -> End {
        while true {
            try await Task.sleep(for: interval)
            try await events.beat()
        }
    }
}
