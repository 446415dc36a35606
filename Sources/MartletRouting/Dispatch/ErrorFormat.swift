public import MartletHTTP

/// The form in which errors of a route are told to a client that has no preference, in a route's storage.
public enum ErrorFormat: RequestStorageKey, Sendable, Hashable {
    /// The form.
    public typealias Value = ErrorFormat

    /// A page; what routes have unless they say otherwise.
    case html
    /// `{"detail":"…"}`.
    case json
}

extension Route {
    /// Says in which form errors are told to clients that have no preference, such as `curl` with its `Accept: */*`.
    ///
    /// ```swift
    /// include("api/", apiURLs).errors(as: .json)
    /// ```
    ///
    /// It holds for paths below the prefix of an `include`, too, that no route matches. A client that prefers one of the
    /// two forms gets that one: a browser at an address of an API sees a page.
    public func errors(as format: ErrorFormat) -> Route {
        setting(ErrorFormat.self, to: format)
    }
}

extension Request {
    /// Whether an error is to be told in JSON: where the client prefers it, or has no preference on a route that says
    /// so.
    public var prefersJSONErrors: Bool {
        switch storage[RouteResolution.self]?.errorFormat(path: path, host: storage[RoutedHost.self]) ?? .html {
        case .html: prefers(.json, over: .html)
        case .json: !prefers(.html, over: .json)
        }
    }
}

extension RouteResolution {
    fileprivate func errorFormat(path: String, host: RequestHost?) -> ErrorFormat? {
        switch self {
        case .match(let match): match.info.storage[ErrorFormat.self]
        case .noMatch(let table): table.errorPrefixes.last { $0.holds(path, host) }?.format
        }
    }
}

/// What is said of errors below a prefix without parameters, for paths that no route matches.
struct ErrorPrefix: Sendable {
    let prefix: String
    let host: HostPattern?
    let format: ErrorFormat

    func holds(_ path: String, _ asked: RequestHost?) -> Bool {
        guard path.dropFirst().hasPrefix(prefix) else { return false }
        return host.map { host in asked.flatMap { host.match($0) } != nil } ?? true
    }
}

extension URLs {
    /// What the includes and hosts say of errors; an inner one stands behind its outer one.
    func errorPrefixes(below outer: String = "", on host: HostPattern? = nil) -> [ErrorPrefix] {
        routes.flatMap { route -> [ErrorPrefix] in
            var (prefix, host) = (outer, host)
            let urls: URLs
            switch route.content {
            case .urls(let included, _) where !route.pattern.contains("<"):
                urls = included
                prefix += route.pattern
            case .host(let included, _):
                guard let syntax = try? HostSyntax(parsing: route.pattern) else { return [] }
                urls = included
                host = syntax.pattern(syntax.pieces.map { _ in .str })
            default:
                return []
            }
            var storage = RequestStorage()
            for attribute in route.attributes { attribute(&storage) }
            let own = storage[ErrorFormat.self].map { [ErrorPrefix(prefix: prefix, host: host, format: $0)] } ?? []
            return own + urls.errorPrefixes(below: prefix, on: host)
        }
    }
}
