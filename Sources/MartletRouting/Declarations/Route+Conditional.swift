public import FoundationEssentials
public import MartletHTTP

extension Route {
    /// Says which version the route, or every route of an included table, would answer with, before a view runs: 304 and
    /// 412 then cost no more than that.
    ///
    /// ```swift
    /// path("feed/", feed, name: "feed").conditional(lastModified: { _ in try await lastPublication() })
    /// ```
    ///
    /// Where it depends on the parameters of the path, there is `conditional(view, etag:lastModified:)`.
    ///
    /// - Parameters:
    ///   - etag: Names the current version; `nil` means that there is none yet.
    ///   - lastModified: When the current version came to be; `nil` means that there is none yet.
    public func conditional(
        etag: @escaping @Sendable (Request) async throws -> EntityTag? = { _ in nil },
        lastModified: @escaping @Sendable (Request) async throws -> Date? = { _ in nil }
    ) -> Route {
        middleware(VersionCheck(etag: etag, lastModified: lastModified))
    }
}

/// Answers what needs no view.
private struct VersionCheck: Middleware {
    let etag: @Sendable (Request) async throws -> EntityTag?
    let lastModified: @Sendable (Request) async throws -> Date?

    func respond(to request: Request, next: Handler) async throws -> Response {
        let condition = VersionCondition(try await etag(request), try await lastModified(request))
        if let response = try condition.answer(to: request) { return response }
        return condition.complete(try await next(request), for: request)
    }
}
