public import MartletMiddleware
import MartletTracing

extension Trace {
    /// The place in a trace of what the current task does, for a request to another service; `nil` where nothing is recorded.
    ///
    /// ```swift
    /// var headers = Headers()
    /// Trace.current?.propagate(to: &headers)
    /// ```
    ///
    /// ``MartletHTTP/Request/trace`` knows the trace of a request also where it is not recorded.
    public static var current: Trace? {
        ActiveSpan.current.map { active in
            Trace(
                traceID: active.place.traceID, spanID: active.place.spanID, parentSpanID: active.place.parentSpanID,
                isSampled: true, state: active.place.state)
        }
    }
}
