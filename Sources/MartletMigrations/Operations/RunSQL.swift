/// Runs statements of its own.
///
/// ```swift
/// RunSQL(
///     "UPDATE blog_post SET excerpt = substr(body, 1, 80)",
///     reverse: .sql("UPDATE blog_post SET excerpt = ''"))
/// ```
///
/// What they change of the models is told by ``SeparateDatabaseAndState``.
///
/// Source: [Django, `RunSQL`](https://docs.djangoproject.com/en/5.2/ref/migration-operations/#runsql).
public struct RunSQL: MigrationOperation {
    /// What happens when statements are to be undone.
    public enum Reverse: Sendable, Hashable {
        /// Runs these statements, in order.
        case statements([String])
        /// Does nothing: there is nothing to undo.
        case nothing
        /// Refuses: the migration cannot be undone.
        case irreversible

        /// Runs these statements, in order.
        public static func sql(_ statements: String...) -> Reverse { .statements(statements) }
    }

    /// The statements, without semicolons.
    public let sql: [String]
    /// The way back.
    public let reverse: Reverse
    /// Whether `squashmigrations` may leave it out: it concerned rows that a new database has not.
    public let isElidable: Bool

    /// Makes the operation.
    ///
    /// - Parameters:
    ///   - sql: The statements, each without a semicolon.
    ///   - reverse: The way back; there is no default, since it must be thought about.
    ///   - elidable: Whether `squashmigrations` may leave it out.
    public init(_ sql: String..., reverse: Reverse, elidable: Bool = false) {
        self.sql = sql
        self.reverse = reverse
        isElidable = elidable
    }

    /// `Raw SQL operation`.
    public var description: String { "Raw SQL operation" }

    /// Nothing tells it.
    public var nameFragment: String? { nil }

    /// Leaves the models alone.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {}

    /// The statements.
    public func statements() -> [String] { sql }

    /// The statements of the way back.
    public func backwardStatements() -> [String]? {
        switch reverse {
        case .statements(let sql): sql
        case .nothing: []
        case .irreversible: nil
        }
    }
}
