public import MartletHTTP
import MartletLogging

/// Takes part in distributed traces: every event of a request has its `trace_id` and `span_id`, and
/// ``MartletHTTP/Request/trace`` passes the trace on.
///
/// A valid `traceparent` that comes in is kept, with a span of this site below the caller's; else a trace begins. Nothing
/// is recorded here, so a trace that begins here is not sampled, and a caller's decision is passed on.
///
/// Nothing is sent back: `traceresponse` is a draft, and a response has `X-Request-ID` to be found by.
///
/// Source: [W3C Trace Context](https://www.w3.org/TR/trace-context/), Recommendation.
public struct TraceContext: OrderedMiddleware {
    /// The identifiers belong to each event of the request.
    public static let order: [MiddlewareOrder] = [
        .outside(RequestLog.self, because: "the log tells the identifiers of the trace")
    ]

    private let keepsIncoming: Bool
    private let newTraceID: @Sendable () -> String
    private let newSpanID: @Sendable () -> String

    /// Makes the layer; directly inside ``RequestID``.
    ///
    /// - Parameters:
    ///   - keepsIncoming: Whether a trace that comes in is kept; `false` where strangers call, whose traces are not ours.
    ///   - newTraceID: Makes 32 hexadecimal digits; random ones unless told.
    ///   - newSpanID: Makes 16 hexadecimal digits; random ones unless told.
    public init(
        keepsIncoming: Bool = true, newTraceID: (@Sendable () -> String)? = nil,
        newSpanID: (@Sendable () -> String)? = nil
    ) {
        self.keepsIncoming = keepsIncoming
        let numbers = TraceNumbers()
        self.newTraceID = newTraceID ?? { numbers.traceID() }
        self.newSpanID = newSpanID ?? { numbers.spanID() }
    }

    /// Binds `trace_id` and `span_id` for the request.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        // Whoever records traces has begun one already.
        if request.trace != nil { return try await next(request) }
        let trace = trace(of: request)
        var request = request
        request.storage[TraceKey.self] = trace
        let context: LogContext = ["trace_id": trace.traceID, "span_id": trace.spanID]
        var response = try await Logger.withContext(context) { [request] in try await next(request) }
        if response.body.runsLater {
            response.body = response.body.running { operation in
                try await Logger.withContext(context) { try await operation() }
            }
        }
        return response
    }

    /// The trace that a request belongs to, or begins.
    package func trace(of request: Request) -> Trace {
        let span = newSpanID()
        guard keepsIncoming, let parent = parent(of: request) else {
            return Trace(traceID: newTraceID(), spanID: span, parentSpanID: nil, isSampled: false, state: nil)
        }
        return Trace(
            traceID: parent.traceID, spanID: span, parentSpanID: parent.spanID, isSampled: parent.isSampled,
            state: TraceState.read(request.headers.values(.traceState)))
    }

    /// Two fields contradict each other: neither counts.
    private func parent(of request: Request) -> TraceParent? {
        guard let value = request.headers[.traceParent] else { return nil }
        return request.headers.values(.traceParent).count == 1 ? TraceParent(value) : nil
    }
}
