public import MartletTiming

/// How a pool lends connections, and when it parts with one.
public struct PoolSettings: Sendable {
    /// Stands in messages.
    public var name: String
    /// The most connections at once; at least one.
    public var limit: Int
    /// How long a lease waits for a free connection.
    public var timeout: Duration
    /// How long a connection may lie idle before it is closed; `nil` for as long as the process lives.
    public var idleTimeout: Duration?
    /// How long a connection is used before another takes its place, so that one to a server that was replaced, or whose
    /// memory has grown, does not stay for ever; `nil` for no end.
    public var lifetime: Duration?
    /// How long a connection may lie idle before the server is asked, with one exchange, whether it still answers;
    /// `nil` for never.
    public var checkAfter: Duration?
    /// How long a lease may last before ``onLongLease`` is told; `nil` for as long as it likes.
    public var longLease: Duration?
    /// Told once of each lease that lasts longer than ``longLease``, on a thread of the pool's choice.
    public var onLongLease: (@Sendable (LongLease) -> Void)?

    let time: TimeSource

    /// Makes settings under which nothing is closed, checked or told.
    ///
    /// - Parameters:
    ///   - name: Stands in messages.
    ///   - limit: The most connections at once; at least one.
    ///   - timeout: How long a lease waits for a free connection.
    ///   - time: Where the time comes from.
    public init(name: String, limit: Int, timeout: Duration, time: TimeSource = .system) {
        self.name = name
        self.limit = limit
        self.timeout = timeout
        self.time = time
    }
}

/// A connection that somebody holds for longer than is good for the others.
public struct LongLease: Sendable {
    /// The pool's name.
    public let pool: String
    /// Who holds it.
    public let holder: LeaseHolder
    /// For how long until now.
    public let duration: Duration
}
