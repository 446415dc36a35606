public import MartletHTTP

/// What a table knows about one of its routes; middleware and logs see it.
public final class RouteInfo: Sendable {
    /// The name with its namespaces, such as `blog:post-detail`.
    public let name: String?

    /// The whole pattern with the prefixes of its includes, such as `blog/posts/<shortuuid:id>/`.
    public let pattern: String

    /// The methods the view takes; `nil` when it takes any.
    public let methods: [HTTPMethod]?

    /// What modifiers have attached; an inner route's value wins over that of its `include`.
    public let storage: RequestStorage

    /// Where the route is declared, as `Module/File.swift`.
    public let file: String

    /// The line of the declaration.
    public let line: Int

    init(
        name: String?, pattern: String, methods: [HTTPMethod]?, storage: RequestStorage, file: String, line: Int
    ) {
        self.name = name
        self.pattern = pattern
        self.methods = methods
        self.storage = storage
        self.file = file
        self.line = line
    }
}

/// A route with all that its includes add to it.
struct CompiledRoute: Sendable {
    let declaration: Route
    let info: RouteInfo
    let elements: [RouteElement]
    /// The names of the parameters, in order.
    let parameterNames: [String]
    let binding: ViewBinding
    /// The layers around the view, built once; `nil` without layers.
    let layered: BoundView?
    /// The most bytes of content, where the route says so.
    let bodyLimit: Int?

    /// The converters of the parameters, in order.
    var converters: [PathConverter] {
        elements.compactMap { element in
            if case .parameter(let converter) = element { converter } else { nil }
        }
    }
}
