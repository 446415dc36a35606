import MartletHTTP

/// The routes of a table by the hosts they answer on, each host with a tree of its own.
///
/// A host without parameters is looked up; the others are compared one by one.
struct HostTables: Sendable {
    private struct Entry {
        let pattern: HostPattern
        let trie: RouteTrie
    }

    /// The routes that answer on any host.
    let anyHost: RouteTrie

    private let entries: [Entry]
    private let indexes: [HostPattern: Int]
    private let exact: [String: [Int]]
    private let inexact: [Int]

    /// Whether some routes answer on one host only.
    var hasHosts: Bool { !entries.isEmpty }

    init(_ routes: [CompiledRoute]) {
        var groups: [HostPattern?: [(number: Int, route: CompiledRoute)]] = [:]
        var order: [HostPattern] = []
        for (index, route) in routes.enumerated() {
            if let host = route.host, groups[host] == nil { order.append(host) }
            groups[route.host, default: []].append((index, route))
        }
        anyHost = RouteTrie(groups[nil] ?? [])
        entries = order.map { Entry(pattern: $0, trie: RouteTrie(groups[$0] ?? [])) }
        indexes = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
        let all = entries
        exact = Dictionary(grouping: all.indices.filter { all[$0].pattern.exactName != nil }) { index in
            all[index].pattern.exactName ?? ""
        }
        inexact = all.indices.filter { all[$0].pattern.exactName == nil }
    }

    /// Finds the first route whose host and pattern match; `nil` for the host stands for one that no pattern matches.
    func search(_ path: String, host: RequestHost?) -> (route: Int, view: BoundView)? {
        var found: (route: Int, view: BoundView)?
        for (trie, captures) in candidates(host) {
            let best = found.map { Int32($0.route) } ?? .max
            var search = RouteSearch(trie, path: path, before: best, hostCaptures: captures)
            search.run()
            if let view = search.view { found = (Int(search.best), view) }
        }
        return found
    }

    /// The trees of a host's routes, and what the parameters of the host have matched.
    private func candidates(_ host: RequestHost?) -> [(trie: RouteTrie, captures: [String])] {
        guard let host else { return [(anyHost, [])] }
        var name = host.name
        if name.hasSuffix(".") { name.removeLast() }
        let matching = ((exact[name] ?? []) + inexact).compactMap { index in
            entries[index].pattern.match(host).map { (entries[index].trie, $0) }
        }
        return matching + [(anyHost, [])]
    }

    /// The trees whose earlier routes can hide a route: those of its host and of any host, and where the host has no
    /// parameters, of every pattern that matches it.
    func hidingTries(_ route: CompiledRoute) -> [RouteTrie] {
        guard let host = route.host else { return [anyHost] }
        if let name = host.exactName, let known = RequestHost(name + (host.port.map { ":\($0)" } ?? "")) {
            return candidates(known).map(\.trie)
        }
        return [indexes[host].map { entries[$0].trie }, anyHost].compactMap(\.self)
    }
}
