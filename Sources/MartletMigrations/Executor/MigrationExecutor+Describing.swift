/// A migration of a plan, with what its operations do.
public struct DescribedMigration: Sendable, Hashable {
    /// The migration, and which way.
    public let step: MigrationStep
    /// What its operations do, in the order in which they are run; of raw SQL the beginning of the statement.
    public let operations: [String]
}

extension MigrationExecutor {
    /// What ``migrate(to:options:progress:)`` would do, operation by operation: what `migrate --plan` prints.
    ///
    /// - Throws: ``MigrationError`` or ``DatabaseError``.
    public func describedPlan(to target: MigrationTarget = .latest) async throws -> [DescribedMigration] {
        let graph = try facing(try await history()).graph
        return try await plan(to: target).map { step in
            let operations = graph.migration(step.name)?.operations ?? []
            let texts = operations.map(Self.description)
            return DescribedMigration(step: step, operations: step.direction == .forwards ? texts : texts.reversed())
        }
    }

    private static func description(of operation: any MigrationOperation) -> String {
        guard let sql = operation.statements().first else { return operation.description }
        let line = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return "\(operation) -> \(line.count > 60 ? line.prefix(60) + "…" : line)"
    }
}
