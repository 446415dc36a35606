import MartletHTTP

/// Flattens nested tables into routes that know their whole pattern, and collects what is wrong with them.
struct RouteCompiler {
    /// What the includes above a route add to it.
    private struct Surroundings {
        var pattern = ""
        var pieces: [PathPattern.Piece] = []
        /// Where an `include` prefix ends that could match in several ways: an index into `pieces`.
        var cuts: Set<Int> = []
        var namespaces: [String] = []
        var methods: [HTTPMethod]?
        var layers: [any Middleware] = []
        var storage = RequestStorage()
    }

    private(set) var routes: [CompiledRoute] = []
    private(set) var problems: [RouteProblem] = []

    init(_ urls: URLs) {
        var root = Surroundings()
        if let namespace = urls.namespace { root.namespaces = [namespace] }
        add(urls, root)
    }

    private mutating func add(_ urls: URLs, _ surroundings: Surroundings) {
        for route in urls.routes {
            do {
                try add(route, surroundings)
            } catch {
                problems.append(.badPattern(route, error))
            }
        }
    }

    private mutating func add(_ route: Route, _ outside: Surroundings) throws(PathPattern.Flaw) {
        let pattern = try PathPattern(parsing: route.pattern)
        var inside = outside
        inside.pattern += route.pattern
        inside.pieces += pattern.pieces
        inside.methods = route.methods ?? outside.methods
        inside.layers += route.layers
        for attribute in route.attributes { attribute(&inside.storage) }
        switch route.content {
        case .view(let binding):
            compile(route, binding, inside)
        case .urls(let urls, let namespace):
            if let namespace {
                inside.namespaces.append(namespace)
                if namespace.contains(":") { problems.append(.colonInName(route, namespace)) }
            }
            // Whether the prefix is ambiguous depends on the converters, which the views know: `compile` decides.
            inside.cuts.insert(inside.pieces.count)
            add(urls, inside)
        }
    }

    private mutating func compile(_ route: Route, _ binding: ViewBinding, _ whole: Surroundings) {
        if let name = route.name, name.contains(":") { problems.append(.colonInName(route, name)) }
        guard let elements = resolve(route, binding, whole) else { return }
        let names = whole.pieces.parameterNames
        let info = RouteInfo(
            name: route.name.map { (whole.namespaces + [$0]).joined(separator: ":") }, pattern: whole.pattern,
            methods: whole.methods, storage: whole.storage, file: route.file, line: route.line)
        let layered = whole.layers.isEmpty ? nil : BoundView(compose(whole.layers, around: RouteMatch.callView))
        routes.append(
            CompiledRoute(
                declaration: route, info: info, elements: elements, parameterNames: names, binding: binding,
                layered: layered, bodyLimit: whole.storage[BodyLimit.self]))
    }

    /// Turns pieces into elements and compares them with the view; `nil` when there is a problem.
    private mutating func resolve(
        _ route: Route, _ binding: ViewBinding, _ whole: Surroundings
    ) -> [RouteElement]? {
        let before = problems.count
        checkNames(route, whole)
        let types = binding.parameters
        let own = types.flatMap { $0.converters }
        let known = Dictionary((PathConverter.standard + own).map { ($0.name, $0) }) { standard, _ in standard }
        var elements: [RouteElement] = []
        var pieceStart = 0
        var parameter = 0
        for (index, piece) in whole.pieces.enumerated() {
            if whole.cuts.contains(index) { elements.cut(after: &pieceStart) }
            switch piece {
            case .literal(let text):
                elements.append(literal: text)
            case .parameter(let name, _):
                guard let converter = known[name] else {
                    problems.append(.unknownConverter(route, name, known: Array(known.keys)))
                    continue
                }
                elements.append(.parameter(converter))
                if parameter < types.count { check(route, whole.pattern, piece, types[parameter]) }
                parameter += 1
            }
        }
        if whole.cuts.contains(whole.pieces.count) { elements.cut(after: &pieceStart) }
        let names = whole.pieces.parameterNames
        if names.count != types.count {
            problems.append(
                .wrongCount(route, pattern: whole.pattern, names: names, types: types.map { "\($0)" }))
        }
        return problems.count == before ? elements : nil
    }

    private mutating func checkNames(_ route: Route, _ whole: Surroundings) {
        var seen: Set<String> = []
        for name in whole.pieces.parameterNames where !seen.insert(name).inserted {
            problems.append(.duplicateParameter(route, name, in: whole.pattern))
        }
    }

    private mutating func check(
        _ route: Route, _ pattern: String, _ piece: PathPattern.Piece, _ type: any PathParameter.Type
    ) {
        guard case .parameter(let converter, let name) = piece else { return }
        let accepted = type.converters.map(\.name)
        if !accepted.contains(converter) {
            problems.append(
                .wrongType(
                    route, pattern: pattern, parameter: "<\(converter):\(name)>", type: "\(type)", accepts: accepted))
        }
    }
}

extension [PathPattern.Piece] {
    fileprivate var parameterNames: [String] {
        compactMap { piece in
            if case .parameter(_, let name) = piece { name } else { nil }
        }
    }
}

extension [RouteElement] {
    fileprivate mutating func append(literal text: String) {
        if case .literal(let before) = last {
            self[count - 1] = .literal(before + text.utf8)
        } else {
            append(.literal(Array<UInt8>(text.utf8)))
        }
    }

    /// Ends a prefix; leaves a cut when the prefix, which begins at `start`, could match in several ways.
    fileprivate mutating func cut(after start: inout Int) {
        if self[start...].isAmbiguousPrefix { append(.cut) }
        start = count
    }
}

extension ArraySlice<RouteElement> {
    /// Whether a greedy match of the prefix differs from a shorter one that would match as well.
    fileprivate var isAmbiguousPrefix: Bool {
        indices.contains { index in
            guard case .parameter(let converter) = self[index] else { return false }
            guard converter.length.lowerBound != converter.length.upperBound else { return false }
            guard index + 1 < endIndex, case .literal(let next) = self[index + 1] else { return true }
            return next.prefix(1).contains { converter.bytes.contains($0) }
        }
    }
}
