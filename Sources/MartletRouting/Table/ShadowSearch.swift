/// Looks for an earlier route that matches everything a route matches.
///
/// It walks the trie with the route's own pattern instead of a path: an earlier parameter may take text and whole
/// parameters of the pattern as long as its converter takes everything that they match. What it reports is certain;
/// a route that only several earlier ones together hide is not found, nor one whose pattern is a regular expression.
struct ShadowSearch {
    private enum Token {
        case byte(UInt8)
        case parameter(PathConverter)
    }

    private let trie: RouteTrie
    private let routes: [CompiledRoute]
    private let route: Int
    private let tokens: [Token]
    private var entered: Set<[Int]> = []
    private var found: Int?

    /// The first earlier route that hides `route`; `nil` when none does.
    static func route(hiding route: Int, in routes: [CompiledRoute], _ trie: RouteTrie) -> Int? {
        let compiled = routes[route]
        if compiled.hasRegex { return nil }
        if let literal = compiled.literalPath {
            // Without parameters the question is just what the path matches.
            var search = RouteSearch(trie, path: literal, before: Int32(route))
            search.run()
            if search.view != nil { return Int(search.best) }
            // Views that take a part of the host could not be bound; their patterns are compared below.
        }
        var search = ShadowSearch(trie: trie, routes: routes, route: route)
        search.visit(0, at: 0)
        return search.found
    }

    private init(trie: RouteTrie, routes: [CompiledRoute], route: Int) {
        self.trie = trie
        self.routes = routes
        self.route = route
        tokens = routes[route].elements.flatMap { element -> [Token] in
            switch element {
            case .literal(let bytes): bytes.map { .byte($0) }
            case .parameter(let converter): [.parameter(converter)]
            case .cut, .regex: []
            }
        }
    }

    private mutating func visit(_ index: Int32, at position: Int) {
        let node = trie.nodes[Int(index)]
        guard node.firstRoute < min(route, found ?? .max) else { return }
        guard entered.insert([Int(index), position]).inserted else { return }
        if position == tokens.count { finish(node) }
        for edge in node.literals {
            let literal = trie.literals[Int(edge)]
            if isLiteral(literal, at: position) { visit(literal.target, at: position + Int(literal.count)) }
        }
        for edge in node.parameters {
            let parameter = trie.parameters[Int(edge)]
            for end in ends(of: trie.converters[Int(parameter.converter)], from: position) {
                visit(parameter.target, at: end)
            }
        }
        // Behind a cut the earlier route may miss what its pattern says: only an equal pattern is certain there.
        if node.cut >= 0, routes[route].elements.contains(.cut) { visit(node.cut, at: position) }
    }

    private mutating func finish(_ node: RouteTrie.Node) {
        let hiding = node.routes.lazy.map { [trie] in Int(trie.terminals[Int($0)].route) }.first { [self] earlier in
            earlier < route && hides(routes[earlier])
        }
        if let hiding { found = min(hiding, found ?? hiding) }
    }

    private func hides(_ earlier: CompiledRoute) -> Bool {
        let mine = routes[route]
        if earlier.elements == mine.elements, earlier.host == mine.host {
            return zip(earlier.binding.parameters, mine.binding.parameters).allSatisfy { earlier, mine in
                earlier == mine || earlier is any TotalPathParameter.Type
            }
        }
        return !earlier.elements.contains(.cut)
            && earlier.binding.parameters.allSatisfy { $0 is any TotalPathParameter.Type }
    }

    private func isLiteral(_ edge: RouteTrie.LiteralEdge, at position: Int) -> Bool {
        guard tokens.count - position >= edge.count else { return false }
        return zip(trie.text(of: edge), tokens[position...]).allSatisfy { expected, token in
            if case .byte(let byte) = token { expected == byte } else { false }
        }
    }

    /// Where a parameter may end that takes everything the tokens from `position` match.
    private func ends(of converter: PathConverter, from position: Int) -> [Int] {
        var ends: [Int] = []
        var shortest = 0
        var longest = 0
        for end in position..<tokens.count {
            switch tokens[end] {
            case .byte(let byte):
                guard converter.bytes.contains(byte), converter.shape == .any else { return ends }
                shortest += 1
                longest = longest.addingReportingOverflow(1).overflow ? .max : longest + 1
            case .parameter(let mine):
                if mine == converter, end == position { ends.append(end + 1) }
                guard converter.bytes.isSuperset(of: mine.bytes), converter.shape == .any else { return ends }
                shortest += mine.length.lowerBound
                let (sum, overflows) = longest.addingReportingOverflow(mine.length.upperBound)
                longest = overflows ? .max : sum
            }
            let fits = shortest >= converter.length.lowerBound && longest <= converter.length.upperBound
            if fits, ends.last != end + 1 { ends.append(end + 1) }
        }
        return ends
    }
}

extension CompiledRoute {
    fileprivate var hasRegex: Bool {
        if case .regex = elements.last { true } else { false }
    }

    /// The only path that a route without parameters matches.
    fileprivate var literalPath: String? {
        switch elements.count {
        case 0: return "/"
        case 1:
            guard case .literal(let bytes) = elements[0] else { return nil }
            return "/" + String(decoding: bytes, as: UTF8.self)
        default: return nil
        }
    }
}
