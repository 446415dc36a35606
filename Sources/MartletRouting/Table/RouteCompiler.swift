import MartletHTTP

/// Flattens nested tables into routes that know their whole pattern, and collects what is wrong with them.
struct RouteCompiler {
    private(set) var routes: [CompiledRoute] = []
    private(set) var problems: [RouteProblem] = []
    /// Where each namespace was opened, to find those that stand for two includes.
    private var namespaces: [[String]: Route] = [:]

    init(_ urls: URLs) {
        var root = RouteSurroundings()
        if let namespace = urls.namespace { root.namespaces = [NamespaceStep(instance: namespace, app: namespace)] }
        add(urls, root)
    }

    private mutating func add(_ urls: URLs, _ surroundings: RouteSurroundings) {
        for route in urls.routes {
            do {
                try add(route, surroundings)
            } catch {
                problems.append(.badPattern(route, error))
            }
        }
    }

    private mutating func add(_ route: Route, _ outside: RouteSurroundings) throws(PathPattern.Flaw) {
        var inside = outside
        inside.methods = route.methods ?? outside.methods
        inside.layers += route.layers
        inside.notes += route.notes
        for attribute in route.attributes { attribute(&inside.storage) }
        switch route.content {
        case .view(let binding):
            try inside.enter(route.pattern)
            compile(route, binding, nil, inside)
        case .regex(let regex, let binding):
            inside.pattern += regex.text
            compile(route, binding, regex, inside)
        case .urls(let urls, let namespace):
            try inside.enter(route.pattern)
            // Whether the prefix is ambiguous depends on the converters, which the views know: `compile` decides.
            inside.cuts.insert(inside.pieces.count)
            include(route, urls, namespace, inside)
        case .host(let urls, let namespace):
            guard outside.host == nil, outside.pieces.isEmpty else {
                problems.append(.misplacedHost(route))
                return
            }
            inside.host = try HostSyntax(parsing: route.pattern)
            include(route, urls, namespace, inside)
        }
    }

    private mutating func include(
        _ route: Route, _ urls: URLs, _ namespace: String?, _ surroundings: RouteSurroundings
    ) {
        guard let namespace else { return add(urls, surroundings) }
        var inside = surroundings
        inside.namespaces.append(NamespaceStep(instance: namespace, app: urls.namespace))
        if namespace.contains(":") { problems.append(.colonInName(route, namespace)) }
        let place = inside.namespaces.map(\.instance)
        if let first = namespaces[place] {
            problems.append(.duplicateNamespace(route, place.joined(separator: ":"), first: first))
        } else {
            namespaces[place] = route
        }
        let before = routes.count
        let problemsBefore = problems.count
        add(urls, inside)
        // Routes that could not be compiled may have had the names.
        if problems.count == problemsBefore, !routes[before...].contains(where: { $0.info.name != nil }) {
            problems.append(.unusedNamespace(route, place.joined(separator: ":")))
        }
    }

    private mutating func compile(
        _ route: Route, _ binding: ViewBinding, _ regex: RegexPattern?, _ whole: RouteSurroundings
    ) {
        if let name = route.name, name.contains(":") { problems.append(.colonInName(route, name)) }
        let resolution = RouteResolver(route, binding, regex, whole)
        problems += resolution.problems
        if resolution.problems.contains(where: { !$0.isWarning }) { return }
        let info = RouteInfo(
            route, in: whole, parameterNames: resolution.parameterNames, types: binding.parameters)
        let layered = whole.layers.isEmpty ? nil : BoundView(compose(whole.layers, around: RouteMatch.callView))
        routes.append(
            CompiledRoute(
                info: info, layered: layered, bodyLimit: whole.storage[BodyLimit.self],
                lifetime: whole.storage[PageLifetime.self], binding: binding, elements: resolution.elements,
                host: resolution.host, namespaces: whole.namespaces, declaration: route))
    }
}

extension RouteSurroundings {
    fileprivate mutating func enter(_ pattern: String) throws(PathPattern.Flaw) {
        pieces += try PathPattern(parsing: pattern).pieces
        self.pattern += pattern
    }
}
