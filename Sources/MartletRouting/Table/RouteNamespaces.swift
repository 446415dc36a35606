/// One `include` with a namespace, as a route below it sees it.
struct NamespaceStep: Sendable, Hashable {
    /// The name of this instance, which stands in names.
    let instance: String
    /// The name of the application, if the table has one.
    let app: String?
}

/// The names of a table, by the namespaces they are in.
///
/// Source: Django, [reversing namespaced
/// URLs](https://docs.djangoproject.com/en/5.2/topics/http/urls/#reversing-namespaced-urls).
struct RouteNamespaces: Sendable {
    private struct Node {
        var names: [String: [Int]] = [:]
        var instances: [String: Int] = [:]
        /// The instances of each application, in declaration order.
        var apps: [String: [String]] = [:]
    }

    private var nodes = [Node()]

    init(_ routes: [CompiledRoute]) {
        for (index, route) in routes.enumerated() {
            var node = 0
            for step in route.namespaces { node = enter(step, below: node) }
            if let name = route.declaration.name { nodes[node].names[name, default: []].append(index) }
        }
    }

    private mutating func enter(_ step: NamespaceStep, below node: Int) -> Int {
        if let app = step.app, nodes[node].apps[app]?.contains(step.instance) != true {
            nodes[node].apps[app, default: []].append(step.instance)
        }
        if let known = nodes[node].instances[step.instance] { return known }
        nodes.append(Node())
        nodes[node].instances[step.instance] = nodes.count - 1
        return nodes.count - 1
    }

    /// The routes of a name; `nil` when there are none.
    ///
    /// A namespace may be the name of an application. Then it is the instance that `currentApp` has at this place, or the
    /// one that is named like the application, or the last one declared.
    func routes(named name: String, currentApp: String?) -> [Int]? {
        guard name.utf8.contains(UInt8(ascii: ":")) else { return nodes[0].names[name] }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var current = (currentApp?.split(separator: ":").map(String.init) ?? [])[...]
        var node = 0
        for part in parts.dropLast() {
            let here = current.popFirst()
            let instance = self.instance(part, at: node, here)
            if instance != here { current = [] }
            guard let next = nodes[node].instances[instance] else { return nil }
            node = next
        }
        return nodes[node].names[parts[parts.count - 1]]
    }

    private func instance(_ name: String, at node: Int, _ current: String?) -> String {
        guard let instances = nodes[node].apps[name], let last = instances.last else { return name }
        if let current, instances.contains(current) { return current }
        return instances.contains(name) ? name : last
    }
}
