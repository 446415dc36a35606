/// A pool of a database with what it has done: what a metric reads.
public struct PoolReport: Sendable, Hashable {
    /// What tells the pools of a database apart, such as `read` and `write`; `connections` where there is one.
    public let name: String
    /// The most connections at once.
    public let limit: Int
    /// What it has done, and how it is now.
    public let statistics: PoolStatistics

    /// Makes a report.
    public init(_ name: String, limit: Int, _ statistics: PoolStatistics) {
        self.name = name
        self.limit = limit
        self.statistics = statistics
    }
}

extension DatabaseBackend {
    /// A backend without pools has none to tell of.
    public var pools: [PoolReport] { [] }
}
