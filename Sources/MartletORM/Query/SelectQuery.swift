/// A query as a value, without the model's type: what the compiler turns into SQL.
package struct SelectQuery: Sendable {
    /// The table.
    package var table: AnyTable

    /// What rows must satisfy; each entry is one `filter` or `exclude`.
    package var conditions: [SQLExpression] = []

    /// The order; empty for the table's own.
    package var orders: [OrderTerm] = []

    /// Whether the order is the table's own when ``orders`` is empty.
    package var usesTableOrdering = true

    /// The most rows; `nil` for all.
    package var limit: Int?

    /// How many rows to leave out.
    package var offset = 0

    /// Whether equal rows are returned once.
    package var isDistinct = false

    /// The expressions of whose values each combination is returned once.
    package var distinctOn: [SQLExpression] = []

    /// The rows among which the query chooses, where they are not all of the table.
    package var source: RowSource?

    /// What is returned beside each row.
    package var annotations: [SQLExpression] = []

    /// The relations whose rows are read in the same statement.
    package var selectRelated: [[Relation]] = []

    /// The database it was sent to; `nil` for what the router says.
    var database: DatabaseAlias?

    /// Whether it is read where it will be written: a replica may lag behind.
    var isForWriting = false

    /// Whether it is known to have no rows, so that no database is asked.
    var isNone = false

    /// How its rows are locked; `nil` when they are not.
    var lock: RowLock?

    /// What was asked for and cannot be, found while the query was written.
    var problem: ORMError?

    package init(_ table: AnyTable) {
        self.table = table
    }

    /// The order in force.
    var effectiveOrders: [OrderTerm] {
        orders.isEmpty && usesTableOrdering ? table.ordering : orders
    }

    /// Whether one of the conditions is that the primary key equals a value.
    var namesPrimaryKey: Bool {
        conditions.contains { condition in
            guard case .comparison(.equal, .column(let path), .value) = condition else { return false }
            return path.relations.isEmpty && path.field.isPrimaryKey
        }
    }

    /// Whether only a part of the rows is wanted.
    var isSliced: Bool { limit != nil || offset > 0 }
}
