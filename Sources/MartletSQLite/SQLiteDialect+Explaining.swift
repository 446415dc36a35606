public import MartletORM

extension SQLiteDialect {
    /// `EXPLAIN QUERY PLAN`, which takes no options.
    public func explain(_ options: ExplainOptions) throws(ORMError) -> String {
        guard options == ExplainOptions() else {
            throw .invalidQuery("SQLite explains a query as text and without running it. Leave the options out.")
        }
        return "EXPLAIN QUERY PLAN "
    }
}
