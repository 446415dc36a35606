public import MartletHTTP

/// Lets pages of other origins read this site's answers: cross-origin resource sharing.
///
/// ```swift
/// try CORS(origins: ["https://app.example.com", "https://*.example.org"], paths: ["/api/"])
/// ```
///
/// A preflight, `OPTIONS` with `Access-Control-Request-Method`, is answered here, without the view. An origin that is not
/// allowed gets no header, and the browser keeps the answer from the page.
///
/// With `allowsCredentials` the headers that let a page use the user's cookies go to listed origins only; were every origin
/// allowed as well, the others would get `*`, which browsers do not take together with cookies.
///
/// Source: [Fetch, §3.3](https://fetch.spec.whatwg.org/#http-cors-protocol), django-cors-headers.
public struct CORS: OrderedMiddleware {
    /// What `Access-Control-Allow-Headers` lists unless told.
    public static let defaultHeaders = [
        "accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with",
    ].map { HeaderName(unchecked: $0) }

    /// What `Access-Control-Allow-Methods` lists unless told.
    public static let defaultMethods: [HTTPMethod] = [.delete, .get, .options, .patch, .post, .put]

    private let origins: AllowedOrigins
    private let allowsAllOrigins: Bool
    private let allowsCredentials: Bool
    private let allowsPrivateNetwork: Bool
    private let paths: [PathRule]?
    private let isAllowed: (@Sendable (Request) -> Bool)?
    private let common: [Headers.Field]
    private let preflight: [Headers.Field]

    /// Makes the layer.
    ///
    /// - Parameters:
    ///   - origins: `https://example.com`, `https://*.example.com` for all below it, or `null`, which is what pages in
    ///     sandboxes and files say: list it only for what everybody may read.
    ///   - patterns: Expressions for further origins; each must fit from the beginning. End them with `$`.
    ///   - allowsAllOrigins: Whether all others may read answers, too, without credentials.
    ///   - allowsCredentials: Whether pages of the listed origins may send cookies and read what comes.
    ///   - exposedHeaders: Fields that scripts may read beside the usual ones.
    ///   - allowedHeaders: Fields that scripts may send.
    ///   - allowedMethods: Methods that scripts may use.
    ///   - preflightMaxAge: For how long, in whole seconds, a browser need not ask again; a day unless told.
    ///   - allowsPrivateNetwork: Whether pages of public sites may reach this one in a private network.
    ///   - paths: Where all this counts; everywhere unless told.
    ///   - isAllowed: Allows further requests, on all paths, such as those for what everybody may read.
    /// - Throws: ``CORSOriginError`` for an origin without a scheme or host, or with a path.
    public init(
        origins: [String] = [], patterns: [TextPattern] = [], allowsAllOrigins: Bool = false,
        allowsCredentials: Bool = false, exposedHeaders: [HeaderName] = [],
        allowedHeaders: [HeaderName] = CORS.defaultHeaders, allowedMethods: [HTTPMethod] = CORS.defaultMethods,
        preflightMaxAge: Duration = .seconds(86_400), allowsPrivateNetwork: Bool = false, paths: [PathRule]? = nil,
        isAllowed: (@Sendable (Request) -> Bool)? = nil
    ) throws(CORSOriginError) {
        self.origins = try AllowedOrigins(origins, patterns)
        self.allowsAllOrigins = allowsAllOrigins
        self.allowsCredentials = allowsCredentials
        self.allowsPrivateNetwork = allowsPrivateNetwork
        self.paths = paths
        self.isAllowed = isAllowed
        common =
            exposedHeaders.isEmpty
            ? [] : [.init(name: .exposeHeaders, value: exposedHeaders.map(\.rawName).joined(separator: ", "))]
        let age = preflightMaxAge.components.seconds
        preflight =
            [
                .init(name: .allowHeaders, value: allowedHeaders.map(\.rawName).joined(separator: ", ")),
                .init(name: .allowMethods, value: allowedMethods.map(\.rawValue).joined(separator: ", ")),
            ] + (age > 0 ? [.init(name: .maxAge, value: "\(age)")] : [])
    }

    /// A page of another origin can read an answer only if this layer has seen it.
    public static let order: [MiddlewareOrder] = [
        .outside(CommonRules.self, because: "a browser follows no redirect of a preflight"),
        .outside(CSRFProtection.self, because: "a page must be able to read why it was refused"),
        .outside(MaintenanceMode.self, because: "a page must be able to read that the site is being maintained"),
    ]

    /// Answers a preflight, or adds to the answer what lets the page read it.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        let isAllowedAnyway = isAllowed?(request) ?? false
        guard isAllowedAnyway || paths?.contains(where: { $0.contains(request.path) }) ?? true else {
            return try await next(request)
        }
        let isPreflight = request.method == .options && request.headers.contains(.requestMethod)
        var response = isPreflight ? Response() : try await next(request)
        response.headers.addVary(.origin)
        guard let origin = request.headers[.origin], !origin.isEmpty else { return response }
        let isListed = origins.contains(origin)
        guard isListed || isAllowedAnyway || allowsAllOrigins else { return response }
        // Another site must never be told that it may use the user's cookies because it has asked.
        let usesCredentials = allowsCredentials && isListed
        let named = isListed && (allowsCredentials || !allowsAllOrigins) || isAllowedAnyway && !allowsAllOrigins
        try response.headers.set(.allowOrigin, named ? origin : "*")
        if usesCredentials { response.headers.addMissing([.allowCredentials]) }
        response.headers.addMissing(common)
        if request.method == .options { response.headers.addMissing(preflight) }
        if allowsPrivateNetwork, request.headers[.requestPrivateNetwork] == "true" {
            response.headers.addMissing([.allowPrivateNetwork])
        }
        return response
    }
}

extension Headers.Field {
    fileprivate static let allowCredentials = Headers.Field(name: .allowCredentials, value: "true")
    fileprivate static let allowPrivateNetwork = Headers.Field(name: .allowPrivateNetwork, value: "true")
}

extension HeaderName {
    fileprivate static let allowCredentials = HeaderName(literal: "Access-Control-Allow-Credentials")
    fileprivate static let allowHeaders = HeaderName(literal: "Access-Control-Allow-Headers")
    fileprivate static let allowMethods = HeaderName(literal: "Access-Control-Allow-Methods")
    fileprivate static let allowOrigin = HeaderName(literal: "Access-Control-Allow-Origin")
    fileprivate static let allowPrivateNetwork = HeaderName(literal: "Access-Control-Allow-Private-Network")
    fileprivate static let exposeHeaders = HeaderName(literal: "Access-Control-Expose-Headers")
    fileprivate static let maxAge = HeaderName(literal: "Access-Control-Max-Age")
    fileprivate static let requestMethod = HeaderName(literal: "Access-Control-Request-Method")
    fileprivate static let requestPrivateNetwork = HeaderName(literal: "Access-Control-Request-Private-Network")
}
