import MartletHTTP

/// A URL table, checked and compiled once at start-up; all requests share it.
///
/// ```swift
/// let table = try RouteTable(siteURLs)
/// table.match("/blog/posts/new/")?.info.name   // "blog:post-create"
/// try table.reverse("blog:archive", 2026)      // "/blog/archive/2026/"
/// ```
///
/// Finding a route among thousands costs as much as among ten: patterns that begin alike share their beginning.
public final class RouteTable: Sendable {
    /// The table that ``reverse(_:_:)-(String,_)`` outside of a request uses; the application binds it once, when it
    /// starts.
    @TaskLocal public static var current: RouteTable?

    /// The routes in the order they are tried.
    public var routes: [RouteInfo] { compiled.map(\.info) }

    let compiled: [CompiledRoute]
    /// Routes by their name with namespaces.
    let names: [String: [Int]]
    private let trie: RouteTrie

    /// How errors of paths without a route are told.
    let errorPrefixes: [ErrorPrefix]

    /// What is wrong with the table.
    let problems: [RouteProblem]

    /// Checks and compiles a table.
    ///
    /// - Throws: ``RouteTableError`` with every problem of the table.
    public convenience init(_ urls: URLs) throws(RouteTableError) {
        self.init(compiling: urls)
        if !problems.isEmpty { throw RouteTableError(problems: problems) }
    }

    /// Compiles a table with what is right about it.
    init(compiling urls: URLs) {
        let compiler = RouteCompiler(urls)
        let routes = compiler.routes
        compiled = routes
        errorPrefixes = urls.errorPrefixes()
        trie = RouteTrie(routes.map(\.elements))
        names = Dictionary(grouping: routes.indices.filter { routes[$0].info.name != nil }) { index in
            routes[index].info.name ?? ""
        }
        problems = compiler.problems + Self.duplicateNames(routes, names) + Self.shadowed(routes, trie)
    }

    /// What is wrong with a table; empty when it can be built.
    public static func problems(in urls: URLs) -> [RouteProblem] {
        RouteTable(compiling: urls).problems
    }

    /// Finds the first route whose pattern matches.
    ///
    /// - Parameter path: Begins with `/`, percent-decoded, without the query.
    /// - Returns: `nil` when no pattern matches, or when no view takes the values in the path.
    public func match(_ path: String) -> RouteMatch? {
        var search = RouteSearch(trie, compiled, path: path)
        search.run()
        guard let view = search.view else { return nil }
        return RouteMatch(compiled[Int(search.best)], in: self, view: view)
    }

    private static func duplicateNames(_ routes: [CompiledRoute], _ names: [String: [Int]]) -> [RouteProblem] {
        routes.indices.compactMap { index in
            let route = routes[index]
            // Django lets routes share a name and tells them apart by their parameters; so does `reverse`.
            guard let name = route.info.name, let sharing = names[name],
                let first = sharing.first(where: { other in
                    routes[other].parameterNames.count == route.parameterNames.count
                }), first < index
            else { return nil }
            return .duplicateName(
                route.declaration, name: name, first: routes[first].declaration,
                parameters: route.parameterNames.count)
        }
    }

    private static func shadowed(_ routes: [CompiledRoute], _ trie: RouteTrie) -> [RouteProblem] {
        routes.indices.compactMap { index in
            guard let hiding = ShadowSearch.route(hiding: index, in: routes, trie) else { return nil }
            return .shadowed(
                routes[index].declaration, pattern: routes[index].info.pattern, by: routes[hiding].declaration,
                routes[hiding].info.pattern)
        }
    }
}
