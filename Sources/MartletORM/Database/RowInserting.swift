/// New rows of one table, as a driver inserts them.
public struct NewRows: Sendable {
    /// The statement that inserts one row: what makes the rows' columns and their order known, and what logs show.
    public let statement: String

    /// The table.
    public let table: String

    /// The columns, in the order of each row's values.
    public let columns: [String]

    /// The values of all rows, one row behind the other.
    public let values: [SQLValue]

    /// Whether the database numbers the rows, and the numbers are wanted.
    public let areNumbered: Bool

    /// How many rows there are.
    public var count: Int { columns.isEmpty ? 0 : values.count / columns.count }

    /// The values of a row.
    public func row(_ index: Int) -> ArraySlice<SQLValue> {
        values[(index * columns.count)..<((index + 1) * columns.count)]
    }
}

/// A connection with a faster way to insert many rows than a statement that lists them.
///
/// `createMany` asks for it, inside its transaction.
public protocol RowInserting: DatabaseConnection {
    /// Inserts rows.
    ///
    /// - Returns: The number of each row, in their order, where ``NewRows/areNumbered``; else nothing. `nil` when this
    ///   way does not suit these rows, and none was inserted.
    /// - Throws: ``DatabaseError``; some of the rows may be inserted then, and the transaction is rolled back.
    func insert(_ rows: NewRows) async throws -> [Int64]?
}

extension Database {
    /// Inserts rows in the driver's own way, in the task's transaction.
    ///
    /// - Returns: What ``RowInserting/insert(_:)`` returns; `nil` where the driver has no such way.
    func insert(_ rows: NewRows) async throws -> [Int64]? {
        // An event for each row would be as long as the rows.
        let told = Statement(rows.statement, Array(rows.row(0)))
        return try await withConnection(.write, told) { connection in
            guard let connection = connection as? any RowInserting else { return nil }
            return try await self.observed(told, count: { (_: [Int64]?) in rows.count }) {
                try await connection.insert(rows)
            }
        }
    }
}
