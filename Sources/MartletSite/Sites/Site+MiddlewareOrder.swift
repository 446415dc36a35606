package import MartletHTTP

extension Site {
    /// The layers, in an order that can be right.
    ///
    /// - Throws: ``MartletHTTP/MiddlewareOrderError`` with every problem; what making a layer throws.
    package func checkedMiddleware(_ settings: Settings) throws -> [any Middleware] {
        let layers = try middleware(settings)
        let problems = MiddlewareOrder.problems(in: layers)
        guard problems.isEmpty else { throw MiddlewareOrderError(problems: problems) }
        return layers
    }
}
