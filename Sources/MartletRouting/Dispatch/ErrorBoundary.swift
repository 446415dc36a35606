public import MartletHTTP
import MartletTiming

/// Makes responses of errors: the one place where that happens.
///
/// An ``MartletHTTP/HTTPResponseError`` becomes its status; any other error becomes 500, is handed to `report`, and
/// nothing of it reaches the client. What is made is decided by ``ErrorPages``.
public struct ErrorBoundary: Middleware {
    private let pages: ErrorPages
    let report: @Sendable (any Error, Request) async -> Void

    /// Makes a boundary.
    ///
    /// - Parameters:
    ///   - pages: Renders the responses.
    ///   - report: Told each error that became 500, such as a logger or an error tracker.
    public init(
        pages: ErrorPages = .standard, report: @escaping @Sendable (any Error, Request) async -> Void = { _, _ in }
    ) {
        self.pages = pages
        self.report = report
    }

    /// Answers the request; throws only `CancellationError`, when the client has gone away.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        do {
            return try await next(request)
        } catch {
            return try await response(to: request, after: error)
        }
    }

    /// The response that stands for an error; throws only `CancellationError`, when the client has gone away.
    func response(to request: Request, after error: any Error) async throws -> Response {
        if let error = error as? CancellationError, Task.isCancelled { throw error }
        let known = error as? any HTTPResponseError ?? (error as? any HTTPResponseConvertible)?.httpError
        // What a request throws whose time is over, is for the layer that has set the limit.
        if known == nil, TimeLimit.current?.isOver == true { throw error }
        let status = known?.status ?? .internalServerError
        // A server error is reported whoever has thrown it; its message is meant for the client only if it is known.
        if known?.isReported ?? true { await report(error, request) }
        let page = ErrorPage(status: status, message: known?.message ?? status.reason, error: error)
        var response: Response
        do {
            response = try await pages.render(request, page)
        } catch {
            await report(error, request)
            response = page.standard(for: request)
        }
        response.add(known?.headers ?? Headers())
        response.storage[ResponseError.self] = error
        return response
    }
}

extension Response {
    fileprivate mutating func add(_ fields: Headers) {
        for field in fields {
            if field.name == .setCookie {
                headers.addUnchecked(field.name, field.value)
            } else {
                headers.setUnchecked(field.name, field.value)
            }
        }
    }
}

/// The error that a response stands for, in the response's storage; a request log reads it.
public enum ResponseError: RequestStorageKey {
    /// The error.
    public typealias Value = any Error
}
