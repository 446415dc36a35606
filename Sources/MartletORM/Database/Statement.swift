/// SQL text and the values bound to it; values never stand in the text.
public struct Statement: Sendable, Hashable {
    /// The text, with the dialect's placeholders.
    public var sql: String

    /// The values, in the order of the placeholders.
    public var parameters: [SQLValue]

    /// Makes a statement.
    public init(_ sql: String, _ parameters: [SQLValue] = []) {
        self.sql = sql
        self.parameters = parameters
    }
}

/// What a statement that returns no rows has done.
public struct ExecutionResult: Sendable, Hashable {
    /// How many rows were inserted, changed or deleted.
    public let changedRows: Int

    /// Makes a result.
    public init(changedRows: Int) {
        self.changedRows = changedRows
    }
}
