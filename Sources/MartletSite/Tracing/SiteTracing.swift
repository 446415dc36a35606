import MartletCache
import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletORM
import MartletRouting
import MartletTemplates
import MartletTracing

/// Records what a site does for requests, where the settings name a receiver; otherwise there is none of it.
final class SiteTracing: Sendable {
    let recorder: SpanRecorder
    private let sampler: Sampler
    private let context = TraceContext()
    private let routes: RouteTable

    /// - Returns: `nil` where the settings name no receiver.
    init?(_ settings: TracingSettings, routes: RouteTable) {
        guard let endpoint = settings.endpoint else { return nil }
        let exporter = OTLPExporter(
            endpoint: endpoint, headers: settings.headers, timeout: settings.timeout, resource: settings.resource)
        recorder = SpanRecorder(limits: settings.limits, send: exporter.send)
        sampler = settings.sampler
        self.routes = routes
    }

    /// A handler that records what another answers, and hands the trace on to whatever it calls.
    func recording(_ handler: @escaping Handler) -> Handler {
        { [self] request in
            let found = context.trace(of: request)
            let isSampled = !isProbe(request) && sampler.samples(found.traceID, parent: found.decision)
            let trace = Trace(
                traceID: found.traceID, spanID: found.spanID, parentSpanID: found.parentSpanID, isSampled: isSampled,
                state: found.state)
            var request = request
            request.begin(trace)
            return try await Logger.withContext(["trace_id": trace.traceID, "span_id": trace.spanID]) { [request] in
                isSampled ? try await record(request, trace, handler) : try await handler(request)
            }
        }
    }

    private nonisolated(nonsending) func record(
        _ request: Request, _ trace: Trace, _ handler: Handler
    ) async throws -> Response {
        let place = SpanPlace(
            traceID: trace.traceID, spanID: trace.spanID, parentSpanID: trace.parentSpanID, state: trace.state)
        let active = ActiveSpan(place, recorder)
        let (start, begun) = (recorder.now, ContinuousClock.now)
        do {
            var response = try await ActiveSpan.$current.withValue(active) { try await handler(request) }
            if response.body.runsLater {
                response.body = response.body.running { operation in
                    try await ActiveSpan.$current.withValue(active) { try await operation() }
                }
            }
            tell(request, response, at: place, start, begun.duration(to: .now))
            return response
        } catch {
            tell(request, nil, at: place, start, begun.duration(to: .now))
            throw error
        }
    }

    private func tell(
        _ request: Request, _ response: Response?, at place: SpanPlace, _ start: Duration, _ duration: Duration
    ) {
        let method = MethodLabel(request.method)
        let known = method == .other ? "_OTHER" : method.rawValue
        var attributes = [
            SpanAttribute("http.request.method", .text(known)), SpanAttribute("url.path", .text(request.path)),
            SpanAttribute("url.scheme", .text(request.scheme)),
        ]
        let route = response?.route.map { "/" + $0.pattern }
        if let route { attributes.append(SpanAttribute("http.route", .text(route))) }
        var status = Span.Status.unset
        if let response {
            attributes.append(SpanAttribute("http.response.status_code", .integer(response.status.code)))
            if response.status.isServerError {
                let error = response.storage[ResponseError.self].map { "\(type(of: $0))" }
                attributes.append(SpanAttribute("error.type", .text(error ?? "\(response.status.code)")))
                status = .error(error ?? response.status.description)
            }
        } else {
            attributes.append(SpanAttribute("error.type", "cancelled"))
            status = .error("the client has gone away")
        }
        let name = (method == .other ? "HTTP" : known) + (route.map { " " + $0 } ?? "")
        recorder.record(
            Span(name, .server, at: place, start: start, duration: duration, attributes: attributes, status: status))
    }

    /// Whether a program asks how the site is: that is no news.
    private func isProbe(_ request: Request) -> Bool {
        routes.match(request.path)?.info.isForProbes == true
    }

    // MARK: What requests do

    @Sendable static func observe(_ statement: StatementEvent, on dialect: String) {
        guard let active = ActiveSpan.current else { return }
        let kind = StatementMetrics.kind(of: statement.sql)
        active.record(
            kind == "other" ? dialect : kind.uppercased(), .client, took: statement.duration,
            [
                SpanAttribute("db.system.name", .text(dialect)), SpanAttribute("db.query.text", .text(statement.sql)),
                SpanAttribute("db.response.returned_rows", .integer(statement.rows)),
            ], status: statement.error.map { .error("\(type(of: $0))") } ?? .unset)
    }

    @Sendable static func observe(_ event: CacheEvent) {
        ActiveSpan.current?.record(
            "cache \(event.command)", .client, took: event.duration,
            status: event.error == nil ? .unset : .error("the cache has not answered"))
    }

    @Sendable static func observe(_ event: TemplateEvent) {
        ActiveSpan.current?.record(
            "render \(event.name)", .internal, took: event.duration,
            [SpanAttribute("template.name", .text(event.name))],
            status: event.hasFailed ? .error("the template has failed") : .unset)
    }
}

extension Trace {
    /// Whether the caller records the trace; `nil` where there is none.
    fileprivate var decision: Bool? { parentSpanID == nil ? nil : isSampled }
}
