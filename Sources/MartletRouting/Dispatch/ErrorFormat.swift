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
        switch storage[RouteResolution.self]?.errorFormat(path: path) ?? .html {
        case .html: prefers(.json, over: .html)
        case .json: !prefers(.html, over: .json)
        }
    }
}

extension RouteResolution {
    fileprivate func errorFormat(path: String) -> ErrorFormat? {
        switch self {
        case .match(let match): match.info.storage[ErrorFormat.self]
        case .noMatch(let table): table.errorPrefixes.last { path.dropFirst().hasPrefix($0.prefix) }?.format
        }
    }
}

/// What is said of errors below a prefix without parameters, for paths that no route matches.
struct ErrorPrefix: Sendable {
    let prefix: String
    let format: ErrorFormat
}

extension URLs {
    /// What the includes say of errors; an inner one stands behind its outer one.
    func errorPrefixes(below outer: String = "") -> [ErrorPrefix] {
        routes.flatMap { route -> [ErrorPrefix] in
            guard case .urls(let urls, _) = route.content, !route.pattern.contains("<") else { return [] }
            var storage = RequestStorage()
            for attribute in route.attributes { attribute(&storage) }
            let prefix = outer + route.pattern
            let own = storage[ErrorFormat.self].map { [ErrorPrefix(prefix: prefix, format: $0)] } ?? []
            return own + urls.errorPrefixes(below: prefix)
        }
    }
}
