public import MartletORM

extension PostgreSQLBackend {
    /// The one pool.
    public var pools: [PoolReport] { [PoolReport("connections", limit: limit, statistics)] }
}
