/// Entries in the order in which they were last asked for, bounded in bytes.
///
/// The list is linked by places in an array, so that each step takes the same time however many entries there are.
struct RecentEntries {
    private struct Node {
        var key: String
        var entry: CacheEntry
        var end: ContinuousClock.Instant?
        var older: Int?
        var newer: Int?

        /// The key is held twice; the constant stands for the node and the dictionary's share.
        var bytes: Int { 2 * key.utf8.count + entry.size + 128 }

        /// Stands in a place that is free.
        static let none = Node(key: "", entry: CacheEntry(bytes: [], flags: .bytes))
    }

    private var places: [String: Int] = [:]
    private var nodes: [Node] = []
    private var free: [Int] = []
    private var newest: Int?
    private var oldest: Int?
    private let capacity: Int

    /// How many bytes all entries take.
    private(set) var bytes = 0

    var count: Int { places.count }

    init(capacity: Int) { self.capacity = capacity }

    /// The entry of a key, which becomes the newest; an expired one is removed.
    mutating func get(_ key: String, _ now: ContinuousClock.Instant) -> CacheEntry? {
        guard let place = places[key] else { return nil }
        if let end = nodes[place].end, end <= now {
            remove(key)
            return nil
        }
        if newest != place {
            unlink(place)
            link(place)
        }
        return nodes[place].entry
    }

    /// Stores an entry as the newest, and removes the oldest until all fit.
    ///
    /// - Returns: Whether the entry fits at all; where it does not, nothing is under the key any more.
    mutating func set(
        _ key: String, _ entry: CacheEntry, until end: ContinuousClock.Instant?, _ now: ContinuousClock.Instant
    ) -> Bool {
        remove(key)
        if let end, end <= now { return true }
        let node = Node(key: key, entry: entry, end: end)
        guard node.bytes <= capacity else { return false }
        while bytes + node.bytes > capacity, let oldest { remove(nodes[oldest].key) }
        let place = free.popLast() ?? nodes.count
        if place == nodes.count { nodes.append(node) } else { nodes[place] = node }
        places[key] = place
        bytes += node.bytes
        link(place)
        return true
    }

    /// Changes an entry and keeps its end.
    mutating func replace(_ key: String, _ entry: CacheEntry) {
        guard let place = places[key] else { return }
        bytes += entry.size - nodes[place].entry.size
        nodes[place].entry = entry
    }

    /// Changes when an entry ends.
    ///
    /// - Returns: Whether there is one.
    mutating func touch(
        _ key: String, until end: ContinuousClock.Instant?, _ now: ContinuousClock.Instant
    ) -> Bool {
        guard get(key, now) != nil, let place = places[key] else { return false }
        if let end, end <= now { remove(key) } else { nodes[place].end = end }
        return true
    }

    /// Removes all entries.
    mutating func clear() { self = RecentEntries(capacity: capacity) }

    mutating func remove(_ key: String) {
        guard let place = places.removeValue(forKey: key) else { return }
        unlink(place)
        bytes -= nodes[place].bytes
        nodes[place] = .none
        free.append(place)
    }

    private mutating func link(_ place: Int) {
        nodes[place].older = newest
        nodes[place].newer = nil
        if let newest { nodes[newest].newer = place } else { oldest = place }
        newest = place
    }

    private mutating func unlink(_ place: Int) {
        let (older, newer) = (nodes[place].older, nodes[place].newer)
        if let older { nodes[older].newer = newer } else { oldest = newer }
        if let newer { nodes[newer].older = older } else { newest = older }
    }
}
