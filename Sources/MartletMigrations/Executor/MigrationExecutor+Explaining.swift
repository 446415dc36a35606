public import MartletORM

/// A migration of a plan with its statements, and what they do to tables in use.
public struct ExplainedMigration: Sendable, Hashable {
    /// What one operation does.
    public struct Operation: Sendable, Hashable {
        /// What it is for.
        public let description: String
        /// Its statements, in order.
        public let statements: [Statement]
    }

    /// A statement of an operation.
    public struct Statement: Sendable, Hashable {
        /// The statement.
        public let sql: String
        /// What it does to tables in use; `nil` where the database has one lock for everything.
        public let effect: StatementEffect?
    }

    /// The migration, and which way.
    public let step: MigrationStep
    /// Whether its locks are held to the end of all operations.
    public let isAtomic: Bool
    /// The operations in the order in which they are run.
    public let operations: [Operation]
}

extension MigrationExecutor {
    /// The statements of ``migrate(to:options:progress:)``, with the locks that they take: what `migrate --plan --explain`
    /// prints. Nothing is run.
    ///
    /// - Throws: ``MigrationError`` or ``DatabaseError``.
    public func explain(to target: MigrationTarget = .latest) async throws -> [ExplainedMigration] {
        let history = try await history()
        let executor = try facing(history)
        let applied = executor.graph.applied(in: history)
        let plan = try executor.prepare(try executor.graph.plan(to: target, applied: applied), applied: applied)
        return try plan.map { migration in
            ExplainedMigration(
                step: migration.step, isAtomic: migration.isAtomic, operations: try migration.parts.map(explain))
        }
    }

    private func explain(_ part: PlannedMigration.Part) throws -> ExplainedMigration.Operation {
        let tables = try graph.scope.visible(part.before).tables(maximumNameLength: editor.maximumNameLength)
        let statements = part.steps.flatMap(\.statements)
        let effects = editor.effects(of: statements, on: tables)
        return ExplainedMigration.Operation(
            description: part.operation,
            statements: statements.enumerated().map { .init(sql: $1, effect: effects?[$0]) })
    }
}
