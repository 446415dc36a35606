public import MartletHTTP

/// Sends each request through the middleware to the view of its route.
///
/// ```swift
/// let dispatcher = Dispatcher(
///     try RouteTable(siteURLs),
///     middleware: [RequestID(), RequestLog(), SecurityHeaders(), CSRFProtection()],
///     errors: ErrorBoundary(pages: siteErrorPages))
/// let server = Server(handler: dispatcher.handler)
/// ```
///
/// The route is found before the first middleware runs, so that every layer can see ``MartletHTTP/Request/route``. Only
/// where routes have hosts, a layer that ``ChangesHost`` sees the one of the host in the request, and the layers inside of it
/// that of the host it tells.
/// Errors become responses between any two layers, so that each layer sees a response whatever the inner ones throw
/// (as Django does).
public struct Dispatcher: Sendable {
    /// Answers a request; never throws but for cancellation.
    public let handler: Handler

    /// Composes the layers, once.
    ///
    /// - Parameters:
    ///   - table: The routes.
    ///   - middleware: The layers around every view, the outermost first.
    ///   - errors: Makes responses of errors.
    ///   - appendSlash: Whether a path that only lacks its final slash is redirected (`APPEND_SLASH` of Django).
    public init(
        _ table: RouteTable,
        middleware: [any Middleware] = [],
        errors: ErrorBoundary = ErrorBoundary(),
        appendSlash: Bool = true
    ) {
        let routing = Routing(table)
        // A layer may tell another host than the request: where routes depend on it, they are found behind that layer.
        let changesHost = table.hasHosts && middleware.contains { $0 is any ChangesHost }
        let views = ViewDispatch(table: table, appendSlash: appendSlash)
        let chain = Self.compose(middleware, around: views, errors, changesHost ? routing : nil)
        handler = { request in
            var request = request
            let match = routing.find(&request, isFinal: !changesHost)
            var response = try await chain(request)
            routing.finish(&response, match, request.method)
            if request.hasWorkAfterResponse {
                let hasFailed = response.storage[ResponseError.self] != nil
                request.noteForAfterResponse(hasFailed: hasFailed) { await errors.report($0, $1) }
            }
            return response
        }
    }

    /// Wraps the views in the layers, each of which sees a response whatever the inner ones throw.
    ///
    /// Every asynchronous function on the way of a request costs as much as a small allocation or two, so the errors
    /// are caught where a layer is called and not in layers of their own.
    ///
    /// - Parameter routing: Finds the route behind each layer that may change the host; `nil` where that makes no
    ///   difference.
    private static func compose(
        _ layers: [any Middleware], around views: ViewDispatch, _ errors: ErrorBoundary, _ routing: Routing?
    ) -> Handler {
        var handler: Handler = { request in
            do {
                switch try views.find(request) {
                case .view(let view): return try await view(request)
                case .response(let response): return response
                }
            } catch {
                return try await errors.response(to: request, after: error)
            }
        }
        for layer in layers.reversed() {
            let inner = handler
            let next = layer is any ChangesHost ? routing?.before(inner) ?? inner : inner
            handler = { request in
                do {
                    return try await layer.respond(to: request, next: next)
                } catch {
                    return try await errors.response(to: request, after: error)
                }
            }
        }
        return handler
    }
}

/// Finds what answers a request: the matched view, or what there is to say without one.
private struct ViewDispatch: Sendable {
    let table: RouteTable
    let appendSlash: Bool

    enum Finding {
        case view(Handler)
        case response(Response)
    }

    func find(_ request: Request) throws -> Finding {
        if table.hasHosts { try Routing.checkHost(request) }
        guard let match = request.storage[RouteResolution.self]?.match else {
            return .response(try notFound(request))
        }
        if let allowed = match.info.methods, !allows(request.method, allowed) {
            return .response(try refuse(request.method, allowed))
        }
        // One without a declared length is refused when it is read.
        try request.body.checkDeclaredLength()
        return .view(match.handler)
    }

    private func allows(_ method: HTTPMethod, _ allowed: [HTTPMethod]) -> Bool {
        allowed.contains(method) || (method == .head && allowed.contains(.get))
    }

    /// Answers OPTIONS, or throws 405; both with `Allow` (RFC 9110 §15.5.6).
    private func refuse(_ method: HTTPMethod, _ allowed: [HTTPMethod]) throws -> Response {
        var names = allowed
        if let get = names.firstIndex(of: .get), !names.contains(.head) { names.insert(.head, at: get + 1) }
        if !names.contains(.options) { names.append(.options) }
        var headers = Headers()
        try headers.set(.allow, names.map(\.rawValue).joined(separator: ", "))
        if method == .options { return Response(headers: headers) }
        throw HTTPError(.methodNotAllowed, "\(method) is not allowed here.", headers: headers)
    }

    private func notFound(_ request: Request) throws -> Response {
        guard appendSlash, let path = request.pathWithMissingSlash else {
            // Where hosts have routes of their own, the host is a part of the address; a malformed one is 400.
            let place = table.hasHosts ? " on '\(try request.host.name)'" : ""
            throw HTTPError(.notFound, "There is no page at '\(request.path)'\(place).")
        }
        let target = PathEncoding.encode(path)
        guard request.method == .get || request.method == .head else {
            throw MissingSlashError(method: request.method, path: request.path, target: target)
        }
        let query = request.queryString.isEmpty ? "" : "?" + request.queryString
        return try Response.redirect(to: target + query, status: .movedPermanently)
    }
}
