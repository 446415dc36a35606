/// Runs a statement of its own.
///
/// ```swift
/// RunSQL(
///     "UPDATE blog_post SET excerpt = substr(body, 1, 80)",
///     reverse: .sql("UPDATE blog_post SET excerpt = ''"))
/// ```
public struct RunSQL: MigrationOperation {
    /// What happens when a statement is to be undone.
    public enum Reverse: Sendable, Hashable {
        /// Runs this statement.
        case sql(String)
        /// Does nothing: there is nothing to undo.
        case nothing
        /// Refuses: the migration cannot be undone.
        case irreversible
    }

    /// The statement, without a semicolon.
    public let sql: String
    /// The way back.
    public let reverse: Reverse

    /// Makes the operation.
    ///
    /// - Parameters:
    ///   - sql: One statement, without a semicolon.
    ///   - reverse: The way back; there is no default, since it must be thought about.
    public init(_ sql: String, reverse: Reverse) {
        self.sql = sql
        self.reverse = reverse
    }

    /// `Raw SQL operation`.
    public var description: String { "Raw SQL operation" }

    /// Nothing tells it.
    public var nameFragment: String? { nil }

    /// Leaves the models alone.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {}

    /// The statement.
    public func statements() -> [String] { [sql] }

    /// The statement of the way back.
    public func backwardStatements() -> [String]? {
        switch reverse {
        case .sql(let sql): [sql]
        case .nothing: []
        case .irreversible: nil
        }
    }
}
