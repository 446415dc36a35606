public import MartletHTTP

/// What a table knows about one of its routes; middleware and logs see it.
public final class RouteInfo: Sendable {
    /// The name with its namespaces, such as `blog:post-detail`.
    public let name: String?

    /// The names of the instances that the route is in, the outermost first.
    public let namespaces: [String]

    /// The names of the applications that the route is in, the outermost first.
    public let appNames: [String]

    /// The whole pattern with the prefixes of its includes, such as `blog/posts/<shortuuid:id>/`.
    public let pattern: String

    /// The host that the route answers on, such as `<slug:tenant>.example.org`; `nil` when it answers on any.
    public let host: String?

    /// The names of the parameters in the view's order: of the host, the prefixes and the pattern.
    public let parameterNames: [String]

    /// The parameters that are whole numbers, by name; a capture without a name is named by its number.
    package let integerParameters: [String]

    /// The methods the view takes; `nil` when it takes any.
    public let methods: [HTTPMethod]?

    /// What modifiers have attached; an inner route's value wins over that of its `include`.
    public let storage: RequestStorage

    /// What the modifiers of the route and its includes say, in words, without the methods.
    public let modifiers: [String]

    /// Where the route is declared, as `Module/File.swift`.
    public let file: String

    /// The line of the declaration.
    public let line: Int

    init(_ route: Route, in whole: RouteSurroundings, parameterNames: [String], types: [any PathParameter.Type] = []) {
        let instances = whole.namespaces.map(\.instance)
        name = route.name.map { name in (instances + [name]).joined(separator: ":") }
        namespaces = instances
        appNames = whole.namespaces.compactMap(\.app)
        pattern = whole.pattern
        host = whole.host?.text
        self.parameterNames = parameterNames
        integerParameters = zip(parameterNames, types).filter { Self.isInteger($1) }.map(\.0)
        methods = whole.methods
        storage = whole.storage
        modifiers = whole.notes
        file = route.file
        line = route.line
    }

    private static func isInteger(_ type: any PathParameter.Type) -> Bool {
        type is any FixedWidthInteger.Type || type == Int?.self
    }
}

extension RouteInfo {
    /// The pattern for messages, with the host before it: `//api.example.org/posts/`.
    var shownPattern: String { host.map { "//\($0)/\(pattern)" } ?? pattern }
}

extension RouteSurroundings {
    /// As ``RouteInfo/shownPattern``.
    var shownPattern: String { host.map { "//\($0.text)/\(pattern)" } ?? pattern }
}

/// What the includes and the host above a route add to it.
struct RouteSurroundings {
    var pattern = ""
    var pieces: [PathPattern.Piece] = []
    /// Where an `include` prefix ends that could match in several ways: an index into `pieces`.
    var cuts: Set<Int> = []
    var host: HostSyntax?
    var namespaces: [NamespaceStep] = []
    var methods: [HTTPMethod]?
    var layers: [any Middleware] = []
    var storage = RequestStorage()
    var notes: [String] = []
}

/// A route with all that its includes add to it.
struct CompiledRoute: Sendable {
    // What each request asks for comes first, and so shares a cache line.
    let info: RouteInfo
    /// The layers around the view, built once; `nil` without layers.
    let layered: BoundView?
    /// The most bytes of content, where the route says so.
    let bodyLimit: Int?
    /// How long answers may be kept, where the route says so.
    let lifetime: Duration?

    let binding: ViewBinding
    let elements: [RouteElement]
    let host: HostPattern?
    let namespaces: [NamespaceStep]
    let declaration: Route
}
