public import MartletORM

extension SQLiteDialect {
    /// A transaction that writes is the only one.
    public var locksRows: Bool { false }

    /// A transaction that only reads takes no lock that others wait for. Each is serializable as it is.
    public func begin(_ options: TransactionOptions) -> String {
        options.readOnly ? "BEGIN DEFERRED" : begin
    }
}
