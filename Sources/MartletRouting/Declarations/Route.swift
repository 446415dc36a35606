public import MartletHTTP

/// One line of a URL table: a pattern with its view, or a prefix with the table it includes.
///
/// Made by ``path(_:_:name:file:line:)`` and ``include(_:_:namespace:file:line:)``; the methods return a changed copy:
///
/// ```swift
/// path("posts/new/", createPost, name: "post-create").methods(.get, .post).bodyLimit(64_000)
/// include("api/", apiURLs).csrfExempt()
/// ```
public struct Route: Sendable {
    enum Content: Sendable {
        case view(ViewBinding)
        case urls(URLs, namespace: String?)
    }

    /// The pattern or prefix, as it is written.
    public let pattern: String

    /// The name to reverse by.
    public let name: String?

    /// Where the route is declared, as `Module/File.swift`.
    public let file: String

    /// The line of the declaration.
    public let line: Int

    let content: Content
    private(set) var methods: [HTTPMethod]?
    private(set) var layers: [any Middleware] = []
    /// Applied from the outermost `include` inwards, so that a route can override what its `include` says.
    private(set) var attributes: [@Sendable (inout RequestStorage) -> Void] = []

    init(pattern: String, name: String?, content: Content, file: String, line: Int) {
        self.pattern = pattern
        self.name = name
        self.content = content
        self.file = file
        self.line = line
    }
}

extension Route {
    /// Restricts the route to some methods; another gets 405 with an `Allow` header.
    ///
    /// `HEAD` comes with `GET`, and `OPTIONS` is answered without the view unless it is listed.
    public func methods(_ methods: HTTPMethod...) -> Route {
        changed { $0.methods = methods }
    }

    /// Wraps the view, or every view of an included table, in layers; the first is the outermost.
    public func middleware(_ layers: any Middleware...) -> Route {
        changed { $0.layers = layers + $0.layers }
    }

    /// Attaches a value for middleware to read as `request.route?.storage[key]`; the seam for modifiers of your own.
    ///
    /// ```swift
    /// extension Route {
    ///     public func cached(for age: Duration) -> Route { setting(CacheAge.self, to: age) }
    /// }
    /// ```
    public func setting<Key: RequestStorageKey & SendableMetatype>(_ key: Key.Type, to value: Key.Value) -> Route {
        changed { route in
            route.attributes.append { storage in storage[key] = value }
        }
    }

    /// Lets unsafe methods through without a CSRF token: for views that authenticate each request by other means.
    public func csrfExempt() -> Route {
        setting(CSRFExemption.self, to: true)
    }

    /// The most content, in bytes, that a request to this route may have, however it is read, and that is collected in
    /// memory; with more it gets 413. It may be less or more than the server's limits.
    public func bodyLimit(_ bytes: Int) -> Route {
        setting(BodyLimit.self, to: bytes)
    }

    private func changed(_ change: (inout Route) -> Void) -> Route {
        var copy = self
        change(&copy)
        return copy
    }
}

/// Whether a route is exempt from CSRF protection, in a route's storage.
public enum CSRFExemption: RequestStorageKey {
    /// Whether it is exempt.
    public typealias Value = Bool
}

/// The largest content a route takes, in bytes, in a route's storage.
public enum BodyLimit: RequestStorageKey {
    /// Bytes.
    public typealias Value = Int
}
