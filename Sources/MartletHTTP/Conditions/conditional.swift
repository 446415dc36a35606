public import FoundationEssentials

/// Says which version a view would answer with, before the view runs: 304 and 412 then cost no more than that.
///
/// ```swift
/// path("posts/<shortuuid:id>/", conditional(postDetail, lastModified: lastChange), name: "post-detail")
///
/// func lastChange(_ request: Request, id: ShortUUID) async throws -> Date? {
///     try await Post.objects.filter { $0.id == id.uuid }.values { $0.updatedAt }.first
/// }
/// ```
///
/// The responses to `GET` and `HEAD` get `ETag` and `Last-Modified`, unless the view has set them.
///
/// - Parameters:
///   - view: Answers the request.
///   - etag: Names the current version; takes what the view takes. `nil` means that there is none yet.
///   - lastModified: When the current version came to be; `nil` means that there is none yet.
/// - Returns: A view that throws ``HTTPError`` 412 when the client counts on another version.
///
/// Source: Django, [`condition()`](https://docs.djangoproject.com/en/5.2/topics/conditional-view-processing/).
public func conditional<each Parameter: Sendable>(
    _ view: @escaping @Sendable (Request, repeat each Parameter) async throws -> Response,
    etag: @escaping @Sendable (Request, repeat each Parameter) async throws -> EntityTag?,
    lastModified: @escaping @Sendable (Request, repeat each Parameter) async throws -> Date?
) -> @Sendable (Request, repeat each Parameter) async throws -> Response {
    { (request: Request, parameter: repeat each Parameter) in
        let date = try await lastModified(request, repeat each parameter)
        let tag = try await etag(request, repeat each parameter)
        let condition = VersionCondition(tag, date)
        if let response = try condition.answer(to: request) { return response }
        return condition.complete(try await view(request, repeat each parameter), for: request)
    }
}

/// As ``conditional(_:etag:lastModified:)``, with an entity tag only.
public func conditional<each Parameter: Sendable>(
    _ view: @escaping @Sendable (Request, repeat each Parameter) async throws -> Response,
    etag: @escaping @Sendable (Request, repeat each Parameter) async throws -> EntityTag?
) -> @Sendable (Request, repeat each Parameter) async throws -> Response {
    { (request: Request, parameter: repeat each Parameter) in
        let condition = VersionCondition(try await etag(request, repeat each parameter), nil)
        if let response = try condition.answer(to: request) { return response }
        return condition.complete(try await view(request, repeat each parameter), for: request)
    }
}

/// As ``conditional(_:etag:lastModified:)``, with a date only.
public func conditional<each Parameter: Sendable>(
    _ view: @escaping @Sendable (Request, repeat each Parameter) async throws -> Response,
    lastModified: @escaping @Sendable (Request, repeat each Parameter) async throws -> Date?
) -> @Sendable (Request, repeat each Parameter) async throws -> Response {
    { (request: Request, parameter: repeat each Parameter) in
        let condition = VersionCondition(nil, try await lastModified(request, repeat each parameter))
        if let response = try condition.answer(to: request) { return response }
        return condition.complete(try await view(request, repeat each parameter), for: request)
    }
}
