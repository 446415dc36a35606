import Glibc
import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletORM
import MartletRouting
import MartletSite
import MartletTesting
import Measuring
import Synchronization

/// A request of a site without a receiver of traces, beside the same layers and routes put together by hand, which have never
/// heard of tracing; and beside a site that records every request.
@Sendable func tracingOperations() async throws -> [Operation] {
    let urls = URLs { path("hello/", { _ in Response("Hello, world!") }) }
    let layers: [any Middleware] = [RequestID(), RequestLog(), CommonRules()]
    let site = Site(apps: [], urls: urls, middleware: { _ in layers })
    let off = try RunningSite(site, settings: settings())
    // Nobody listens there; what does not fit is dropped, as it is where a receiver is slow.
    let on = try RunningSite(
        site, settings: settings(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_BSP_MAX_QUEUE_SIZE": "1"]))
    let dispatcher = Dispatcher(try RouteTable(urls), middleware: layers, errors: ErrorBoundary { _, _ in }).handler
    // As a site does, so that a pool can say who has its connections.
    let byHand: Handler = { request in
        try await holdingConnections(as: request.path) { try await dispatcher(request) }
    }
    let request = try await makeRequest(urls)
    return [
        operation("never heard of tracing", on: off, request, byHand),
        operation("tracing off", on: off, request, off.handler),
        operation("tracing on", on: on, request, on.handler),
    ]
}

private func settings(_ variables: [String: String] = [:]) throws -> Settings {
    let usual = [
        "SECRET_KEY": "a-key-for-measuring", "ALLOWED_HOSTS": "testserver",
        "DATABASE_URL": "sqlite:////tmp/unused.sqlite3",
    ]
    return try Settings(Environment(usual.merging(variables) { $1 }))
}

/// A request as it comes to the handler of a site; only a server makes them.
private func makeRequest(_ urls: URLs) async throws -> Request {
    let layer = Keeping()
    let site = Site(apps: [], urls: urls, middleware: { _ in [layer] })
    let headers = try Headers(["Host": "testserver", "Accept": "text/html"])
    _ = try await TestClient(RunningSite(site, settings: settings())).get("/hello/", headers: headers)
    guard let request = layer.kept.withLock({ $0 }) else { throw HTTPError(.internalServerError) }
    return request
}

private final class Keeping: Middleware {
    let kept = Mutex<Request?>(nil)

    func respond(to request: Request, next: Handler) async throws -> Response {
        kept.withLock { $0 = request }
        return try await next(request)
    }
}

/// Requests as a connection sends them: the site is bound once.
private func operation(
    _ name: String, on site: RunningSite, _ request: Request,
    _ answer: @escaping @Sendable (Request) async throws -> Response
) -> Operation {
    let log = LogSettings(sink: StreamSink(descriptor: open("/dev/null", O_WRONLY), renderer: JSONLinesRenderer()))
    return Operation(name, count: 20_000) {
        try await Logger.with(log) {
            try await site.bound {
                var length = 0
                for _ in 0..<20_000 { length += try await answer(request).body.length ?? 0 }
                return length
            }
        }
    }
}
