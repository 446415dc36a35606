public import MartletORM

extension PostgreSQLDialect {
    /// `BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE`.
    public func begin(_ options: TransactionOptions) -> String { "BEGIN" + options.sql }
}
