/// What a pool has done since it was made, and how it is now: what a metric reads.
public struct PoolStatistics: Sendable, Hashable {
    /// How many connections are open, or being opened.
    public internal(set) var open = 0
    /// How many of them lie idle.
    public internal(set) var idle = 0
    /// How many tasks wait.
    public internal(set) var waiting = 0
    /// How many leases there were.
    public internal(set) var leases = 0
    /// How many leases had to wait in line, and for how long.
    public internal(set) var waits = WaitTimes()
    /// How many waits have ended without a connection because they took too long.
    public internal(set) var timeouts = 0
    /// How many connections were closed: lost, too old, or idle for too long.
    public internal(set) var closed = 0

    /// How many connections are lent.
    public var used: Int { open - idle }
}

/// A histogram of times, in the form that Prometheus and others take: counts below bounds, the sum and the number.
public struct WaitTimes: Sendable, Hashable {
    /// The upper bounds of the buckets; what took longer is in none.
    public static let bounds: [Duration] = [
        .milliseconds(1), .milliseconds(5), .milliseconds(10), .milliseconds(50), .milliseconds(100),
        .milliseconds(500), .seconds(1), .seconds(5), .seconds(10), .seconds(30),
    ]

    /// How many times were at most as long as each bound; each bucket includes those before it.
    public private(set) var counts = [Int](repeating: 0, count: WaitTimes.bounds.count)
    /// How many times there were.
    public private(set) var count = 0
    /// All of them together.
    public private(set) var sum = Duration.zero

    mutating func add(_ duration: Duration) {
        count += 1
        sum += duration
        for (index, bound) in Self.bounds.enumerated() where duration <= bound { counts[index] += 1 }
    }
}
