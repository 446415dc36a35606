import MartletHTTP

/// Finds the first route, in declaration order, whose pattern matches a path.
///
/// The search is depth-first. It takes each parameter as long as it can and then shorter, as a regular expression
/// does, and goes on after a match only where an earlier route may still be found. A node that is reached by a second
/// way at the same place is not entered again: every route below would get the captures of a less greedy match. That
/// bounds the work by nodes × length of the path, whatever the patterns are.
struct RouteSearch {
    private let trie: RouteTrie
    private let text: String

    /// The best route so far; the search looks for earlier ones only.
    private(set) var best: Int32
    /// The view of the best route, with its arguments.
    private(set) var view: BoundView?
    private var captures: [Range<Int>] = []
    /// What the host's parameters have matched.
    private let hostCaptures: [String]
    /// How many parameters on the way here could have been shorter; while it is 0, no node is reached twice.
    private var choices = 0
    /// Nodes and places already entered, once there was a choice. A cut counts as one place.
    private var entered: Set<Int64> = []
    /// The shortest end that was tried of a parameter edge (upper half of the key) whose longest match ends at a place.
    private var triedEnds: [Int64: Int] = [:]

    init(
        _ trie: RouteTrie, path: String, before best: Int32 = .max, hostCaptures: [String] = []
    ) {
        self.trie = trie
        self.best = best
        self.hostCaptures = hostCaptures
        text = path
    }

    /// Searches the whole table. Patterns are relative to the root, so the first byte, a `/`, is passed.
    mutating func run() {
        let text = text
        let path = text.utf8Span.span
        guard path.count > 0, path[0] == UInt8(ascii: "/") else { return }
        visit(0, path, at: 1)
    }

    /// Searches below a node.
    private mutating func visit(_ index: Int32, _ path: borrowing Span<UInt8>, at position: Int) {
        let node = trie.nodes[Int(index)]
        guard node.firstRoute < best else { return }
        if choices > 0 {
            guard entered.insert(Int64(index) << 32 | Int64(position)).inserted else { return }
        }
        if position == path.count {
            finish(node)
        } else {
            followLiteral(node.literals, path, at: position)
            for edge in node.parameters { followParameter(edge, path, at: position) }
        }
        if node.cut >= 0 { passCut(node.cut, path, at: position) }
        // Last, because an expression costs more than all else and need not be asked when an earlier route was found.
        if !node.regexes.isEmpty { matchRegexes(node.regexes, at: position) }
    }

    private mutating func matchRegexes(_ edges: Range<Int32>, at position: Int) {
        let rest = text[text.utf8.index(text.startIndex, offsetBy: position)...]
        for index in edges {
            let edge = trie.regexes[Int(index)]
            guard edge.terminal.route < best else { return }
            guard let found = edge.pattern.match(rest) else { continue }
            let count = captures.count
            captures += found.map { range in
                range.map { offset($0.lowerBound)..<offset($0.upperBound) } ?? PathCaptures.absent
            }
            bind(edge.terminal)
            captures.removeLast(captures.count - count)
        }
    }

    private func offset(_ index: String.Index) -> Int {
        text.utf8.distance(from: text.utf8.startIndex, to: index)
    }

    private mutating func finish(_ node: RouteTrie.Node) {
        for terminal in node.routes {
            guard trie.terminals[Int(terminal)].route < best else { return }
            bind(trie.terminals[Int(terminal)])
        }
    }

    /// Takes a route whose pattern matches, unless its view refuses what was captured.
    private mutating func bind(_ terminal: RouteTrie.Terminal) {
        let captures = PathCaptures(path: text, ranges: captures, host: hostCaptures)
        guard let bound = terminal.bind(captures) else { return }
        best = terminal.route
        view = bound
    }

    private mutating func followLiteral(_ edges: Range<Int32>, _ path: borrowing Span<UInt8>, at position: Int) {
        // Edges are sorted by their first byte, and no two begin alike.
        var edges = edges
        let byte = path[position]
        while !edges.isEmpty {
            let middle = edges.lowerBound + Int32(edges.count / 2)
            let edge = trie.literals[Int(middle)]
            if edge.firstByte == byte {
                if matches(edge, path, at: position) {
                    visit(edge.target, path, at: position + Int(edge.count))
                }
                return
            }
            edges = edge.firstByte < byte ? middle + 1..<edges.upperBound : edges.lowerBound..<middle
        }
    }

    private func matches(_ edge: RouteTrie.LiteralEdge, _ path: borrowing Span<UInt8>, at position: Int) -> Bool {
        let count = Int(edge.count)
        guard path.count - position >= count else { return false }
        var beginning = edge.beginning
        for offset in 0..<min(count, 8) {
            guard path[position + offset] == UInt8(truncatingIfNeeded: beginning) else { return false }
            beginning >>= 8
        }
        guard count > 8 else { return true }
        for offset in 8..<count {
            guard trie.bytes[Int(edge.rest) + offset - 8] == path[position + offset] else { return false }
        }
        return true
    }

    private mutating func followParameter(_ index: Int32, _ path: borrowing Span<UInt8>, at position: Int) {
        let edge = trie.parameters[Int(index)]
        guard let longest = trie.converters[Int(edge.converter)].longestMatch(in: path, from: position) else { return }
        captures.append(position..<longest)
        if edge.takesLongestOnly {
            visit(edge.target, path, at: longest)
        } else {
            let shortest = position + trie.converters[Int(edge.converter)].length.lowerBound
            let first = firstUntriedEnd(of: index, longest: longest, shortest: shortest)
            choices += 1
            for end in stride(from: first, through: shortest, by: -1) where isScalarBoundary(path, end) {
                captures[captures.count - 1] = position..<end
                visit(edge.target, path, at: end)
            }
            choices -= 1
        }
        captures.removeLast()
    }

    /// Where to begin with the ends of a parameter that was entered before, at another place of the same run: longer
    /// matches have led nowhere then.
    private mutating func firstUntriedEnd(of edge: Int32, longest: Int, shortest: Int) -> Int {
        guard choices > 0 else { return longest }
        let run = Int64(edge) << 32 | Int64(longest)
        let first = min(longest, (triedEnds[run] ?? .max) - 1)
        triedEnds[run] = min(first + 1, shortest)
        return first
    }

    /// Whether a character, not the rest of one, begins here.
    private func isScalarBoundary(_ path: borrowing Span<UInt8>, _ position: Int) -> Bool {
        position == path.count || path[position] & 0xC0 != 0x80
    }

    private mutating func passCut(_ target: Int32, _ path: borrowing Span<UInt8>, at position: Int) {
        guard entered.insert(Int64(target) << 32 | 0xFFFF_FFFF).inserted else { return }
        // Behind the cut the prefix is settled: what follows is matched as if it stood alone.
        let outside = choices
        choices = 0
        visit(target, path, at: position)
        choices = outside
    }
}
