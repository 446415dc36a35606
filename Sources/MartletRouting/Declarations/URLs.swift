/// A table of routes, as an application declares it: a value that other tables include.
///
/// ```swift
/// let blogURLs = URLs(namespace: "blog") {
///     path("posts/<shortuuid:id>/", postDetail, name: "post-detail")
///     include("api/", apiURLs)
/// }
/// ```
///
/// The first pattern that matches wins. Source: Django, [URL
/// dispatcher](https://docs.djangoproject.com/en/5.2/topics/http/urls/).
public struct URLs: Sendable {
    /// Stands before the names of the routes: `blog:post-detail`. Django calls it `app_name`.
    public let namespace: String?

    /// The routes in the order they are tried.
    public let routes: [Route]

    /// Declares a table.
    public init(namespace: String? = nil, @URLsBuilder routes: () -> [Route]) {
        self.namespace = namespace
        self.routes = routes()
    }
}

/// Collects the routes of a ``URLs`` block; `if` and `for` work in it.
@resultBuilder
public enum URLsBuilder {
    /// One line.
    public static func buildExpression(_ route: Route) -> [Route] { [route] }
    /// A list made elsewhere.
    public static func buildExpression(_ routes: [Route]) -> [Route] { routes }
    /// The lines of a block.
    public static func buildBlock(_ routes: [Route]...) -> [Route] { routes.flatMap(\.self) }
    /// An `if` without `else`.
    public static func buildOptional(_ routes: [Route]?) -> [Route] { routes ?? [] }
    /// The first branch of an `if`.
    public static func buildEither(first routes: [Route]) -> [Route] { routes }
    /// The second branch of an `if`.
    public static func buildEither(second routes: [Route]) -> [Route] { routes }
    /// A `for` loop.
    public static func buildArray(_ routes: [[Route]]) -> [Route] { routes.flatMap(\.self) }
}
