/// Answers a request: a view, or a view with middleware around it.
public typealias Handler = nonisolated(nonsending) @Sendable (Request) async throws -> Response

/// A layer around views: sees the request before, and the response after.
///
/// ```swift
/// struct PoweredBy: Middleware {
///     func respond(to request: Request, next: Handler) async throws -> Response {
///         var response = try await next(request)
///         try response.headers.set(HeaderName(literal: "X-Powered-By"), "Martlet")
///         return response
///     }
/// }
/// ```
public protocol Middleware: Sendable {
    /// Answers the request, usually by way of `next`.
    func respond(to request: Request, next: Handler) async throws -> Response
}

/// Wraps a handler in layers; the first is the outermost. Done once, at start-up.
public func compose(_ layers: [any Middleware], around handler: @escaping Handler) -> Handler {
    // A loop: a function that passes through a generic one, such as `reduce`, costs a second asynchronous call each time.
    var handler = handler
    for layer in layers.reversed() {
        let next = handler
        handler = { request in try await layer.respond(to: request, next: next) }
    }
    return handler
}
