/// Lends connections in turn: at most so many at once, and nobody waits without an end.
///
/// The pool is one for the whole process. A pool for each worker would let requests that hold one connection and
/// wait for a second stop each other.
public final class ConnectionPool<Connection: DatabaseConnection>: Sendable {
    private let queue: LeaseQueue

    /// Makes an empty pool.
    ///
    /// - Parameters:
    ///   - settings: How it lends, and when it parts with a connection.
    ///   - open: Opens a connection.
    public init(_ settings: PoolSettings, open: @escaping @Sendable () async throws -> Connection) {
        queue = LeaseQueue(settings, open: open)
    }

    /// Makes an empty pool.
    ///
    /// - Parameters:
    ///   - name: Stands in messages.
    ///   - limit: The most connections at once; at least one.
    ///   - timeout: How long a lease waits for a free connection.
    ///   - open: Opens a connection.
    public convenience init(
        name: String, limit: Int, timeout: Duration, open: @escaping @Sendable () async throws -> Connection
    ) {
        self.init(PoolSettings(name: name, limit: limit, timeout: timeout), open: open)
    }

    /// How many connections are open, and how many tasks wait for one.
    public var gauges: (open: Int, idle: Int, waiting: Int) { queue.gauges }

    /// What the pool has done, and how it is now.
    public var statistics: PoolStatistics { queue.statistics }

    /// Takes a connection; opens one while there are fewer than the limit, else waits in turn.
    ///
    /// - Throws: ``PoolError``; `CancellationError` when the task was cancelled while it waited; what opening throws.
    public func lease() async throws -> Connection {
        let leased: any DatabaseConnection = try await queue.lease(near: nil)
        // The queue holds nothing but what `open` has made.
        return unsafeDowncast(leased, to: Connection.self)
    }

    /// Takes a connection back and hands it to the first in line; one that was lost makes room for a new one.
    public func release(_ connection: Connection) {
        queue.release(connection, home: nil)
    }

    /// Refuses further leases and drops the idle connections; those in use are dropped when they come back.
    public func close() -> [Connection] {
        queue.close().compactMap { $0 as? Connection }
    }
}

extension Duration {
    /// The duration in seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
