import MartletHTTP
import MartletRouting
import MartletTracing

/// A layer whose part in a request is a span of its own.
struct TracedLayer: Middleware {
    private let layer: any Middleware
    private let name: String

    private init(_ layer: any Middleware) {
        self.layer = layer
        name = "middleware \(type(of: layer))"
    }

    /// The layers with a span each, in the same order.
    static func wrapping(_ layers: [any Middleware]) -> [any Middleware] {
        layers.map { layer -> any Middleware in
            let traced = TracedLayer(layer)
            return layer is any ChangesHost ? TracedHostLayer(layer: traced) : traced
        }
    }

    func respond(to request: Request, next: Handler) async throws -> Response {
        guard let active = ActiveSpan.current else { return try await layer.respond(to: request, next: next) }
        return try await active.recording(name, .internal) { try await layer.respond(to: request, next: next) }
    }
}

/// One that may change the host; the dispatcher asks for that.
private struct TracedHostLayer: Middleware, ChangesHost {
    let layer: TracedLayer

    func respond(to request: Request, next: Handler) async throws -> Response {
        try await layer.respond(to: request, next: next)
    }
}
