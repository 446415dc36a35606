public import MartletHTTP

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
    let namespaces: RouteNamespaces
    private let hosts: HostTables

    /// How errors of paths without a route are told.
    let errorPrefixes: [ErrorPrefix]

    /// What is wrong with the table, warnings too.
    let problems: [RouteProblem]

    /// Whether some routes answer on one host only, so that the host of a request matters.
    public var hasHosts: Bool { hosts.hasHosts }

    /// Checks and compiles a table.
    ///
    /// - Throws: ``RouteTableError`` with every problem of the table that is no mere warning.
    public convenience init(_ urls: URLs) throws(RouteTableError) {
        self.init(compiling: urls)
        let errors = problems.filter { !$0.isWarning }
        if !errors.isEmpty { throw RouteTableError(problems: errors) }
    }

    /// Compiles a table with what is right about it.
    init(compiling urls: URLs) {
        let compiler = RouteCompiler(urls)
        let routes = compiler.routes
        let tables = HostTables(routes)
        compiled = routes
        errorPrefixes = urls.errorPrefixes()
        hosts = tables
        namespaces = RouteNamespaces(routes)
        problems = compiler.problems + Self.duplicateNames(routes) + Self.shadowed(routes, tables)
    }

    /// What is wrong with a table, warnings too; without errors it can be built.
    public static func problems(in urls: URLs) -> [RouteProblem] {
        RouteTable(compiling: urls).problems
    }

    /// Finds the first route whose pattern matches.
    ///
    /// - Parameters:
    ///   - path: Begins with `/`, percent-decoded, without the query.
    ///   - host: The host that is asked for; without one only routes that answer on any host are looked at.
    /// - Returns: `nil` when no pattern matches, or when no view takes the values in the path.
    public func match(_ path: String, host: RequestHost? = nil) -> RouteMatch? {
        if hosts.hasHosts {
            return hosts.search(path, host: host).map { found in
                RouteMatch(found.route, in: self, view: found.view)
            }
        }
        var search = RouteSearch(hosts.anyHost, path: path)
        search.run()
        guard let view = search.view else { return nil }
        return RouteMatch(Int(search.best), in: self, view: view)
    }

    private static func duplicateNames(_ routes: [CompiledRoute]) -> [RouteProblem] {
        var first: [String: Int] = [:]
        return routes.indices.compactMap { index in
            let route = routes[index]
            // Django lets routes share a name and tells them apart by their parameters; so does `reverse`.
            guard let name = route.info.name else { return nil }
            let parameters = route.info.parameterNames.count
            let key = "\(name) \(parameters)"
            guard let taken = first[key] else {
                first[key] = index
                return nil
            }
            return .duplicateName(
                route.declaration, name: name, first: routes[taken].declaration, parameters: parameters)
        }
    }

    private static func shadowed(_ routes: [CompiledRoute], _ tables: HostTables) -> [RouteProblem] {
        routes.indices.compactMap { index in
            let hiding = tables.hidingTries(routes[index]).compactMap { trie in
                ShadowSearch.route(hiding: index, in: routes, trie)
            }
            guard let first = hiding.min() else { return nil }
            return .shadowed(
                routes[index].declaration, pattern: routes[index].info.shownPattern, by: routes[first].declaration,
                routes[first].info.shownPattern)
        }
    }
}
