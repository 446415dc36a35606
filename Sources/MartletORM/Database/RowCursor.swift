/// The rows of a query that has begun: the database keeps its place, and gives out what is asked for.
///
/// Each driver has its own: on PostgreSQL it is a cursor of the server, on SQLite a statement that has not ended.
public protocol RowCursor<Value>: AnyObject, Sendable {
    /// What a row is decoded into.
    associatedtype Value: Sendable

    /// The next rows.
    ///
    /// - Parameter count: The most rows to read; at least one.
    /// - Returns: Fewer than `count` when the query has no more.
    /// - Throws: ``DatabaseError``, or what decoding throws; nothing can be read after that.
    func next(_ count: Int) async throws -> [Value]

    /// Ends the query. Rows that were not read never leave the database; a second call does nothing.
    func close() async
}
