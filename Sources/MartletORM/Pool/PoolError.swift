/// Why a pool lent no connection.
public struct PoolError: Error, Sendable, CustomStringConvertible {
    /// The reason.
    public enum Reason: Sendable, Hashable {
        /// The pool was closed.
        case closed
        /// None came free in time.
        case timeout(Duration, limit: Int, waiting: Int)
    }

    /// The pool's name.
    public let name: String
    /// The reason.
    public let reason: Reason
    /// Who holds the connections, such as `2 × GET /report/ (for up to 12.5 s)`; whoever holds most comes first.
    public let holders: [String]

    init(name: String, reason: Reason, holders: [String] = []) {
        self.name = name
        self.reason = reason
        self.holders = holders
    }

    /// After which time it is worth another try.
    public var retryAfter: Duration { .seconds(5) }

    /// What happened, and what to do.
    public var description: String {
        switch reason {
        case .closed:
            "The connection pool of '\(name)' is closed; the application is stopping."
        case .timeout(let timeout, let limit, let waiting):
            "No connection to '\(name)' came free within \(timeout): all \(limit) are in use and \(waiting) wait. "
                + (holders.isEmpty ? "" : "They are held by \(holders.joined(separator: ", ")). ")
                + "Look for transactions that stay open while they await something else, or raise the limit."
        }
    }

    /// One text for each holder, those with most connections first.
    static func summary(of leases: [(holder: LeaseHolder, duration: Duration)]) -> [String] {
        let groups = Dictionary(grouping: leases, by: \.holder).map { holder, leases in
            (name: holder.description, count: leases.count, longest: leases.map(\.duration).max() ?? .zero)
        }
        let sorted = groups.sorted { ($1.count, $1.longest, $0.name) < ($0.count, $0.longest, $1.name) }
        return sorted.map { group in
            let tenths = Int(group.longest.seconds * 10)
            let time = "\(tenths / 10).\(tenths % 10) s"
            return group.count == 1
                ? "\(group.name) (for \(time))" : "\(group.count) × \(group.name) (for up to \(time))"
        }
    }
}
