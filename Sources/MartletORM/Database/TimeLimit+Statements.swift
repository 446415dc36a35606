package import MartletTiming

extension TimeLimit {
    /// Refuses to begin a statement when the time is over.
    ///
    /// - Throws: ``DatabaseError`` of kind `timeout`.
    package func check(_ statement: Statement) throws(DatabaseError) {
        if isOver { throw timeout(of: statement) }
    }

    /// The error of a statement that was ended, or not begun, because the time is over.
    package func timeout(of statement: Statement) -> DatabaseError {
        DatabaseError(
            .timeout,
            "The time limit of \(duration) was over. Make the statement cheaper, or give its request more time.",
            sql: statement.sql)
    }
}
