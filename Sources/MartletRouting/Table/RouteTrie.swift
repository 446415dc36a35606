/// The patterns of a table as a tree of shared beginnings, in flat arrays that a search reads without retaining.
///
/// A node is reached by a unique sequence of pieces; routes that begin alike share its nodes. Every node knows the
/// first route (in declaration order) at or below it, so a search can leave out what cannot win any more.
///
/// A class, so that a search holds one reference instead of one to each array.
final class RouteTrie: Sendable {
    struct Node {
        var literals: Range<Int32> = 0..<0
        var parameters: Range<Int32> = 0..<0
        /// The node behind the end of an `include` prefix; -1 for none. See ``RouteElement/cut``.
        var cut: Int32 = -1
        /// Indexes into `terminals`.
        var routes: Range<Int32> = 0..<0
        /// Indexes into `regexes`.
        var regexes: Range<Int32> = 0..<0
        /// The first route at or below the node.
        var firstRoute: Int32 = .max
    }

    /// Holds the beginning of its text itself: in a large table each look elsewhere is one that misses the cache.
    struct LiteralEdge {
        /// The first eight bytes, the first in the lowest place.
        var beginning: UInt64
        /// How many bytes the text has.
        var count: Int32
        /// Where those behind the beginning are, in `bytes`.
        var rest: Int32
        var target: Int32

        /// The byte by which the edges of a node are told apart.
        var firstByte: UInt8 { UInt8(truncatingIfNeeded: beginning) }
    }

    /// A route that ends at a node.
    struct Terminal {
        var route: Int32
        var bind: @Sendable (PathCaptures) -> BoundView?
    }

    struct ParameterEdge {
        /// An index into `converters`.
        var converter: Int32
        /// Whether only the longest match can lead on, because nothing that follows begins with a byte of the class.
        var takesLongestOnly: Bool
        var target: Int32
    }

    /// A route whose expression reads all that follows a node.
    struct RegexEdge {
        var pattern: RegexPattern
        var terminal: Terminal
    }

    let nodes: [Node]
    let literals: [LiteralEdge]
    let parameters: [ParameterEdge]
    let bytes: [UInt8]
    /// Routes that end at a node, in declaration order.
    let terminals: [Terminal]
    /// The converters of all edges, each once.
    let converters: [PathConverter]
    /// The expressions of each node, in declaration order.
    let regexes: [RegexEdge]

    /// Builds the tree of these routes, which are in declaration order.
    init(_ routes: [(number: Int, route: CompiledRoute)]) {
        let root = RouteTrieNode()
        for (number, route) in routes {
            let terminal = Terminal(route: Int32(number), bind: route.binding.bind)
            root.insert(route.elements[...], terminal)
        }
        let arrays = RouteTrieArrays(root)
        nodes = arrays.nodes
        literals = arrays.literals
        parameters = arrays.parameters
        bytes = arrays.bytes
        terminals = arrays.terminals
        converters = arrays.converters
        regexes = arrays.regexes
    }
}

extension RouteTrie {
    /// All bytes of an edge.
    func text(of edge: LiteralEdge) -> [UInt8] {
        let count = Int(edge.count)
        let beginning = (0..<min(count, 8)).map { UInt8(truncatingIfNeeded: edge.beginning >> UInt64(8 * $0)) }
        return beginning + bytes[Int(edge.rest)..<Int(edge.rest) + max(0, count - 8)]
    }
}

/// The arrays of a trie while they are filled.
private struct RouteTrieArrays {
    var nodes = [RouteTrie.Node()]
    var literals: [RouteTrie.LiteralEdge] = []
    var parameters: [RouteTrie.ParameterEdge] = []
    var bytes: [UInt8] = []
    var terminals: [RouteTrie.Terminal] = []
    var converters: [PathConverter] = []
    var regexes: [RouteTrie.RegexEdge] = []

    init(_ root: RouteTrieNode) {
        flatten(root, at: 0)
    }

