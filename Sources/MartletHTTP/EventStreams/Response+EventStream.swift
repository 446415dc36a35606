extension Response {
    /// Makes a response that sends events for as long as `send` runs, for a browser's `EventSource`.
    ///
    /// ```swift
    /// func ticks(_ request: Request) async throws -> Response {
    ///     .eventStream { events in
    ///         for try await tick in clock { try await events.send(ServerSentEvent(data: tick.text, event: "tick")) }
    ///     }
    /// }
    /// ```
    ///
    /// When the client goes away, or the server stops, the task of `send` is cancelled. A browser whose stream ends
    /// connects anew after a few seconds and says in `Last-Event-ID` what it has seen:
    /// ``Request/lastEventID``. Answer 204 to tell it to stay away.
    ///
    /// - Parameters:
    ///   - heartbeat: After how long without an event a comment is sent, so that a connection that is dead without a
    ///     word is noticed and proxies keep it open. 15 seconds unless told; `nil` for none.
    ///   - send: Sends the events; back-pressure and errors are those of ``EventStream/send(_:)-(ServerSentEvent)``.
    ///
    /// Source: [HTML, §9.2 Server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html).
    public static func eventStream(
        heartbeat: Duration? = .seconds(15), _ send: @escaping @Sendable (EventStream) async throws -> Void
    ) -> Response {
        var response = Response(
            body: .stream { writer in try await EventStreaming(heartbeat: heartbeat, send: send).run(writer) })
        response.headers.setUnchecked(.contentType, "text/event-stream")
        response.headers.setUnchecked(.cacheControl, "no-cache")
        // nginx would collect events until a buffer is full.
        response.headers.setUnchecked(HeaderName(literal: "X-Accel-Buffering"), "no")
        return response
    }
}
