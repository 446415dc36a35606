public import MartletHTTP
public import MartletRouting

/// Something that has a page of its own: Django's `get_absolute_url`.
///
/// ```swift
/// extension Post: HasAbsoluteURL {
///     var absoluteURL: String { get throws { try reverse("blog:post-detail", id) } }
/// }
///
/// return try redirect(to: post)
/// ```
public protocol HasAbsoluteURL {
    /// The page's path, or its whole URL.
    var absoluteURL: String { get throws }
}

/// Sends the client to a route by its name, or to a URL.
///
/// ```swift
/// return try redirect(to: "blog:post-detail", post.id)
/// return try redirect(to: "/posts/", status: .movedPermanently)
/// return try redirect(to: "https://example.com/")
/// ```
///
/// What has a slash or a point in it, and is no route's name, is a URL. It must not be text of a user; for that there is
/// ``redirect(toUserSupplied:request:allowedHosts:fallback:status:)``.
///
/// - Parameters:
///   - target: The name of a route with its namespaces, or a URL.
///   - arguments: A value for each parameter of the route.
///   - status: 302 unless told.
/// - Throws: ``MartletRouting/ReverseError``; ``MartletHTTP/HTTPError`` 400 for a URL that nobody should be sent to.
///
/// Source: [Django, `redirect()`](https://docs.djangoproject.com/en/5.2/topics/http/shortcuts/#redirect).
public func redirect(
    to target: String, _ arguments: any PathParameter..., status: RedirectStatus = .found
) throws -> Response {
    try Response.redirect(to: address(target, arguments.map(\.pathSegment)), status: status)
}

/// Sends the client to the page of something.
///
/// - Throws: What its ``HasAbsoluteURL/absoluteURL`` throws.
public func redirect(to object: some HasAbsoluteURL, status: RedirectStatus = .found) throws -> Response {
    try Response.redirect(to: object.absoluteURL, status: status)
}

/// Sends the client where it asks to go, as a login page does with `?next=`, unless that leads to another host: then to
/// the fallback.
///
/// ```swift
/// return try redirect(toUserSupplied: request.query["next"], request: request, fallback: "blog:post-list")
/// ```
///
/// - Parameters:
///   - target: Text of a client; `nil` and an empty one lead to the fallback.
///   - request: What is answered, for its host and its scheme.
///   - allowedHosts: Hosts beside the request's own, with their ports.
///   - fallback: The name of a route without parameters, or a URL.
///   - status: 302 unless told.
/// - Throws: As ``redirect(to:_:status:)`` for the fallback.
public func redirect(
    toUserSupplied target: String?, request: Request, allowedHosts: Set<String> = [], fallback: String = "/",
    status: RedirectStatus = .found
) throws -> Response {
    try Response.redirect(
        toUserSupplied: target, for: request, allowedHosts: allowedHosts, fallback: address(fallback, []),
        status: status)
}

/// The address that a name or a URL stands for.
private func address(_ target: String, _ texts: [String]) throws(ReverseError) -> String {
    if texts.isEmpty, target.hasPrefix("/") || target.hasPrefix("./") || target.hasPrefix("../") { return target }
    let feelsLikeURL = texts.isEmpty && (target.contains("/") || target.contains("."))
    guard let table = RouteTable.current else {
        if feelsLikeURL { return target }
        throw ReverseError(name: target, reason: .noTable)
    }
    do throws(ReverseError) {
        return try table.reverse(target, texts: texts)
    } catch {
        if feelsLikeURL, case .unknownName = error.reason { return target }
        throw error
    }
}
