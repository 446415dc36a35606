/// Where requests are counted.
public protocol RateLimitStore: Sendable {
    /// Counts a request.
    ///
    /// - Parameters:
    ///   - key: Whose requests are counted; any text.
    ///   - period: How long to count, from the first request on.
    ///   - now: The time since 1970-01-01 UTC.
    /// - Returns: How many there were with this one; `nil` when nobody can count now.
    func count(_ key: String, for period: Rate.Period, now: Duration) async -> RateLimitCount?
}

/// The requests of a period so far.
public struct RateLimitCount: Sendable, Hashable {
    /// How many.
    public let requests: Int
    /// When the period ends, since 1970-01-01 UTC.
    public let end: Duration

    /// Makes a count.
    public init(requests: Int, end: Duration) {
        self.requests = requests
        self.end = end
    }
}
