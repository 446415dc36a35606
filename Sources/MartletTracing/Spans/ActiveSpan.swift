import MartletTiming

/// The span that the current task works for: what it starts hangs below it.
package struct ActiveSpan: Sendable {
    package let place: SpanPlace
    package let recorder: SpanRecorder

    /// That of the current task; `nil` where nothing is recorded.
    @TaskLocal package static var current: ActiveSpan?

    package init(_ place: SpanPlace, _ recorder: SpanRecorder) {
        self.place = place
        self.recorder = recorder
    }

    /// Records something that has just ended.
    package func record(
        _ name: String, _ kind: Span.Kind, took duration: Duration, _ attributes: [SpanAttribute] = [],
        status: Span.Status = .unset
    ) {
        recorder.record(
            Span(
                name, kind, at: place.next, start: recorder.time.sinceEpoch() - duration, duration: duration,
                attributes: attributes, status: status))
    }

    /// Records an operation, to which everything within it belongs.
    package nonisolated(nonsending) func recording<Result>(
        _ name: String, _ kind: Span.Kind, _ attributes: [SpanAttribute] = [],
        _ operation: nonisolated(nonsending) () async throws -> Result
    ) async throws -> Result {
        let inner = ActiveSpan(place.next, recorder)
        let (start, begun) = (recorder.time.sinceEpoch(), recorder.time.now())
        var status = Span.Status.unset
        defer {
            recorder.record(
                Span(
                    name, kind, at: inner.place, start: start, duration: begun.duration(to: recorder.time.now()),
                    attributes: attributes, status: status))
        }
        do {
            return try await ActiveSpan.$current.withValue(inner) { try await operation() }
        } catch {
            status = .error("\(type(of: error))")
            throw error
        }
    }
}

/// Records an operation of your own as a span of the request's trace; outside of a trace that is recorded, it only runs
/// the operation.
///
/// ```swift
/// let receipt = try await withSpan("charge card", [SpanAttribute("payment.provider", "acme")]) {
///     try await payments.charge(order)
/// }
/// ```
///
/// What the operation does, such as statements, belongs to the span. One that throws ends it with an error, of which only
/// the type is told.
///
/// - Parameters:
///   - name: What is done; few different ones, such as `charge card` and not `charge card of Ann`.
///   - kind: On which side of a call it stands.
///   - attributes: What there is to know about it.
public nonisolated(nonsending) func withSpan<Result>(
    _ name: String, kind: Span.Kind = .internal, _ attributes: [SpanAttribute] = [],
    _ operation: nonisolated(nonsending) () async throws -> Result
) async throws -> Result {
    guard let active = ActiveSpan.current else { return try await operation() }
    return try await active.recording(name, kind, attributes, operation)
}
