public import MartletHTTP

/// One line of a URL table: a pattern with its view, or a prefix or a host with the table it includes.
///
/// Made by ``path(_:_:name:file:line:)``, ``rePath(_:_:name:reverse:file:line:)``, ``include(_:_:namespace:file:line:)``
/// and ``host(_:_:namespace:file:line:)``; the methods return a changed copy:
///
/// ```swift
/// path("posts/new/", createPost, name: "post-create").methods(.get, .post).bodyLimit(64_000)
/// include("api/", apiURLs).csrfExempt()
/// ```
public struct Route: Sendable {
    enum Content: Sendable {
        case view(ViewBinding)
        /// A regular expression for what follows the prefixes.
        case regex(RegexPattern, ViewBinding)
        case urls(URLs, namespace: String?)
        /// As `urls`; the pattern is the host's.
        case host(URLs, namespace: String?)
    }

    /// The pattern, prefix or host, as it is written.
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
    /// What the modifiers say, in words for `manage showurls`.
    private(set) var notes: [String] = []

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
    ///
    /// A layer runs when the route is known and its method is allowed, and may answer in place of the view. So this is
    /// how a package adds a modifier that lets only some requests through:
    ///
    /// ```swift
    /// extension Route {
    ///     public func loginRequired() -> Route { middleware(LoginRequired()) }
    /// }
    /// ```
    public func middleware(_ layers: any Middleware...) -> Route {
        noted(layers.map { "\(type(of: $0))" }.joined(separator: " ")) { $0.layers = layers + $0.layers }
    }

    /// Attaches a value for middleware to read as `request.route?.storage[key]`; the seam for modifiers of your own.
    ///
    /// ```swift
    /// extension Route {
    ///     public func audience(_ audience: Audience) -> Route { setting(AudienceKey.self, to: audience) }
    /// }
    /// ```
    public func setting<Key: RequestStorageKey & SendableMetatype>(_ key: Key.Type, to value: Key.Value) -> Route {
        setting(key, to: value, note: "\(key)")
    }

    /// As ``setting(_:to:)``, with words of its own for `manage showurls`.
    func setting<Key: RequestStorageKey & SendableMetatype>(
        _ key: Key.Type, to value: Key.Value, note: String
    ) -> Route {
        noted(note) { route in
            route.attributes.append { storage in storage[key] = value }
        }
    }

    /// Lets unsafe methods through without a CSRF token: for views that authenticate each request by other means.
    public func csrfExempt() -> Route {
        setting(CSRFExemption.self, to: true, note: "csrfExempt")
    }

    /// The most content, in bytes, that a request to this route may have, however it is read, and that is collected in
    /// memory; with more it gets 413. It may be less or more than the server's limits.
    public func bodyLimit(_ bytes: Int) -> Route {
        setting(BodyLimit.self, to: bytes, note: "bodyLimit(\(bytes))")
    }

    private func noted(_ note: String, _ change: (inout Route) -> Void) -> Route {
        changed { route in
            route.notes.append(note)
            change(&route)
        }
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
