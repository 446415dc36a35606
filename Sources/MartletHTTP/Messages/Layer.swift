/// A layer made of a closure, for what needs no type of its own.
///
/// ```swift
/// Layer { request, next in
///     var response = try await next(request)
///     try response.headers.set(.server, "Martlet")
///     return response
/// }
/// ```
public struct Layer: Middleware {
    private let answer: nonisolated(nonsending) @Sendable (Request, Handler) async throws -> Response

    /// Makes a layer.
    ///
    /// - Parameter answer: Answers a request, usually by way of the handler, which is the next layer or the view.
    public init(
        _ answer: nonisolated(nonsending) @escaping @Sendable (Request, Handler) async throws -> Response
    ) {
        self.answer = answer
    }

    /// Answers the request by the closure.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        try await answer(request, next)
    }
}