    private mutating func flatten(_ source: RouteTrieNode, at index: Int) {
        var node = RouteTrie.Node(firstRoute: source.firstRoute)
        let literalChildren = source.literals.sorted { $0.firstByte < $1.firstByte }
        let parameterChildren = source.parameters.sorted { $0.child.firstRoute < $1.child.firstRoute }
        let firstChild = nodes.count
        nodes += Array(repeating: RouteTrie.Node(), count: literalChildren.count + parameterChildren.count)

        node.literals = Int32(literals.count)..<Int32(literals.count + literalChildren.count)
        for (offset, edge) in literalChildren.enumerated() {
            literals.append(literalEdge(edge.text, target: firstChild + offset))
        }
        let firstParameterChild = firstChild + literalChildren.count
        node.parameters = Int32(parameters.count)..<Int32(parameters.count + parameterChildren.count)
        for (offset, edge) in parameterChildren.enumerated() {
            parameters.append(
                RouteTrie.ParameterEdge(
                    converter: place(of: edge.converter), takesLongestOnly: edge.child.follows(edge.converter),
                    target: Int32(firstParameterChild + offset)))
        }
        node.routes = Int32(terminals.count)..<Int32(terminals.count + source.routes.count)
        terminals += source.routes
        node.regexes = Int32(regexes.count)..<Int32(regexes.count + source.regexes.count)
        regexes += source.regexes
        for (offset, edge) in literalChildren.enumerated() { flatten(edge.child, at: firstChild + offset) }
        for (offset, edge) in parameterChildren.enumerated() {
            flatten(edge.child, at: firstParameterChild + offset)
        }
        if let cut = source.cut {
            node.cut = Int32(nodes.count)
            nodes.append(RouteTrie.Node())
            flatten(cut, at: Int(node.cut))
        }
        nodes[index] = node
    }

    private mutating func literalEdge(_ text: ArraySlice<UInt8>, target: Int) -> RouteTrie.LiteralEdge {
        let rest = bytes.count
        bytes += text.dropFirst(8)
        return RouteTrie.LiteralEdge(
            beginning: text.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }, count: Int32(text.count),
            rest: Int32(rest), target: Int32(target))
    }

    private mutating func place(of converter: PathConverter) -> Int32 {
        if let known = converters.firstIndex(of: converter) { return Int32(known) }
        converters.append(converter)
        return Int32(converters.count - 1)
    }
}

/// A piece of a compiled pattern.
enum RouteElement: Sendable, Hashable {
    case literal([UInt8])
    case parameter(PathConverter)
    /// All that follows; always the last.
    case regex(RegexPattern)
    /// The end of an `include` prefix that could match in several ways.
    ///
    /// Django matches a prefix on its own, as greedily as it can, and never comes back to try a shorter match; so the
    /// search passes this point once only. Left out where there is but one way.
    case cut
}

/// A node while the tree grows.
private final class RouteTrieNode {
    /// A text that is never empty.
    struct Literal {
        var text: ArraySlice<UInt8>
        var child: RouteTrieNode

        var firstByte: UInt8 { text[text.startIndex] }
    }

    var literals: [Literal] = []
    var parameters: [(converter: PathConverter, child: RouteTrieNode)] = []
    var cut: RouteTrieNode?
    var routes: [RouteTrie.Terminal] = []
    var regexes: [RouteTrie.RegexEdge] = []
    var firstRoute = Int32.max

    func insert(_ elements: ArraySlice<RouteElement>, _ route: RouteTrie.Terminal) {
        firstRoute = min(firstRoute, route.route)
        guard let element = elements.first else {
            routes.append(route)
            return
        }
        switch element {
        case .literal(let text):
            insert(literal: text[...], elements.dropFirst(), route)
        case .parameter(let converter):
            let child = parameters.first { $0.converter == converter }?.child ?? RouteTrieNode()
            if child.firstRoute == .max { parameters.append((converter, child)) }
            child.insert(elements.dropFirst(), route)
        case .regex(let pattern):
            regexes.append(RouteTrie.RegexEdge(pattern: pattern, terminal: route))
        case .cut:
            let child = cut ?? RouteTrieNode()
            cut = child
            child.insert(elements.dropFirst(), route)
        }
    }

    private func insert(
        literal text: ArraySlice<UInt8>, _ rest: ArraySlice<RouteElement>, _ route: RouteTrie.Terminal
    ) {
        guard let first = text.first else { return insert(rest, route) }
        firstRoute = min(firstRoute, route.route)
        guard let index = literals.firstIndex(where: { $0.firstByte == first }) else {
            let child = RouteTrieNode()
            literals.append(Literal(text: text, child: child))
            return child.insert(rest, route)
        }
        let edge = literals[index]
        let shared = zip(edge.text, text).prefix { $0 == $1 }.count
        if shared < edge.text.count { split(index, at: shared) }
        literals[index].child.insert(literal: text.dropFirst(shared), rest, route)
    }

    /// Puts a node into the middle of an edge.
    private func split(_ index: Int, at count: Int) {
        let edge = literals[index]
        let middle = RouteTrieNode()
        middle.firstRoute = edge.child.firstRoute
        middle.literals = [Literal(text: edge.text.dropFirst(count), child: edge.child)]
        literals[index] = Literal(text: edge.text.prefix(count), child: middle)
    }

    /// Whether this node can only be reached by the longest match of the converter before it.
    func follows(_ converter: PathConverter) -> Bool {
        if converter.length.lowerBound == converter.length.upperBound { return true }
        return parameters.isEmpty && regexes.isEmpty && cut == nil
            && literals.allSatisfy { !converter.bytes.contains($0.firstByte) }
    }
}
