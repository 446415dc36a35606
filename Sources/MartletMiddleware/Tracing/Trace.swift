public import MartletHTTP

/// The place of a request in a trace: all that was done, by any service, for one cause.
///
/// ```swift
/// var headers = Headers()
/// request.trace?.propagate(to: &headers)   // for a request to another service
/// ```
public struct Trace: Sendable, Hashable {
    /// The trace: 32 hexadecimal digits.
    public let traceID: String

    /// What this site does for the request: 16 hexadecimal digits.
    public let spanID: String

    /// The caller's span; `nil` where the trace begins here.
    public let parentSpanID: String?

    /// Whether the caller records the trace.
    public let isSampled: Bool

    /// What tracing systems on the way have to tell themselves, to be passed on as it is.
    public let state: String?

    package init(traceID: String, spanID: String, parentSpanID: String?, isSampled: Bool, state: String?) {
        self.traceID = traceID
        self.spanID = spanID
        self.parentSpanID = parentSpanID
        self.isSampled = isSampled
        self.state = state
    }

    /// The value of `traceparent` for what this request causes elsewhere.
    public var traceParent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// Sets `traceparent` and `tracestate`, in the place of others.
    public func propagate(to headers: inout Headers) {
        headers.setUnchecked(.traceParent, traceParent)
        if let state { headers.setUnchecked(.traceState, state) } else { headers.remove(.traceState) }
    }
}

enum TraceKey: RequestStorageKey {
    typealias Value = Trace
}

extension Request {
    /// The trace of the request; `nil` outside of ``TraceContext``.
    public internal(set) var trace: Trace? {
        get { storage[TraceKey.self] }
        set { storage[TraceKey.self] = newValue }
    }

    /// Says which trace the request belongs to, before any layer does.
    package mutating func begin(_ trace: Trace) { self.trace = trace }
}

extension HeaderName {
    /// `traceparent`: the trace and the caller's span.
    public static let traceParent = HeaderName(unchecked: "traceparent")
    /// `tracestate`: what tracing systems have to tell themselves.
    public static let traceState = HeaderName(unchecked: "tracestate")
}
